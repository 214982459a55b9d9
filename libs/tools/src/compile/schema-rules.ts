import { memberPointer } from '../problem.js';
import { linearPattern } from '../validate/linear-pattern.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { isObject } from '../validate/json-object.js';
import { referencePath, resolveLocal } from '../validate/object-schema.js';
import { schemasWithin, type SchemaPlace } from '../validate/schema-places.js';
import { ChainMeter } from './chain-meter.js';
import { repeatsAmbiguously } from './pattern-safety.js';
import type { ProblemList } from './problem-list.js';

const MOST_SCHEMAS = 5_000;
const MOST_CHOICES = 1_000;
const MOST_PROPERTIES = 1_000;
const LONGEST_PATTERN = 500;

/**
 * `$id` and `$anchor` change what references mean, `$dynamicRef` and its elder `$recursiveRef` do so while
 * validating, `$async` changes the result.
 */
const FORBIDDEN = [
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
 * Bounds and refusals that a JSON Schema validator does not make: sizes, references that leave the document
 * or lead in circles, patterns that hang. True when nothing was found.
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
    if (count === MOST_SCHEMAS) {
      problems.add(pointer, `must not hold more than ${MOST_SCHEMAS} schemas`);
      return false;
    }
    places.add(place.pointer);
    checkKeywords(place, problems);
    const { $ref: reference } = place.schema;
    if (typeof reference === 'string') references.push({ reference, pointer: `${place.pointer}/$ref` });
    const endless = isEndless ? undefined : chains.problemOf(place.schema);
    if (endless !== undefined) {
      // Every schema that leads into the chain would say the same.
      isEndless = true;
      problems.add(place.pointer, endless);
    }
    for (const within of schemasWithin(place)) waiting.push(within);
  }
  for (const reference of references) checkReference(reference, root, pointer, places, problems);
  return problems.all.length === before;
}

function checkKeywords({ schema, pointer }: SchemaPlace, problems: ProblemList): void {
  for (const keyword of FORBIDDEN) {
    if (Object.hasOwn(schema, keyword)) problems.add(`${pointer}/${keyword}`, 'is not supported in a tool');
  }
  const { enum: choices, properties, pattern, patternProperties } = schema;
  if (Array.isArray(choices) && choices.length > MOST_CHOICES) {
    problems.add(`${pointer}/enum`, `must not hold more than ${MOST_CHOICES} values`);
  }
  checkListedValues(schema, pointer, problems);
  if (isObject(properties) && Object.keys(properties).length > MOST_PROPERTIES) {
    problems.add(`${pointer}/properties`, `must not hold more than ${MOST_PROPERTIES} names`);
  }
  if (typeof pattern === 'string') checkPattern(pattern, `${pointer}/pattern`, problems);
  if (isObject(patternProperties)) {
    for (const text of Object.keys(patternProperties)) {
      checkPattern(text, memberPointer(`${pointer}/patternProperties`, text), problems);
    }
  }
}

/** A listed value of another type fits no argument: a model would be shown a choice that the check refuses. */
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

/** Whether a JSON value is of a type that JSON Schema names. A type that it does not name is judged by the validator. */
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
 * Why texts cannot be held against this regular expression, or `undefined` when they can. What the linear engine cannot
 * express runs in the language's own, which may take exponential time: such a pattern has to be free of the usual cause, and
 * a stranger's is refused altogether.
 */
export function patternProblem(pattern: string, isStrangers = false): string | undefined {
  if (pattern.length > LONGEST_PATTERN) return `must not be longer than ${LONGEST_PATTERN} characters`;
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

/** Only what was looked at may be referred to: what the rules of this file do not know is bounded by nothing. */
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
