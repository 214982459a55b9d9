import { below } from '../finding.js';
import { isJsonObject } from '../json-object.js';
import type { Conversion } from './definition.js';

type Writable = Record<string, unknown>;

/**
 * Converts the values that a schema lists (`enum`, `const`, `default`) to its declared type, in place and without
 * loss: `1` in a list of texts becomes `"1"`. A value that keeps another type matches nothing, so it is left out with
 * a warning.
 */
export function fitListedValues(
  schema: Writable,
  nullable: boolean,
  pointer: string,
  into: Conversion,
): void {
  const types = typesOf(schema, nullable);
  if (types !== undefined) {
    fitChoices(schema, types, pointer, into);
    if (schema['const'] !== undefined) fitConstant(schema, types, pointer, into);
  }
  if (schema['default'] !== undefined) fitDefault(schema, types, pointer, into);
}

function fitChoices(schema: Writable, types: readonly unknown[], pointer: string, into: Conversion): void {
  const { enum: choices, items } = schema;
  if (!Array.isArray(choices)) return;
  const at = below(pointer, 'enum');
  if (types.includes('array') && !choices.some((choice) => Array.isArray(choice))) {
    delete schema['enum'];
    into.losses += 1;
    if (isJsonObject(items) && items['$ref'] === undefined && items['enum'] === undefined) {
      const moved: Writable = { ...items, enum: choices };
      fitListedValues(moved, false, below(pointer, 'items'), into);
      schema['items'] = moved;
      into.findings.warn('enum_moved', at, 'lists single values for a list; they now apply to its items');
    } else {
      into.findings.warn('enum_dropped', at, 'lists single values for a list, and was left out');
    }
    return;
  }
  const fitting = choices.flatMap((choice: unknown) => fitted(choice, types));
  if (fitting.every((choice, index) => choice === choices[index]) && fitting.length === choices.length)
    return;
  into.losses += 1;
  if (fitting.length === 0) {
    delete schema['enum'];
    into.findings.warn('enum_dropped', at, 'lists no value of the declared type, and was left out');
    return;
  }
  schema['enum'] = [...new Set(fitting)];
  if (fitting.length < choices.length) {
    into.findings.warn(
      'enum_mismatch',
      at,
      'lists values that are not of the declared type; they were left out',
    );
  }
}

function fitConstant(schema: Writable, types: readonly unknown[], pointer: string, into: Conversion): void {
  const [value] = fitted(schema['const'], types);
  if (value === schema['const']) return;
  into.losses += 1;
  if (value !== undefined) schema['const'] = value;
  else {
    delete schema['const'];
    into.findings.warn(
      'const_dropped',
      below(pointer, 'const'),
      'is not of the declared type, and was left out',
    );
  }
}

/** Defaults are never filled into arguments. A default is a hint, and a hint that the check refuses misleads. */
function fitDefault(
  schema: Writable,
  types: readonly unknown[] | undefined,
  pointer: string,
  into: Conversion,
): void {
  const [value] = types === undefined ? [schema['default']] : fitted(schema['default'], types);
  const listed = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  const isListed =
    !Array.isArray(listed) || listed.some((each) => JSON.stringify(each) === JSON.stringify(value));
  if (value !== undefined && isListed) {
    schema['default'] = value;
    return;
  }
  delete schema['default'];
  into.findings.warn(
    'default_dropped',
    below(pointer, 'default'),
    'is no value that the schema accepts, and was left out',
  );
}

function typesOf({ type }: Writable, nullable: boolean): readonly unknown[] | undefined {
  if (type === undefined) return undefined;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return nullable ? [...types, 'null'] : types;
}

/** The value in the first type that it can have without loss, or nothing. */
function fitted(value: unknown, types: readonly unknown[]): unknown[] {
  if (types.some((type) => isOfType(value, type))) return [value];
  for (const type of types) {
    const found = converted(value, type);
    if (found !== undefined) return [found];
  }
  return [];
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function converted(value: unknown, type: unknown): unknown {
  if (type === 'string') {
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : undefined;
  if (type !== 'number' && type !== 'integer') return undefined;
  const number = Number(value);
  const isExact = String(number) === value && Number.isFinite(number);
  return isExact && (type === 'number' || Number.isSafeInteger(number)) ? number : undefined;
}
