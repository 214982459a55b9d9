import { pointerTo } from '../problem.js';
import { linearPattern } from '../validate/linear-pattern.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { isObject } from './json-object.js';
import { IN_PLACE_LISTS, IN_PLACE_SINGLES, resolveLocal } from './object-schema.js';
import { repeatsAmbiguously } from './pattern-safety.js';
import type { ProblemList } from './problem-list.js';

const MOST_SCHEMAS = 5_000;
const MOST_CHOICES = 1_000;
const MOST_PROPERTIES = 1_000;
const LONGEST_PATTERN = 500;

/** Where a schema holds further schemas. */
const SCHEMA_MAPS = ['properties', 'patternProperties', '$defs', 'dependentSchemas'] as const;
const SCHEMA_LISTS = [...IN_PLACE_LISTS, 'prefixItems'] as const;
const SCHEMA_SINGLES = [
  ...IN_PLACE_SINGLES,
  'not',
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
] as const;
/**
 * `$id` and `$anchor` change what references mean, `$dynamicRef` does so while validating, `$async` changes
 * the result.
 */
const FORBIDDEN = ['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$vocabulary', '$async'] as const;

interface Place {
  readonly schema: JsonSchema;
  readonly pointer: string;
}

/**
 * Bounds and refusals that a JSON Schema validator does not make: sizes, references that leave the document
 * or lead in circles, patterns that hang. True when nothing was found.
 */
export function checkSchema(root: JsonSchema, pointer: string, problems: ProblemList): boolean {
  const before = problems.all.length;
  const waiting: Place[] = [{ schema: root, pointer }];
  const circles = new CircleFinder(root);
  let isCircular = false;
  for (let count = 0; ; count += 1) {
    const place = waiting.pop();
    if (place === undefined) break;
    if (count === MOST_SCHEMAS) {
      problems.add(pointer, `must not hold more than ${MOST_SCHEMAS} schemas`);
      break;
    }
    checkKeywords(place, problems);
    checkReference(place, root, problems);
    if (!isCircular && circles.startsAt(place.schema)) {
      // Every schema that leads into the circle would say the same.
      isCircular = true;
      problems.add(place.pointer, 'must not refer to itself for the same value: it would never be decided');
    }
    waiting.push(...schemasWithin(place));
  }
  return problems.all.length === before;
}

function checkKeywords({ schema, pointer }: Place, problems: ProblemList): void {
  for (const keyword of FORBIDDEN) {
    if (Object.hasOwn(schema, keyword)) problems.add(`${pointer}/${keyword}`, 'is not supported in a tool');
  }
  const { enum: choices, properties, pattern, patternProperties } = schema;
  if (Array.isArray(choices) && choices.length > MOST_CHOICES) {
    problems.add(`${pointer}/enum`, `must not hold more than ${MOST_CHOICES} values`);
  }
  if (isObject(properties) && Object.keys(properties).length > MOST_PROPERTIES) {
    problems.add(`${pointer}/properties`, `must not hold more than ${MOST_PROPERTIES} names`);
  }
  if (typeof pattern === 'string') checkPattern(pattern, `${pointer}/pattern`, problems);
  if (isObject(patternProperties)) {
    for (const text of Object.keys(patternProperties)) {
      checkPattern(text, pointerTo(`${pointer}/patternProperties`, text), problems);
    }
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

function checkReference({ schema, pointer }: Place, root: JsonSchema, problems: ProblemList): void {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return;
  if (!reference.startsWith('#')) {
    problems.add(`${pointer}/$ref`, 'must refer to the same document ("#/$defs/…"): nothing is fetched');
  } else if (resolveLocal(root, reference) === undefined) {
    problems.add(`${pointer}/$ref`, 'leads nowhere');
  }
}

function* schemasWithin({ schema, pointer }: Place): Generator<Place> {
  for (const keyword of SCHEMA_MAPS) {
    const map = schema[keyword];
    if (!isObject(map)) continue;
    for (const [name, child] of Object.entries(map)) {
      if (isObject(child)) yield { schema: child, pointer: pointerTo(`${pointer}/${keyword}`, name) };
    }
  }
  for (const keyword of SCHEMA_LISTS) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, child] of (list as unknown[]).entries()) {
      if (isObject(child)) yield { schema: child, pointer: `${pointer}/${keyword}/${index}` };
    }
  }
  for (const keyword of SCHEMA_SINGLES) {
    const child = schema[keyword];
    if (isObject(child)) yield { schema: child, pointer: `${pointer}/${keyword}` };
  }
}

/**
 * Recursion through a property or an item ends with the value. Recursion on the same value (`allOf: [{ $ref:
 * "#" }]`) does not, and would end the process's stack instead.
 */
class CircleFinder {
  readonly #root: JsonSchema;
  readonly #settled = new Set<JsonSchema>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  startsAt(schema: JsonSchema): boolean {
    return this.#visit(schema, new Set());
  }

  #visit(schema: JsonSchema, path: Set<JsonSchema>): boolean {
    if (path.has(schema)) return true;
    if (this.#settled.has(schema)) return false;
    path.add(schema);
    const found = this.#sameValue(schema).some((next) => this.#visit(next, path));
    path.delete(schema);
    if (!found) this.#settled.add(schema);
    return found;
  }

  #sameValue(schema: JsonSchema): JsonSchema[] {
    const next: unknown[] = [...IN_PLACE_SINGLES, 'not'].map((keyword) => schema[keyword]);
    for (const keyword of IN_PLACE_LISTS)
      if (Array.isArray(schema[keyword])) next.push(...(schema[keyword] as unknown[]));
    if (isObject(schema['dependentSchemas'])) next.push(...Object.values(schema['dependentSchemas']));
    if (typeof schema['$ref'] === 'string') next.push(resolveLocal(this.#root, schema['$ref']));
    return next.filter((candidate) => isObject(candidate));
  }
}
