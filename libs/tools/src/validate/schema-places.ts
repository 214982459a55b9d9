import { memberPointer } from '../problem.js';
import { isObject } from './json-object.js';
import type { JsonSchema } from './json-schema.js';
import { inPlaceLists, inPlaceSingles } from './object-schema.js';

/** Keywords that hold schemas, in this dialect or in the older dialects that ajv still supports. */
const schemaMaps = [
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
] as const;
const schemaLists = [...inPlaceLists, 'prefixItems'] as const;
const schemaSingles = [
  ...inPlaceSingles,
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
  for (const keyword of schemaMaps) {
    const map = schema[keyword];
    if (!isObject(map)) continue;
    for (const [name, child] of Object.entries(map)) {
      if (isObject(child)) yield { schema: child, pointer: memberPointer(`${pointer}/${keyword}`, name) };
    }
  }
  for (const keyword of schemaLists) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, child] of (list as unknown[]).entries()) {
      if (isObject(child)) yield { schema: child, pointer: `${pointer}/${keyword}/${index}` };
    }
  }
  for (const keyword of schemaSingles) {
    const child = schema[keyword];
    if (isObject(child)) yield { schema: child, pointer: `${pointer}/${keyword}` };
  }
}
