import type { Dynamic } from './dynamic.js';
import { toText } from './values.js';

/** The list of a value: itself, its only element, or nothing for null and undefined. */
export function toList(value: unknown): Dynamic[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** Results of `run.each` without those of items that ended early; nested lists become one. */
export function kept(results: readonly unknown[]): Dynamic[] {
  return results.flat().filter((result) => result !== undefined);
}

/** Names the scope of an item by its place. Only for lists that come from recorded steps. */
export function byIndex(_item: unknown, index: number): string {
  return String(index);
}

/** The list in parts of `size` items. */
export function chunks(items: readonly unknown[], size: number): Dynamic[][] {
  const width = Math.max(1, Math.trunc(size));
  return Array.from({ length: Math.ceil(items.length / width) }, (_, index) =>
    items.slice(index * width, (index + 1) * width),
  );
}

/** The member at a path such as `address.city`. Undefined where a part is missing. */
export function at(value: unknown, path: string): Dynamic {
  let found: unknown = value;
  for (const part of path.split('.')) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

/** The list without items that equal an earlier one in the named members, or as a whole. */
export function unique(items: readonly unknown[], ...paths: readonly string[]): Dynamic[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(paths.length === 0 ? item : paths.map((path): unknown => at(item, path)));
    return seen.has(key) ? false : seen.add(key);
  });
}

/** The list in the order of a member. Numbers before texts; equal ones keep their order. */
export function sorted(items: readonly unknown[], path: string, order: 'asc' | 'desc' = 'asc'): Dynamic[] {
  const sign = order === 'asc' ? 1 : -1;
  return [...items].sort((a, b) => sign * compareValues(at(a, path), at(b, path)));
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [toText(a), toText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Items of two lists joined by their place, as long as the shorter list. Members of the second list win. */
export function pairedByPosition(left: readonly unknown[], right: readonly unknown[]): Dynamic[] {
  return left.slice(0, right.length).map((item, index) => joined(item, right[index]));
}

/** Items of two lists joined where the named members are equal. Items without a partner are left out. */
export function pairedByField(
  left: readonly unknown[],
  right: readonly unknown[],
  leftPath: string,
  rightPath: string,
): Dynamic[] {
  const partners = new Map<string, unknown[]>();
  for (const item of right) {
    const key = keyAt(item, rightPath);
    const found = partners.get(key);
    if (found === undefined) partners.set(key, [item]);
    else found.push(item);
  }
  return left.flatMap((item) =>
    (partners.get(keyAt(item, leftPath)) ?? []).map((partner) => joined(item, partner)),
  );
}

/** Each item of the first list joined with each of the second. */
export function everyPair(left: readonly unknown[], right: readonly unknown[]): Dynamic[] {
  return left.flatMap((item) => right.map((other) => joined(item, other)));
}

/** The only item of a list, or the item at the same place of another list that was made from it item by item. */
export function pairOf(items: unknown, index: number): Dynamic {
  const all: readonly unknown[] = toList(items);
  return all.length === 1 ? all[0] : all[index];
}

const joined = (left: unknown, right: unknown): unknown => ({ ...(left as object), ...(right as object) });

function keyAt(item: unknown, path: string): string {
  const value: unknown = at(item, path);
  return JSON.stringify(value ?? null);
}
