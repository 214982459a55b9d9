import type { JsonSchema } from '../validate/json-schema.js';
import { isObject } from '../validate/json-object.js';
import { inPlaceLists, inPlaceSingles, resolveLocal } from '../validate/object-schema.js';

/** The most schemas for one value along one chain of references and alternatives. */
const longest = 200;

/**
 * Measures chains of schemas for the same value.
 *
 * Recursion through a property or an item ends with the value. Recursion on the same value (`allOf: [{ $ref: "#" }]`)
 * never ends and would exhaust the process's stack. So would a chain of thousands.
 */
export class ChainMeter {
  readonly #root: JsonSchema;
  readonly #lengths = new Map<JsonSchema, number>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /**
   * The reason that this schema never decides a value, or needs too many nested calls for it. `undefined` if there is
   * none.
   */
  problemOf(schema: JsonSchema): string | undefined {
    const length = this.#lengthFrom(schema);
    if (length === Number.POSITIVE_INFINITY)
      return 'must not refer to itself for the same value: the check would never end';
    return length > longest
      ? `must not lead through more than ${longest} schemas for the same value`
      : undefined;
  }

  /** The number of schemas on the longest chain for the same value from this schema. Infinite for a cycle. */
  #lengthFrom(schema: JsonSchema): number {
    const open = new Set<JsonSchema>();
    // Each schema is visited before its targets, and again after them. An explicit stack replaces calls, because
    // calls would exhaust the process's stack here.
    const waiting = [schema];
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      if (this.#lengths.has(next)) {
        waiting.pop();
        continue;
      }
      const further = this.#sameValue(next);
      if (open.has(next)) {
        waiting.pop();
        open.delete(next);
        const longest = further.reduce((most, each) => Math.max(most, this.#lengths.get(each) ?? 0), 0);
        this.#lengths.set(next, longest + 1);
        continue;
      }
      open.add(next);
      if (further.some((each) => open.has(each))) return Number.POSITIVE_INFINITY;
      for (const each of further) waiting.push(each);
    }
    return this.#lengths.get(schema) ?? 0;
  }

  #sameValue(schema: JsonSchema): JsonSchema[] {
    const next = [
      ...[...inPlaceSingles, 'not'].map((keyword) => schema[keyword]),
      ...inPlaceLists.map((keyword) => schema[keyword]).filter((list) => Array.isArray(list)),
      ...['dependentSchemas', 'dependencies']
        .map((keyword) => schema[keyword])
        .filter(isObject)
        .map((map) => Object.values(map)),
      typeof schema['$ref'] === 'string' ? resolveLocal(this.#root, schema['$ref']) : undefined,
    ];
    return next.flat().filter(isObject);
  }
}
