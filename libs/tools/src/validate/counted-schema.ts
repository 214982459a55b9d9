import type { JsonSchema } from './json-schema.js';

/** The keyword that counts one step of work; nobody outside can use it, as unknown keywords are refused. */
export const STEP = 'meshStep';

const LISTS = ['anyOf', 'oneOf', 'allOf'] as const;
const SINGLES = ['not', 'if', 'then', 'else'] as const;
const MAPS = ['$defs', 'dependentSchemas'] as const;
const WITHIN = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;
const MAPS_WITHIN = ['properties', 'patternProperties'] as const;

/**
 * The schema with a step in each part that can be tried more than once for one value: what references lead to,
 * and alternatives. A validator takes them one after the other, within one another, so that a schema of a few
 * lines can ask for more work than there is time (A2).
 */
export function countedSchema(schema: JsonSchema): JsonSchema {
  const counted: Record<string, unknown> = { ...schema };
  const each = (names: readonly string[], change: (part: unknown) => unknown): void => {
    for (const name of names) if (counted[name] !== undefined) counted[name] = change(counted[name]);
  };
  const all = (change: (part: unknown) => unknown) => (parts: unknown) => {
    if (Array.isArray(parts)) return parts.map(change);
    if (!isSchema(parts)) return parts;
    return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part)]));
  };
  each([...LISTS, ...MAPS], all(withStep));
  each(SINGLES, withStep);
  each([...MAPS_WITHIN, 'prefixItems'], all(within));
  each(WITHIN, within);
  return counted;
}

function withStep(part: unknown): unknown {
  return isSchema(part) ? { ...countedSchema(part), [STEP]: true } : part;
}

function within(part: unknown): unknown {
  return isSchema(part) ? countedSchema(part) : part;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
