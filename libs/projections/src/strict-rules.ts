/** What strict mode knows of JSON Schema. (Supported schemas of Structured Outputs, developers.openai.com, as of February 2026.) */

const FORMATS = new Set([
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
const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];

const KEPT: Readonly<Record<string, readonly string[]>> = {
  string: ['pattern', 'format'],
  number: BOUNDS,
  integer: BOUNDS,
  array: ['minItems', 'maxItems'],
};

const ABOUT: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: BOUNDS,
  integer: BOUNDS,
  array: ['items', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'minContains', 'maxContains'],
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
};

/** Keywords that rule nothing. */
export const WORDS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'examples',
  'example',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** Rules that strict mode knows for values of this type. */
export function keptRules(type: string): readonly string[] {
  return KEPT[type] ?? [];
}

/** Rules that are about other types, and so say nothing of this one (JSON Schema 2020-12, Validation, section 6). */
export function aboutOthers(type: string): readonly string[] {
  const about = ABOUT[type] ?? [];
  return Object.values(ABOUT).flatMap((rules) => rules.filter((rule) => !about.includes(rule)));
}

/** Whether strict mode takes this value of a rule that it knows. */
export function isKept(keyword: string, value: unknown): boolean {
  if (keyword === 'format') return FORMATS.has(String(value));
  // Looking ahead or behind, and naming groups, is beyond what a grammar can be made of.
  if (keyword === 'pattern') return !/\(\?[=!<]|\\[1-9k]/.test(String(value));
  return typeof value === 'number';
}
