import { isDeepStrictEqual } from 'node:util';

import { canonicalize } from './canonical-json.js';
import type { JsonValue } from './json-value.js';

/**
 * Whether two values are the same JSON. The order of members does not matter, and `undefined` equals only itself.
 * Throws `IJsonError` for a value without a JSON form, unless the two are equal at first sight.
 */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left === right;
  // Most compared values are equal, and this comparison costs a fraction of the canonical texts.
  return (
    isDeepStrictEqual(left, right) || canonicalize(left as JsonValue) === canonicalize(right as JsonValue)
  );
}
