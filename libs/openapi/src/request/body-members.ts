import { defined } from '@action-mesh/kernel';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { isJsonObject, listAt, member, type ReadonlyJsonObject } from '../json-object.js';

/** One member of an object, with its pointer. */
export interface BodyMember {
  readonly schema: unknown;
  readonly pointer: string;
}

/** An object's members. */
export interface BodyMembers {
  readonly members: ReadonlyMap<string, BodyMember>;
  readonly required: ReadonlySet<string>;
  /** The schema for undeclared names. Absent if there is none. */
  readonly others?: { readonly schema: unknown; readonly pointer: string };
}

/** Keywords that say nothing beyond the members of a schema. */
const plain: ReadonlySet<string> = new Set([
  'type',
  'title',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'allOf',
  'example',
  'examples',
  'deprecated',
  'nullable',
  'readOnly',
  'writeOnly',
  'discriminator',
  'xml',
  'externalDocs',
]);
const mostParts = 20;

/**
 * The members of a body that is an object of known members and nothing more, or an `allOf` of such objects. A member
 * that is required and not described accepts anything. `undefined` for any other body: a union, a list, a map, an
 * object with conditions or with subtypes.
 */
export function bodyMembers(
  document: OpenApiDocument,
  schema: unknown,
  pointer: string,
): BodyMembers | undefined {
  const members = new Map<string, { schema: unknown; pointer: string }>();
  const required = new Set<string>();
  let others: BodyMembers['others'];
  const waiting = [{ schema, pointer }];
  let parts = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    parts += 1;
    const followed = document.follow(next.schema, next.pointer);
    if (!followed.ok || !isJsonObject(followed.value) || parts > mostParts) return undefined;
    if (!isPlain(followed.value) || saysMoreThanItsReference(document, next.schema)) return undefined;
    const { value: part, pointer: at } = followed;
    // The value may be a subtype, with members that this schema does not know.
    if (parts === 1 && member(part, 'discriminator') !== undefined) return undefined;
    const properties = member(part, 'properties');
    for (const [name, child] of Object.entries(isJsonObject(properties) ? properties : {})) {
      // Two parts describe the same member. Both count, and only a composition can express that.
      if (members.has(name)) return undefined;
      members.set(name, { schema: child, pointer: below(at, 'properties', name) });
    }
    for (const name of listAt(part, 'required')) if (typeof name === 'string') required.add(name);
    const additional = member(part, 'additionalProperties');
    if (additional !== undefined) {
      // In a composition, the keyword would see only the members of its own part.
      if (waiting.length > 0 || parts > 1 || member(part, 'allOf') !== undefined) return undefined;
      others = { schema: additional, pointer: below(at, 'additionalProperties') };
    }
    waiting.push(
      ...listAt(part, 'allOf').map((child, index) => ({ schema: child, pointer: below(at, 'allOf', index) })),
    );
  }
  if (members.size === 0) return undefined;
  for (const name of required) {
    const described = isJsonObject(others?.schema) ? others.schema : {};
    if (!members.has(name)) members.set(name, { schema: described, pointer: below(pointer, 'required') });
  }
  return { members, required, ...defined({ others }) };
}

function isPlain(schema: ReadonlyJsonObject): boolean {
  const { type } = schema;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (
    type !== undefined &&
    !(types.includes('object') && types.every((name) => name === 'object' || name === 'null'))
  ) {
    return false;
  }
  return Object.keys(schema).every((name) => plain.has(name) || name.startsWith('x-'));
}

/** In OpenAPI 3.1, members beside a reference count. */
function saysMoreThanItsReference(document: OpenApiDocument, schema: unknown): boolean {
  if (!document.hasJsonSchema || member(schema, '$ref') === undefined || !isJsonObject(schema)) return false;
  return Object.keys(schema).some((name) => !['$ref', 'title', 'summary', 'description'].includes(name));
}
