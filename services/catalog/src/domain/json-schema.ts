import { isDeepStrictEqual } from 'node:util';

import { canonicalize, type JsonValue } from '@action-mesh/kernel';

export type SchemaObject = Readonly<Record<string, unknown>>;

/** Whose schema it is: of those who write what it describes, or of those who read it. */
export type SchemaSide = 'input' | 'output';

/** Whether both say the same; the order of members says nothing, and absent is only equal to absent. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left === right;
  // Most that is compared is the same, and to see that takes a fraction of what the texts take.
  return isDeepStrictEqual(left, right) || jsonText(left) === jsonText(right);
}

export function jsonText(value: unknown): string {
  return canonicalize(value as JsonValue);
}
