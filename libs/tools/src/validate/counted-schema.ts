import { isObject } from './json-object.js';
import type { JsonSchema } from './json-schema.js';
import { step } from './own-keywords.js';

const lists = ['anyOf', 'oneOf', 'allOf'] as const;
const singles = ['not', 'if', 'then', 'else'] as const;
const maps = ['dependentSchemas', 'dependencies'] as const;
const schemasWithin = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;
const mapsWithin = ['$defs', 'definitions', 'properties', 'patternProperties'] as const;

/**
 * The schema with a counted step in each part that may be tried more than once for one value: alternatives and
 * references. Validators try them one after another and nested, so a schema of a few lines can take more work than
 * there is time (A2).
 */
export function countedSchema(schema: JsonSchema): JsonSchema {
  const counted: Record<string, unknown> = { ...schema };
  if (typeof schema['$ref'] === 'string') counted[step] = true;
  const each = (names: readonly string[], change: (part: unknown) => unknown): void => {
    for (const name of names) if (counted[name] !== undefined) counted[name] = change(counted[name]);
  };
  const all = (change: (part: unknown) => unknown) => (parts: unknown) => {
    if (Array.isArray(parts)) return parts.map(change);
    if (!isObject(parts)) return parts;
    return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part)]));
  };
  each([...lists, ...maps], all(withStep));
  each(singles, withStep);
  each([...mapsWithin, 'prefixItems'], all(within));
  each(schemasWithin, within);
  return counted;
}

function withStep(part: unknown): unknown {
  return isObject(part) ? { ...countedSchema(part), [step]: true } : part;
}

function within(part: unknown): unknown {
  return isObject(part) ? countedSchema(part) : part;
}
