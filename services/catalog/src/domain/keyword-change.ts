import { isSameJson } from '@action-mesh/kernel';
import { memberPointer } from '@action-mesh/tools';

import { jsonText, type SchemaObject, type SchemaSide } from './json-schema.js';

/** Collects the differences between two schemas. */
export interface ChangeSink {
  readonly text: (pointer: string, message: string) => void;
  /** Fewer values are valid than before. */
  readonly narrower: (pointer: string, message: string) => void;
  /** More values are valid than before. */
  readonly wider: (pointer: string, message: string) => void;
  /** Another change, which breaks callers that rely on it. */
  readonly breaking: (pointer: string, message: string) => void;
}

/** Keywords without an effect on validation. */
export const texts = [
  'title',
  'description',
  'examples',
  'example',
  'default',
  'deprecated',
  '$comment',
] as const;
const allTypes = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] as const;
/** The keyword, and whether a greater number allows more. */
const bounds: readonly (readonly [keyword: string, greaterAllowsMore: boolean])[] = [
  ['maximum', true],
  ['exclusiveMaximum', true],
  ['maxLength', true],
  ['maxItems', true],
  ['maxProperties', true],
  ['maxContains', true],
  ['minimum', false],
  ['exclusiveMinimum', false],
  ['minLength', false],
  ['minItems', false],
  ['minProperties', false],
  ['minContains', false],
];
const rules = [
  'pattern',
  'format',
  'multipleOf',
  'uniqueItems',
  'contentEncoding',
  'contentMediaType',
] as const;

/** Changes of texts that people and models read, and no validator. */
export function textChanges(
  before: SchemaObject,
  after: SchemaObject,
  pointer: string,
  report: ChangeSink,
): void {
  for (const keyword of texts) {
    if (!isSameJson(before[keyword], after[keyword]))
      report.text(memberPointer(pointer, keyword), 'was reworded');
  }
}

export function typeChanges(
  before: SchemaObject,
  after: SchemaObject,
  pointer: string,
  side: SchemaSide,
  report: ChangeSink,
): void {
  if (isSameJson(before['type'], after['type'])) return;
  const old = typesOf(before);
  const now = typesOf(after);
  const place = memberPointer(pointer, 'type');
  const lost = [...old].filter((type) => !now.has(type));
  const won = [...now].filter((type) => !old.has(type));
  if (lost.length > 0) report.narrower(place, `is no longer ${lost.join(' or ')}`);
  if (won.length > 0) {
    if (side === 'output') report.breaking(place, `may be ${won.join(' or ')} now`);
    else report.wider(place, `may be ${won.join(' or ')} now`);
  }
}

/** Lists of values: `enum`, and `const` as a list of one. */
export function valueChanges(
  before: SchemaObject,
  after: SchemaObject,
  pointer: string,
  report: ChangeSink,
): void {
  const old = valuesOf(before);
  const now = valuesOf(after);
  const place = memberPointer(pointer, after['const'] === undefined ? 'enum' : 'const');
  if (old === undefined && now === undefined) return;
  if (old === undefined) report.narrower(place, 'is new');
  else if (now === undefined) report.wider(place, 'is gone');
  else {
    if ([...old].some((value) => !now.has(value))) report.narrower(place, 'has lost values');
    if ([...now].some((value) => !old.has(value))) report.wider(place, 'has new values');
  }
}

export function boundChanges(
  before: SchemaObject,
  after: SchemaObject,
  pointer: string,
  report: ChangeSink,
): void {
  for (const [keyword, greaterAllowsMore] of bounds) {
    const old = before[keyword];
    const now = after[keyword];
    if (isSameJson(old, now)) continue;
    const place = memberPointer(pointer, keyword);
    if (now === undefined) report.wider(place, 'is gone');
    else if (old === undefined) report.narrower(place, 'is new');
    else if (Number(now) > Number(old) === greaterAllowsMore) report.wider(place, 'allows more');
    else report.narrower(place, 'allows less');
  }
  for (const keyword of rules) {
    if (isSameJson(before[keyword], after[keyword])) continue;
    const place = memberPointer(pointer, keyword);
    if (after[keyword] === undefined) report.wider(place, 'is gone');
    else report.narrower(place, before[keyword] === undefined ? 'is new' : 'was changed');
  }
}

/** An integer is a number, so a number allows both. */
function typesOf({ type }: SchemaObject): ReadonlySet<string> {
  const types = new Set<string>(
    type === undefined ? allTypes : [type].flat().filter((each) => typeof each === 'string'),
  );
  if (types.has('number')) types.add('integer');
  return types;
}

function valuesOf(schema: SchemaObject): ReadonlySet<string> | undefined {
  if (schema['const'] !== undefined) return new Set([jsonText(schema['const'])]);
  const values = schema['enum'];
  return Array.isArray(values) ? new Set(values.map(jsonText)) : undefined;
}
