import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, listAt, member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';

/** The most schemas that are matched with examples, over the whole document. */
const mostSteps = 1_000_000;
const mostValues = 50;
const mostItems = 20;
const deepest = 30;

/**
 * The values that a document itself shows for its schemas: in their own examples and defaults, and in those of the
 * parameters, bodies and answers that hold them. They are collected once per document, on first use.
 */
export class ExampleEvidence {
  readonly #document: OpenApiDocument;
  #values: Map<ReadonlyJsonObject, unknown[]> | undefined;
  #steps = 0;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  /** Values only for schemas with a `format`. */
  valuesOf(schema: ReadonlyJsonObject): readonly unknown[] {
    this.#values ??= this.#collect();
    return this.#values.get(schema) ?? [];
  }

  #collect(): Map<ReadonlyJsonObject, unknown[]> {
    const values = new Map<ReadonlyJsonObject, unknown[]>();
    const seen = new Set<unknown>();
    const waiting: unknown[] = [this.#document.root];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (typeof next !== 'object' || next === null || seen.has(next)) continue;
      seen.add(next);
      if (isJsonObject(next)) {
        const schema = isJsonObject(next['schema']) ? next['schema'] : next;
        for (const value of this.#shownBy(next)) this.#hold(schema, value, values, 0);
      }
      for (const child of Object.values(next) as unknown[]) {
        if (typeof child === 'object' && child !== null) waiting.push(child);
      }
    }
    return values;
  }

  #shownBy(holder: ReadonlyJsonObject): unknown[] {
    const shown: unknown[] = [...listAt(holder, 'examples')];
    for (const name of ['example', 'default'] as const) {
      if (Object.hasOwn(holder, name)) shown.push(holder[name]);
    }
    for (const example of Object.values(objectAt(holder, 'examples'))) {
      const followed = this.#document.follow(example, '');
      const value = followed.ok ? member(followed.value, 'value') : undefined;
      if (value !== undefined) shown.push(value);
    }
    return shown;
  }

  #hold(schema: unknown, value: unknown, values: Map<ReadonlyJsonObject, unknown[]>, depth: number): void {
    this.#steps += 1;
    if (this.#steps > mostSteps || depth > deepest || value === null || !isJsonObject(schema)) return;
    const reference = stringAt(schema, '$ref');
    if (reference !== undefined) {
      const found = this.#document.resolve(reference);
      if (found.ok) this.#hold(found.value, value, values, depth + 1);
    }
    if (typeof schema['format'] === 'string') {
      const known = values.get(schema);
      if (known === undefined) values.set(schema, [value]);
      else if (known.length < mostValues) known.push(value);
    }
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      for (const part of listAt(schema, keyword)) this.#hold(part, value, values, depth + 1);
    }
    if (Array.isArray(value)) {
      const items = member(schema, 'items');
      for (const item of (value as unknown[]).slice(0, mostItems)) this.#hold(items, item, values, depth + 1);
    } else if (isJsonObject(value)) {
      const properties = objectAt(schema, 'properties');
      const others = member(schema, 'additionalProperties');
      for (const [name, child] of Object.entries(value)) {
        this.#hold(member(properties, name) ?? others, child, values, depth + 1);
      }
    }
  }
}
