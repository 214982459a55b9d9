/**
 * The part of JSON Schema that strict mode supports. (Supported schemas of Structured Outputs, developers.openai.com,
 * as of February 2026.)
 */

const formats = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
]);
const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];

const kept: Readonly<Record<string, readonly string[]>> = {
  string: ['pattern', 'format'],
  number: bounds,
  integer: bounds,
  array: ['minItems', 'maxItems'],
};

const keywordsByType: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: bounds,
  integer: bounds,
  array: ['items', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'minContains', 'maxContains'],
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
};

/** Keywords that only annotate. */
export const words: ReadonlySet<string> = new Set([
  'title',
  'description',
  'examples',
  'example',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** Rules that strict mode supports for values of this type. */
export function keptRules(type: string): readonly string[] {
  return kept[type] ?? [];
}

/** Rules for other types, which do not restrict this one (JSON Schema 2020-12, Validation, section 6). */
export function aboutOthers(type: string): readonly string[] {
  const about = keywordsByType[type] ?? [];
  return Object.values(keywordsByType).flatMap((rules) => rules.filter((rule) => !about.includes(rule)));
}

/** Whether strict mode accepts this value of a rule that it supports. */
export function isKept(keyword: string, value: unknown): boolean {
  if (keyword === 'format') return formats.has(String(value));
  // A grammar cannot express lookaround, named groups and back references.
  if (keyword === 'pattern') return !/\(\?[=!<]|\\[1-9k]/.test(String(value));
  return typeof value === 'number';
}
