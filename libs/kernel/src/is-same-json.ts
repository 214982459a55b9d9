import { isDeepStrictEqual } from 'node:util';

import { canonicalize } from './canonical-json.js';
import type { JsonValue } from './json-value.js';

/**
 * Whether both are the same JSON; the order of members says nothing, and `undefined` is only equal to itself. Throws
 * `IJsonError` for what has no JSON form, where the two are not alike at first sight.
 */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left === right;
  // Most that is compared is the same, and to see that takes a fraction of what the texts take.
  return (
    isDeepStrictEqual(left, right) || canonicalize(left as JsonValue) === canonicalize(right as JsonValue)
  );
}
