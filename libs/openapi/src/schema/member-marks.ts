import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, listAt, member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';
import { allOf, inPlaceParts } from './in-place-parts.js';
import { inPlace } from './keywords.js';

/** The statements of one schema about its members. */
interface Marks {
  /** The members that do not belong to a direction. */
  readonly hidden: readonly string[];
  /** The members that it requires, with or without a condition. */
  readonly required: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();
const longestChain = 10;
const mostHidden = 1_000;

/**
 * Finds the members of an object that only the provider sets (`readOnly`) or never returns (`writeOnly`), in all
 * parts of its `allOf` and their references. Also finds the required ones, there and in alternatives and conditions.
 */
export class MemberMarks {
  readonly #document: OpenApiDocument;
  readonly #mark: 'readOnly' | 'writeOnly';
  readonly #known = new WeakMap<ReadonlyJsonObject, Marks>();

  constructor(document: OpenApiDocument, mark: 'readOnly' | 'writeOnly') {
    this.#document = document;
    this.#mark = mark;
  }

  isHidden(node: unknown): boolean {
    let found: unknown = node;
    for (let step = 0; step < longestChain; step += 1) {
      if (member(found, this.#mark) === true) return true;
      const reference = stringAt(found, '$ref');
      if (reference === undefined) return false;
      const next = this.#document.resolve(reference);
      if (!next.ok) return false;
      found = next.value;
    }
    return false;
  }

  /** The members outside this direction in every case, independent of the other members of the value. */
  hiddenIn(node: ReadonlyJsonObject): ReadonlySet<string> {
    return this.#hidden(node, allOf);
  }

  /** The members outside this direction, including those that only an alternative or a condition hides. */
  everHiddenIn(node: ReadonlyJsonObject): ReadonlySet<string> {
    return this.#hidden(node, inPlace);
  }

  #hidden(node: ReadonlyJsonObject, keywords: ReadonlySet<string>): ReadonlySet<string> {
    const hidden = new Set<string>();
    for (const part of inPlaceParts(this.#document, node, keywords)) {
      for (const name of this.#marks(part).hidden) {
        if (hidden.size === mostHidden) return hidden;
        hidden.add(name);
      }
    }
    return hidden;
  }

  /** The given members that a schema requires without hiding them itself. */
  askedFor(node: unknown, members: ReadonlySet<string>): ReadonlySet<string> {
    if (members.size === 0 || !isJsonObject(node)) return none;
    const hidden = this.hiddenIn(node);
    const asked = new Set<string>();
    for (const part of inPlaceParts(this.#document, node, inPlace)) {
      const { required } = this.#marks(part);
      const [few, many] = required.size < members.size ? [required, members] : [members, required];
      for (const name of few) if (many.has(name) && !hidden.has(name)) asked.add(name);
    }
    return asked;
  }

  #marks(node: ReadonlyJsonObject): Marks {
    let marks = this.#known.get(node);
    if (marks === undefined) {
      const properties = member(node, 'properties');
      const members = isJsonObject(properties) ? Object.entries(properties) : [];
      const dependent = Object.values(objectAt(node, 'dependentRequired')).flat();
      const required = [...listAt(node, 'required'), ...dependent].filter((name) => typeof name === 'string');
      marks = {
        hidden: members.filter(([, child]) => this.isHidden(child)).map(([name]) => name),
        required: new Set(required),
      };
      this.#known.set(node, marks);
    }
    return marks;
  }
}

/**
 * Removes members from a schema's requirements, with or without a condition, in place. Returns whether there were
 * any.
 */
export function dropRequired(schema: Record<string, unknown>, hidden: ReadonlySet<string>): boolean {
  const { required, dependentRequired } = schema;
  const names = namesLeft(required, hidden);
  const conditions = conditionsLeft(dependentRequired, hidden);
  put(schema, 'required', names);
  put(schema, 'dependentRequired', conditions);
  return names !== required || conditions !== dependentRequired;
}

/**
 * The conditions without hidden members: the same value if there is nothing to remove, and `undefined` if nothing is
 * left.
 */
function conditionsLeft(conditions: unknown, hidden: ReadonlySet<string>): unknown {
  if (!isJsonObject(conditions)) return conditions;
  const entries = Object.entries(conditions);
  const left = entries.map(([name, names]) => [name, namesLeft(names, hidden)] as const);
  if (left.every(([name, names]) => names === conditions[name])) return conditions;
  const kept = left.filter(([, names]) => names !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/**
 * The names without hidden members: the same value if there is nothing to remove, and `undefined` if nothing is left.
 */
function namesLeft(names: unknown, hidden: ReadonlySet<string>): unknown {
  if (!Array.isArray(names)) return names;
  const left = names.filter((name: unknown) => typeof name !== 'string' || !hidden.has(name));
  if (left.length === names.length) return names;
  return left.length === 0 ? undefined : left;
}

function put(schema: Record<string, unknown>, keyword: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(schema, keyword);
  else schema[keyword] = value;
}
