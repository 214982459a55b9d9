import type { ErrorObject } from 'ajv/dist/2020.js';

import { pointerTo, type Problem } from '../problem.js';
import { nearestMatch } from './nearest-match.js';

/** What is wrong with one argument, said so that a model can put it right in its next call. */
export interface ArgumentProblem extends Problem {
  /** What the schema asks for there. */
  readonly expected?: string;
  /** What was sent there, shortened. The caller's own data: for the answer to the caller, not for logs. */
  readonly given?: string;
}

const LONGEST_TEXT = 100;
const MOST_CHOICES = 20;

export function argumentProblem(error: ErrorObject): ArgumentProblem {
  const params = error.params as Readonly<Record<string, unknown>>;
  const pointer = error.instancePath;
  switch (error.keyword) {
    case 'required':
    case 'dependentRequired':
      return missing(pointer, String(params['missingProperty']), error);
    case 'additionalProperties':
      return unknownName(pointer, String(params['additionalProperty']), error);
    case 'unevaluatedProperties':
      return unknownName(pointer, String(params['unevaluatedProperty']), error);
    case 'enum':
      return wrongChoice(pointer, params['allowedValues'], error.data);
    case 'const':
      return withGiven({ pointer, message: `must be ${json(params['allowedValue'])}` }, error.data);
    case 'type':
      return wrongType(pointer, params['type'], error.data);
    case 'format':
      return withGiven({ pointer, message: `must be a valid ${String(params['format'])}` }, error.data);
    case 'pattern':
      return withGiven(
        { pointer, message: `must match the pattern ${String(params['pattern'])}` },
        error.data,
      );
    case 'propertyNames':
      return {
        pointer: pointerTo(pointer, String(params['propertyName'])),
        message: 'is not a permitted name here',
      };
    case 'anyOf':
    case 'oneOf':
      return withGiven({ pointer, message: unionMessage(error) }, error.data);
    default:
      return withGiven({ pointer, message: error.message ?? `violates "${error.keyword}"` }, error.data);
  }
}

function missing(parent: string, name: string, error: ErrorObject): ArgumentProblem {
  const expected = describe(member(error.parentSchema?.['properties'], name));
  return {
    pointer: pointerTo(parent, name),
    message: 'is required and missing',
    ...(expected === undefined ? {} : { expected }),
  };
}

function unknownName(parent: string, name: string, error: ErrorObject): ArgumentProblem {
  const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
  const sent = Object.keys((error.data as object | null) ?? {});
  const near = nearestMatch(
    name,
    known.filter((candidate) => !sent.includes(candidate)),
  );
  return {
    pointer: pointerTo(parent, name),
    message:
      near === undefined ? 'is not a known name here' : `is not a known name here; did you mean "${near}"?`,
    expected: known.length === 0 ? 'no members' : `one of ${list(known)}`,
  };
}

function wrongChoice(pointer: string, allowed: unknown, data: unknown): ArgumentProblem {
  const choices: readonly unknown[] = Array.isArray(allowed) ? allowed : [];
  const texts = choices.filter((choice) => typeof choice === 'string');
  const near = typeof data === 'string' ? nearestMatch(data, texts) : undefined;
  return withGiven(
    {
      pointer,
      message:
        near === undefined
          ? 'must be one of the allowed values'
          : `must be one of the allowed values; did you mean "${near}"?`,
      expected: `one of ${list(choices)}`,
    },
    data,
  );
}

function wrongType(pointer: string, type: unknown, data: unknown): ArgumentProblem {
  const types = Array.isArray(type) ? type.join(' or ') : String(type);
  // The type is the news, not the value: an object may be long, and the value is known to the caller.
  return { pointer, message: `must be of type ${types}`, expected: types, given: typeName(data) };
}

function unionMessage(error: ErrorObject): string {
  const matched = (error.params as { readonly passingSchemas?: unknown }).passingSchemas;
  return Array.isArray(matched)
    ? 'must match exactly one of the allowed forms, and matches several'
    : 'must match one of the allowed forms';
}

function withGiven(problem: ArgumentProblem, data: unknown): ArgumentProblem {
  return data === undefined ? problem : { ...problem, given: json(data) };
}

/** `string (email)`; what a reader needs in order to supply a value of this schema. */
function describe(schema: unknown): string | undefined {
  const type = member(schema, 'type');
  const choices = member(schema, 'enum');
  if (Array.isArray(choices)) return `one of ${list(choices)}`;
  if (typeof type !== 'string' && !Array.isArray(type)) return undefined;
  const name = Array.isArray(type) ? type.join(' or ') : type;
  const format = member(schema, 'format');
  return typeof format === 'string' ? `${name} (${format})` : name;
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function list(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_CHOICES).map(json).join(', ');
  return values.length > MOST_CHOICES ? `${shown} and ${values.length - MOST_CHOICES} more` : shown;
}

/**
 * The value as JSON, cut to a readable length; a big value is named by its type, so that the cost is bounded
 * too.
 */
function json(value: unknown): string {
  if (typeof value === 'object' && value !== null) return typeName(value);
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, LONGEST_TEXT)) : String(value);
  return typeof value === 'string' && value.length > LONGEST_TEXT ? `${text}…` : text;
}
