import { memberPointer } from '../problem.js';
import { linearPattern } from '../validate/linear-pattern.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { isObject } from '../validate/json-object.js';
import { referencePath, resolveLocal } from '../validate/object-schema.js';
import { schemasWithin, type SchemaPlace } from '../validate/schema-places.js';
import { ChainMeter } from './chain-meter.js';
import { repeatsAmbiguously } from './pattern-safety.js';
import type { ProblemList } from './problem-list.js';

const mostSchemas = 5_000;
const mostChoices = 1_000;
const mostProperties = 1_000;
const longestPattern = 500;

/**
 * `$id` and `$anchor` change the meaning of references. `$dynamicRef` and the older `$recursiveRef` do so during
 * validation. `$async` changes the result.
 */
const forbidden = [
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$recursiveRef',
  '$recursiveAnchor',
  '$vocabulary',
  '$async',
] as const;

/**
 * Checks bounds that a JSON Schema validator does not check: sizes, references that leave the document or form
 * cycles, and patterns that hang. Returns true if it finds no problem.
 */
export function checkSchema(root: JsonSchema, pointer: string, problems: ProblemList): boolean {
  const before = problems.all.length;
  const waiting: SchemaPlace[] = [{ schema: root, pointer }];
  const chains = new ChainMeter(root);
  const references: Reference[] = [];
  const places = new Set<string>();
  let isEndless = false;
  for (let count = 0; ; count += 1) {
    const place = waiting.pop();
    if (place === undefined) break;
    if (count === mostSchemas) {
      problems.add(pointer, `must not hold more than ${mostSchemas} schemas`);
      return false;
    }
    places.add(place.pointer);
    checkKeywords(place, problems);
    const { $ref: reference } = place.schema;
    if (typeof reference === 'string') references.push({ reference, pointer: `${place.pointer}/$ref` });
    const endless = isEndless ? undefined : chains.problemOf(place.schema);
    if (endless !== undefined) {
      // Reported once, because every schema that leads into the chain has the same problem.
      isEndless = true;
      problems.add(place.pointer, endless);
    }
    for (const within of schemasWithin(place)) waiting.push(within);
  }
  for (const reference of references) checkReference(reference, root, pointer, places, problems);
  return problems.all.length === before;
}

function checkKeywords({ schema, pointer }: SchemaPlace, problems: ProblemList): void {
  for (const keyword of forbidden) {
    if (Object.hasOwn(schema, keyword)) problems.add(`${pointer}/${keyword}`, 'is not supported in a tool');
  }
  const { enum: choices, properties, pattern, patternProperties } = schema;
  if (Array.isArray(choices) && choices.length > mostChoices) {
    problems.add(`${pointer}/enum`, `must not hold more than ${mostChoices} values`);
  }
  checkListedValues(schema, pointer, problems);
  if (isObject(properties) && Object.keys(properties).length > mostProperties) {
    problems.add(`${pointer}/properties`, `must not hold more than ${mostProperties} names`);
  }
  if (typeof pattern === 'string') checkPattern(pattern, `${pointer}/pattern`, problems);
  if (isObject(patternProperties)) {
    for (const text of Object.keys(patternProperties)) {
      checkPattern(text, memberPointer(`${pointer}/patternProperties`, text), problems);
    }
  }
}

/** A listed value of another type fits no argument. A model would see a choice that the argument check refuses. */
function checkListedValues(schema: JsonSchema, pointer: string, problems: ProblemList): void {
  const { type, enum: choices, const: constant } = schema;
  const types = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
  if (types.length === 0) return;
  const isDeclared = (value: unknown): boolean => types.some((each) => isOfType(value, each));
  if (Array.isArray(choices) && !choices.every(isDeclared)) {
    problems.add(`${pointer}/enum`, 'must hold values of the declared type alone');
  }
  if (constant !== undefined && !isDeclared(constant)) {
    problems.add(`${pointer}/const`, 'must be a value of the declared type');
  }
}

/** Whether a JSON value has a type that JSON Schema defines. The validator judges any other type name. */
function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return true;
  }
}

function checkPattern(pattern: string, pointer: string, problems: ProblemList): void {
  const problem = patternProblem(pattern);
  if (problem !== undefined) problems.add(pointer, problem);
}

/**
 * The reason that this regular expression cannot be used, or `undefined` if it can.
 *
 * JavaScript's own engine runs the patterns that the linear engine cannot express, and may take exponential time. So
 * such a pattern must not have the usual cause, and a pattern from a stranger is refused altogether.
 */
export function patternProblem(pattern: string, isStrangers = false): string | undefined {
  if (pattern.length > longestPattern) return `must not be longer than ${longestPattern} characters`;
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'must be a regular expression as ECMAScript reads it with the flag "u"';
  }
  if (linearPattern(pattern) !== undefined) return undefined;
  if (isStrangers) return 'must do without lookaround and back references: a text could make it run for ever';
  return repeatsAmbiguously(pattern)
    ? 'must not repeat a group that is itself a repetition, beside lookaround or back references: a text could make it run for ever'
    : undefined;
}

interface Reference {
  readonly reference: string;
  readonly pointer: string;
}

/** References may only lead to checked parts, because nothing bounds the other parts. */
function checkReference(
  { reference, pointer }: Reference,
  root: JsonSchema,
  start: string,
  places: ReadonlySet<string>,
  problems: ProblemList,
): void {
  if (!reference.startsWith('#')) {
    problems.add(pointer, 'must refer to the same document ("#/$defs/…"): nothing is fetched');
    return;
  }
  const target = resolveLocal(root, reference);
  const place = (referencePath(reference) ?? []).reduce<string>(memberPointer, start);
  if (target === undefined) problems.add(pointer, 'leads nowhere');
  else if (typeof target !== 'boolean' && !places.has(place))
    problems.add(pointer, 'must lead to a place for schemas ("#/$defs/…")');
}
