import { defined } from '@action-mesh/kernel';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, listAt, member, stringAt, type ReadonlyJsonObject } from '../json-object.js';

/** The most visits of schemas. Otherwise nested references could take exponential time. */
const mostVisits = 500;
const deepest = 10;
const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'deprecated',
  'default',
  'example',
  'examples',
]);

/**
 * Rules that mean the same beside any other keyword, and that no other keyword depends on. `additionalProperties` is
 * none, because it depends on the `properties` beside it. So are `items`, `contains` and `if`, because `unevaluated…`
 * depends on them.
 */
const standAlone: ReadonlySet<string> = new Set([
  'type',
  'format',
  'const',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'contentEncoding',
  'contentMediaType',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'propertyNames',
  'required',
  'dependentRequired',
  'not',
]);

/**
 * A schema of the document without null, through references, compositions and lists. A union with one remaining
 * alternative becomes that alternative. The same schema if null does not fit, or if only null fits.
 */
export function withoutNull(document: OpenApiDocument, schema: unknown): unknown {
  return new NullRemover(document).left(schema, 0) ?? schema;
}

/**
 * Removes null from schemas. It returns the same object if nothing was removed, and `undefined` if nothing is left.
 */
class NullRemover {
  readonly #document: OpenApiDocument;
  #visits = 0;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  left(schema: unknown, depth: number): unknown {
    this.#visits += 1;
    if (!isJsonObject(schema) || depth > deepest || this.#visits > mostVisits) return schema;
    const reference = stringAt(schema, '$ref');
    return reference === undefined
      ? this.#ofSchema(schema, depth)
      : this.#ofReference(schema, reference, depth);
  }

  #ofReference(schema: ReadonlyJsonObject, reference: string, depth: number): unknown {
    const { $ref: _, ...beside } = schema;
    const found = this.#document.resolve(reference);
    if (!found.ok) return schema;
    const target = this.left(found.value, depth + 1);
    const own = this.#document.hasJsonSchema ? this.#ofSchema(beside, depth) : withoutMark(beside);
    if (target === undefined || !isJsonObject(own)) return undefined;
    if (target === found.value) return own === beside ? schema : { ...own, $ref: reference };
    // In OpenAPI 3.0, members beside a reference do not count. A description is harmless.
    const { description } = own;
    const counts = this.#document.hasJsonSchema ? own : defined({ description });
    return combined(counts, target);
  }

  #ofSchema(schema: ReadonlyJsonObject, depth: number): unknown {
    const { type, enum: choices } = schema;
    if (type === 'null' || schema['const'] === null) return undefined;
    const changes: Record<string, unknown> = {};
    if (Array.isArray(type) && type.includes('null')) {
      const types: unknown[] = type.filter((name) => name !== 'null');
      if (types.length === 0) return undefined;
      changes['type'] = types.length === 1 ? types[0] : types;
    }
    if (Array.isArray(choices) && choices.includes(null)) {
      if (choices.length === 1) return undefined;
      changes['enum'] = choices.filter((choice) => choice !== null);
    }
    const items = member(schema, 'items');
    const item = this.left(items, depth + 1);
    if (item !== undefined && item !== items) changes['items'] = item;
    const parts = listAt(schema, 'allOf');
    const partsLeft = parts.map((part) => this.left(part, depth + 1));
    if (partsLeft.includes(undefined)) return undefined;
    if (partsLeft.some((part, index) => part !== parts[index])) changes['allOf'] = partsLeft;
    const unmarked = withoutMark(schema);
    const whole = Object.keys(changes).length === 0 ? unmarked : { ...unmarked, ...changes };
    return this.#ofUnion(this.#ofUnion(whole, 'anyOf', depth), 'oneOf', depth);
  }

  #ofUnion(schema: unknown, keyword: string, depth: number): unknown {
    if (!isJsonObject(schema)) return schema;
    const alternatives = listAt(schema, keyword);
    const left = alternatives.map((each) => this.left(each, depth + 1));
    if (left.every((each, index) => each === alternatives[index])) return schema;
    const { [keyword]: _, ...rest } = schema;
    const kept = left.filter((each) => each !== undefined);
    if (kept.length === 0) return undefined;
    return kept.length === 1 ? combined(rest, kept[0]) : { ...schema, [keyword]: kept };
  }
}

/** One schema with the rules of both. The texts for people come from the outer one. */
function combined(outer: ReadonlyJsonObject, inner: unknown): unknown {
  const rules = Object.keys(outer).filter((name) => !annotations.has(name) && !name.startsWith('x-'));
  const canMerge =
    isJsonObject(inner) &&
    (rules.length === 0 ||
      (inner['$ref'] === undefined &&
        !hasMarkOf30(outer) &&
        !hasMarkOf30(inner) &&
        rules.every((name) => standAlone.has(name) && !Object.hasOwn(inner, name))));
  return canMerge ? { ...inner, ...outer } : { ...outer, allOf: [...listAt(outer, 'allOf'), inner] };
}

/** Whether a boolean beside one of its bounds makes it exclusive. That boolean would also apply to another bound. */
function hasMarkOf30(schema: ReadonlyJsonObject): boolean {
  return ['exclusiveMinimum', 'exclusiveMaximum'].some((name) => typeof schema[name] === 'boolean');
}

/** The schema without its marks for null. */
function withoutMark(schema: ReadonlyJsonObject): ReadonlyJsonObject {
  if (!Object.hasOwn(schema, 'nullable') && !Object.hasOwn(schema, 'x-nullable')) return schema;
  const { nullable: _, 'x-nullable': __, ...rest } = schema;
  return rest;
}
