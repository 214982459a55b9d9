import type { JsonSchema } from '@action-mesh/tools';
import { resolveLocal } from '@action-mesh/tools/compile';

import { isJsonObject, listAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';

const mostParts = 200;

/**
 * All converted schemas for the same value as these: through references, parts, and the alternative that the variant
 * selects. `undefined` if one of them accepts nothing.
 */
export function inPlaceSchemas(
  root: JsonSchema,
  schemas: readonly unknown[],
  variant: number,
): readonly ReadonlyJsonObject[] | undefined {
  const parts = new Set<ReadonlyJsonObject>();
  const waiting = [...schemas];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (next === false) return undefined;
    if (!isJsonObject(next) || parts.has(next)) continue;
    if (parts.size === mostParts) break;
    parts.add(next);
    const reference = stringAt(next, '$ref');
    if (reference !== undefined) waiting.push(resolveLocal(root, reference));
    waiting.push(...listAt(next, 'allOf'));
    for (const keyword of ['anyOf', 'oneOf']) {
      const alternatives = listAt(next, keyword);
      if (alternatives.length > 0) waiting.push(alternatives[variant % alternatives.length]);
    }
  }
  return [...parts];
}

/** The types that parts declare in common, in a fixed order. `undefined` if no part declares any. */
export function declaredTypes(parts: readonly ReadonlyJsonObject[]): readonly string[] | undefined {
  let types: readonly string[] | undefined;
  for (const { type } of parts) {
    if (type === undefined) continue;
    const named: readonly unknown[] = Array.isArray(type) ? type : [type];
    types = (types ?? ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']).filter(
      (each) => named.includes(each) || (each === 'integer' && named.includes('number')),
    );
  }
  return types;
}

/** The probable type of a schema without one. */
export function meantType(parts: readonly ReadonlyJsonObject[]): string {
  const has = (...keywords: readonly string[]) =>
    parts.some((part) => keywords.some((keyword) => Object.hasOwn(part, keyword)));
  if (has('properties', 'required', 'minProperties')) return 'object';
  if (has('items', 'minItems')) return 'array';
  return has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf')
    ? 'number'
    : 'string';
}
