import type { OpenApiDocument } from '../document/openapi-document.js';
import { member, objectAt, stringAt, isJsonObject, type ReadonlyJsonObject } from '../json-object.js';

const mostParts = 200;

/** The keyword with schemas that all apply to the same value as the schema around them. */
export const allOf: ReadonlySet<string> = new Set(['allOf']);

/** A schema and all schemas for the same value, through these keywords and through references. At most 200. */
export function inPlaceParts(
  document: OpenApiDocument,
  node: ReadonlyJsonObject,
  keywords: ReadonlySet<string>,
): ReadonlyJsonObject[] {
  const parts = new Set<ReadonlyJsonObject>([node]);
  // The loop over the set also visits the elements added during the loop.
  for (const part of parts) {
    const reference = stringAt(part, '$ref');
    const found = reference === undefined ? undefined : document.resolve(reference);
    if (found?.ok === true && isJsonObject(found.value)) parts.add(found.value);
    for (const keyword of keywords) {
      if (!Object.hasOwn(part, keyword)) continue;
      for (const child of schemasAt(part, keyword)) {
        if (parts.size >= mostParts) return [...parts];
        if (isJsonObject(child)) parts.add(child);
      }
    }
  }
  return [...parts];
}

/** The schemas of a keyword: one, a list, or some by name. */
function schemasAt(node: ReadonlyJsonObject, keyword: string): readonly unknown[] {
  if (keyword === 'dependentSchemas') return Object.values(objectAt(node, keyword));
  const value = member(node, keyword);
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}
