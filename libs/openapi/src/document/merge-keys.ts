import { isJsonObject } from '../json-object.js';

const key = '<<';
/** The most members that merge keys may add to a document. */
const mostMerged = 400_000;

/**
 * Applies the merge keys of YAML 1.1 to a parsed document, in place: `<<: *anchor` and `<<: [*one, *other]` add the
 * members of other objects. An own member wins over a merged one, and an earlier object over a later one. Throws an
 * `Error` for an object that is merged into itself, and beyond 400,000 members.
 */
export function mergeKeys(root: unknown): void {
  const merger = new Merger();
  const seen = new Set<unknown>();
  const waiting: unknown[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (isJsonObject(next)) merger.merge(next);
    for (const value of Object.values(next) as unknown[])
      if (value !== undefined && value !== null) waiting.push(value);
  }
}

class Merger {
  /** An alias gives one object several places. The object is merged once. */
  readonly #done = new Set<object>();
  readonly #underWay = new Set<object>();
  #merged = 0;

  merge(target: Record<string, unknown>): void {
    const sources = this.#done.has(target) ? [] : sourcesOf(target);
    if (sources.length === 0) return;
    if (this.#underWay.has(target)) throw new Error('an object is merged into itself ("<<")');
    this.#underWay.add(target);
    for (const source of sources) {
      this.merge(source);
      for (const [name, value] of Object.entries(source)) {
        this.#merged += 1;
        if (this.#merged > mostMerged) throw new Error('merge keys ("<<") add too many members');
        // Defines the member even for a name with a meaning in an assignment, such as `__proto__`. A later check
        // refuses it.
        if (!Object.hasOwn(target, name))
          Object.defineProperty(target, name, {
            value,
            enumerable: true,
            configurable: true,
            writable: true,
          });
      }
    }
    Reflect.deleteProperty(target, key);
    this.#underWay.delete(target);
    this.#done.add(target);
  }
}

/** The objects to merge. `undefined` if `<<` is an ordinary name, as in a list of operators. */
function sourcesOf(target: Record<string, unknown>): Record<string, unknown>[] {
  if (!Object.hasOwn(target, key)) return [];
  const value = target[key];
  const sources: unknown[] = Array.isArray(value) ? value : [value];
  return sources.every((source) => isJsonObject(source)) ? sources : [];
}
