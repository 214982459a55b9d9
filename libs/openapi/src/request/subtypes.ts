import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { member, objectAt } from '../json-object.js';

const most = 50;

/**
 * Turns a schema with a discriminator into a union of itself and its subtypes: those that the discriminator names,
 * and those that extend it by `allOf`. Any other schema stays unchanged. So does a schema with more than 50 of either
 * kind.
 */
export function withSubtypes(document: OpenApiDocument, schema: unknown): unknown {
  const followed = document.follow(schema, '');
  const base = followed.ok ? followed.value : undefined;
  const discriminator = member(base, 'discriminator');
  if (discriminator === undefined || ['oneOf', 'anyOf'].some((name) => member(base, name) !== undefined)) {
    return schema;
  }
  const schemas = objectAt(objectAt(document.root, 'components'), 'schemas');
  const named = Object.values(objectAt(discriminator, 'mapping'));
  const children = document.extensionsOf(base);
  if (named.length > most || children.length > most) return schema;
  const references = [...named, ...children].flatMap((target) => {
    if (typeof target !== 'string') return [];
    return Object.hasOwn(schemas, target) ? `#${below('', 'components', 'schemas', target)}` : target;
  });
  const subtypes = [...new Set(references)].filter((reference) => {
    const found = document.resolve(reference);
    return found.ok && found.value !== base;
  });
  return subtypes.length === 0 ? schema : { anyOf: [...subtypes.map(($ref) => ({ $ref })), schema] };
}
