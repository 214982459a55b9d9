import { memberPointer } from '../problem.js';
import { isObject } from './json-object.js';
import type { JsonSchema } from './json-schema.js';
import { IN_PLACE_LISTS, IN_PLACE_SINGLES } from './object-schema.js';

/** Keywords that hold schemas, in this dialect or in the older dialects that ajv still supports. */
const SCHEMA_MAPS = [
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
] as const;
const SCHEMA_LISTS = [...IN_PLACE_LISTS, 'prefixItems'] as const;
const SCHEMA_SINGLES = [
  ...IN_PLACE_SINGLES,
  'not',
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
] as const;
/** A schema, and the JSON pointer to it. */
export interface SchemaPlace {
  readonly schema: JsonSchema;
  readonly pointer: string;
}

/** The schemas directly within a schema, each with its place. References are not followed. */
export function* schemasWithin({ schema, pointer }: SchemaPlace): Generator<SchemaPlace> {
  for (const keyword of SCHEMA_MAPS) {
    const map = schema[keyword];
    if (!isObject(map)) continue;
    for (const [name, child] of Object.entries(map)) {
      if (isObject(child)) yield { schema: child, pointer: memberPointer(`${pointer}/${keyword}`, name) };
    }
  }
  for (const keyword of SCHEMA_LISTS) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, child] of (list as unknown[]).entries()) {
      if (isObject(child)) yield { schema: child, pointer: `${pointer}/${keyword}/${index}` };
    }
  }
  for (const keyword of SCHEMA_SINGLES) {
    const child = schema[keyword];
    if (isObject(child)) yield { schema: child, pointer: `${pointer}/${keyword}` };
  }
}
