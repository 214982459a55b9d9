import type { OpenApiDocument } from '../document/openapi-document.js';
import { isObject, listAt, member, textAt, type JsonObject } from '../json-object.js';

/** What a schema itself says about its members. */
interface Marks {
  /** Those that are none of a direction's. */
  readonly hidden: readonly string[];
  readonly required: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
const LONGEST_CHAIN = 10;
const MOST_PARTS = 200;
const MOST_HIDDEN = 1_000;

/**
 * Knows which members of an object only the provider sets (`readOnly`), or never tells (`writeOnly`), and which are required,
 * in all parts of its `allOf` and in what they refer to.
 */
export class MemberMarks {
  readonly #document: OpenApiDocument;
  readonly #mark: 'readOnly' | 'writeOnly';
  readonly #known = new WeakMap<JsonObject, Marks>();

  constructor(document: OpenApiDocument, mark: 'readOnly' | 'writeOnly') {
    this.#document = document;
    this.#mark = mark;
  }

  isHidden(node: unknown): boolean {
    let found: unknown = node;
    for (let step = 0; step < LONGEST_CHAIN; step += 1) {
      if (member(found, this.#mark) === true) return true;
      const reference = textAt(found, '$ref');
      if (reference === undefined) return false;
      const next = this.#document.resolve(reference);
      if (!next.ok) return false;
      found = next.value;
    }
    return false;
  }

  /** The members that are none of this direction's. */
  hiddenIn(node: JsonObject): ReadonlySet<string> {
    const hidden = new Set<string>();
    for (const part of this.#partsOf(node)) {
      for (const name of this.#marks(part).hidden) {
        if (hidden.size === MOST_HIDDEN) return hidden;
        hidden.add(name);
      }
    }
    return hidden;
  }

  /** Which of these members a schema requires without hiding them itself. */
  askedFor(node: unknown, members: ReadonlySet<string>): ReadonlySet<string> {
    if (members.size === 0 || !isObject(node)) return NONE;
    const hidden = this.hiddenIn(node);
    const parts = this.#partsOf(node).map((part) => this.#marks(part).required);
    return new Set(
      [...members].filter((name) => !hidden.has(name) && parts.some((required) => required.has(name))),
    );
  }

  #partsOf(node: JsonObject): JsonObject[] {
    const parts = new Set<JsonObject>([node]);
    // A set hands out what is added while it is being gone through.
    for (const part of parts) {
      if (parts.size > MOST_PARTS) break;
      const reference = textAt(part, '$ref');
      const found = reference === undefined ? undefined : this.#document.resolve(reference);
      if (found?.ok === true && isObject(found.value)) parts.add(found.value);
      for (const child of listAt(part, 'allOf')) if (isObject(child)) parts.add(child);
    }
    return [...parts];
  }

  #marks(node: JsonObject): Marks {
    let marks = this.#known.get(node);
    if (marks === undefined) {
      const properties = member(node, 'properties');
      const members = isObject(properties) ? Object.entries(properties) : [];
      const required = listAt(node, 'required').filter((name) => typeof name === 'string');
      marks = {
        hidden: members.filter(([, child]) => this.isHidden(child)).map(([name]) => name),
        required: new Set(required),
      };
      this.#known.set(node, marks);
    }
    return marks;
  }
}

/** Takes members out of what a schema requires, in place; whether there were any. */
export function dropRequired(schema: Record<string, unknown>, hidden: ReadonlySet<string>): boolean {
  const { required } = schema;
  if (!Array.isArray(required)) return false;
  const left = required.filter((name: string) => !hidden.has(name));
  if (left.length === required.length) return false;
  if (left.length > 0) schema['required'] = left;
  else delete schema['required'];
  return true;
}
