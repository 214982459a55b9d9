import type { JsonSchema } from '@action-mesh/tools';

import { member, type ReadonlyJsonObject } from '../json-object.js';

/** In OpenAPI 3.0 an exclusive bound is a boolean beside the bound. In 2020-12 it is the bound itself. */
export function readNumbersOf30(node: ReadonlyJsonObject): ReadonlyJsonObject {
  if (member(node, 'exclusiveMinimum') === undefined && member(node, 'exclusiveMaximum') === undefined)
    return node;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...rest } = node;
  return {
    ...rest,
    ...bound('minimum', minimum, 'exclusiveMinimum', exclusiveMinimum),
    ...bound('maximum', maximum, 'exclusiveMaximum', exclusiveMaximum),
  };
}

function bound(name: string, value: unknown, exclusiveName: string, exclusive: unknown): ReadonlyJsonObject {
  if (exclusive === true) return value === undefined ? {} : { [exclusiveName]: value };
  return {
    ...(value === undefined ? {} : { [name]: value }),
    ...(typeof exclusive === 'number' ? { [exclusiveName]: exclusive } : {}),
  };
}

const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'deprecated',
  'default',
  'examples',
]);
const composition = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'const', 'if'] as const;

/** The same schema, which also accepts null. */
export function acceptNull(schema: JsonSchema): JsonSchema {
  if (composition.some((keyword) => schema[keyword] !== undefined)) return unionWithNull(schema);
  const { type, enum: choices } = schema;
  if (type === undefined && choices === undefined) return schema;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return {
    ...schema,
    ...(type === undefined || types.includes('null') ? {} : { type: [...types, 'null'] }),
    ...(Array.isArray(choices) && !choices.includes(null) ? { enum: [...(choices as unknown[]), null] } : {}),
  };
}

/** Beside a composition a type alone is not enough, because each of its parts may refuse null. */
function unionWithNull(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema);
  const isOutside = ([name]: readonly [string, unknown]) => annotations.has(name);
  const inside = Object.fromEntries(entries.filter((entry) => !isOutside(entry)));
  return { ...Object.fromEntries(entries.filter(isOutside)), anyOf: [inside, { type: 'null' }] };
}
