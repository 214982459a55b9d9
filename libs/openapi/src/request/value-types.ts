import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, listAt, member, stringAt, type ReadonlyJsonObject } from '../json-object.js';

/** A type in JSON Schema's terms, without null, which has no form outside of a body. */
export type ValueType = 'string' | 'number' | 'boolean' | 'array' | 'object';

export const scalars: readonly ValueType[] = ['string', 'number', 'boolean'];
const all: ReadonlySet<ValueType> = new Set<ValueType>([...scalars, 'array', 'object']);
/** The most visits of schemas for one parameter. Otherwise nested references could take exponential time. */
const mostVisits = 1_000;
const deepest = 20;

/**
 * The types of values that the schema of one parameter accepts, through references and compositions. It may return
 * too many types, but never too few.
 */
export class ValueTypes {
  readonly #document: OpenApiDocument;
  #visits = 0;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  /** The types of all accepted values. */
  accepted(schema: unknown): ReadonlySet<ValueType> {
    return this.#of(schema, 0, () => all);
  }

  /**
   * The types that the author probably means: a list for a schema with `items` and no type, an object for one with
   * `properties`.
   */
  meant(schema: unknown): ReadonlySet<ValueType> {
    return this.#of(schema, 0, (node) => {
      const types = new Set<ValueType>();
      if (member(node, 'properties') !== undefined) types.add('object');
      if (member(node, 'items') !== undefined) types.add('array');
      return types.size === 0 ? all : types;
    });
  }

  /** Whether no accepted list contains a list or an object. */
  hasScalarItems(schema: unknown, depth = 0): boolean {
    if (this.#visits > mostVisits) return false;
    if (!this.accepted(schema).has('array')) return true;
    if (!isJsonObject(schema) || depth > deepest) return false;
    const reference = stringAt(schema, '$ref');
    if (reference !== undefined) {
      const found = this.#document.resolve(reference);
      if (found.ok && this.hasScalarItems(found.value, depth + 1)) return true;
      if (!this.#document.hasJsonSchema) return false;
    }
    const items = member(schema, 'items');
    const isPlain = items !== undefined && member(schema, 'prefixItems') === undefined;
    if (isPlain && isScalar(this.accepted(items))) return true;
    if (listAt(schema, 'allOf').some((part) => this.hasScalarItems(part, depth + 1))) return true;
    return ['anyOf', 'oneOf'].some((keyword) => {
      const alternatives = listAt(schema, keyword);
      return alternatives.length > 0 && alternatives.every((each) => this.hasScalarItems(each, depth + 1));
    });
  }

  #of(
    schema: unknown,
    depth: number,
    untyped: (node: ReadonlyJsonObject) => ReadonlySet<ValueType>,
  ): ReadonlySet<ValueType> {
    this.#visits += 1;
    if (!isJsonObject(schema) || depth > deepest || this.#visits > mostVisits) return all;
    const reference = stringAt(schema, '$ref');
    const found = reference === undefined ? undefined : this.#document.resolve(reference);
    const referred = found?.ok === true ? this.#of(found.value, depth + 1, untyped) : all;
    // In OpenAPI 3.0, members beside a reference do not count.
    if (reference !== undefined && !this.#document.hasJsonSchema) return referred;
    let types = both(referred, typesSaid(schema) ?? untyped(schema));
    for (const part of listAt(schema, 'allOf')) types = both(types, this.#of(part, depth + 1, untyped));
    for (const keyword of ['anyOf', 'oneOf']) {
      const alternatives = listAt(schema, keyword);
      if (alternatives.length === 0) continue;
      types = both(types, new Set(alternatives.flatMap((each) => [...this.#of(each, depth + 1, untyped)])));
    }
    return types;
  }
}

export function isScalar(types: ReadonlySet<ValueType>): boolean {
  return !types.has('array') && !types.has('object');
}

/** The types by `type`, else by the listed values. */
function typesSaid(schema: ReadonlyJsonObject): ReadonlySet<ValueType> | undefined {
  const type = member(schema, 'type');
  const names = (Array.isArray(type) ? (type as unknown[]) : [type]).flatMap(
    (name) => [...all].find((known) => known === (name === 'integer' ? 'number' : name)) ?? [],
  );
  if (names.length > 0 || type === 'null') return new Set(names);
  const values = member(schema, 'const') === undefined ? member(schema, 'enum') : [member(schema, 'const')];
  return Array.isArray(values) ? new Set(values.flatMap(typeOfValue)) : undefined;
}

function typeOfValue(value: unknown): ValueType[] {
  const type = Array.isArray(value) ? 'array' : typeof value;
  return value === null ? [] : [...all].filter((known) => known === type);
}

function both(left: ReadonlySet<ValueType>, right: ReadonlySet<ValueType>): ReadonlySet<ValueType> {
  return new Set([...left].filter((type) => right.has(type)));
}
