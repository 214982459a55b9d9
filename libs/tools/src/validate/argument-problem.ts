import { defined } from '@action-mesh/kernel';
import type { ErrorObject } from 'ajv/dist/2020.js';

import { memberPointer, type Problem } from '../problem.js';
import { isObject } from './json-object.js';
import type { JsonSchema } from './json-schema.js';
import { nearestMatch } from './nearest-match.js';
import { declaredProperties } from './object-schema.js';
import { describeSchema, exclusion } from './schema-text.js';
import { list, shownValue, typeName } from './value-text.js';

/** The problem of one argument, with the details that a model needs to correct its next call. */
export interface ArgumentProblem extends Problem {
  /** The value that the schema requires there. */
  readonly expected?: string;
  /** The shortened value that was sent. It is the caller's own data: for the answer to the caller, not for logs. */
  readonly given?: string;
}

/** The error in words. References in its schema lead into `root`. */
export function argumentProblem(error: ErrorObject, root: JsonSchema): ArgumentProblem {
  const params = error.params as Readonly<Record<string, unknown>>;
  const pointer = error.instancePath;
  switch (error.keyword) {
    case 'required':
      return missing(error, 'is required and missing');
    case 'dependentRequired':
      return missing(error, `is required where "${String(params['property'])}" is given, and missing`);
    case 'additionalProperties':
      return unknownName(String(params['additionalProperty']), propertiesOf(error.parentSchema), error);
    case 'unevaluatedProperties': {
      const known = [...declaredProperties(error.parentSchema ?? {}, root).keys()];
      return unknownName(String(params['unevaluatedProperty']), known, error);
    }
    case 'enum':
      return wrongChoice(pointer, params['allowedValues'], error.data);
    case 'const':
      return withGiven({ pointer, message: `must be ${shownValue(params['allowedValue'])}` }, error.data);
    case 'not':
      return withGiven({ pointer, message: exclusion(error.schema) }, error.data);
    case 'false schema':
      return { pointer, message: 'must not be given' };
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
        pointer: memberPointer(pointer, String(params['propertyName'])),
        message: 'is not a permitted name here',
      };
    case 'anyOf':
    case 'oneOf':
      return withGiven({ pointer, message: unionMessage(error) }, error.data);
    default:
      return withGiven({ pointer, message: error.message ?? `violates "${error.keyword}"` }, error.data);
  }
}

function missing({ instancePath, params, parentSchema }: ErrorObject, message: string): ArgumentProblem {
  const name = String((params as { readonly missingProperty: unknown }).missingProperty);
  const properties: unknown = parentSchema?.['properties'];
  const expected =
    isObject(properties) && Object.hasOwn(properties, name) ? describeSchema(properties[name]) : undefined;
  return {
    pointer: memberPointer(instancePath, name),
    message,
    ...defined({ expected }),
  };
}

function unknownName(
  name: string,
  known: readonly string[],
  { instancePath, parentSchema, data }: ErrorObject,
): ArgumentProblem {
  const sent = isObject(data) ? data : {};
  const near = nearestMatch(
    name,
    known.filter((candidate) => !Object.hasOwn(sent, candidate)),
  );
  return {
    pointer: memberPointer(instancePath, name),
    message:
      near === undefined ? 'is not a known name here' : `is not a known name here; did you mean "${near}"?`,
    expected: knownNames(known, parentSchema?.['patternProperties']),
  };
}

function knownNames(known: readonly string[], patterns: unknown): string {
  if (known.length > 0) return `one of ${list(known)}`;
  return isObject(patterns) ? `names that match ${list(Object.keys(patterns))}` : 'no members';
}

/** The allowed names. A name with the schema `false` is not allowed. */
function propertiesOf(schema: JsonSchema | undefined): readonly string[] {
  const properties = schema?.['properties'];
  return isObject(properties) ? Object.keys(properties).filter((name) => properties[name] !== false) : [];
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
  // The type matters here, not the value: an object may be long, and the caller knows the value.
  return { pointer, message: `must be of type ${types}`, expected: types, given: typeName(data) };
}

function unionMessage(error: ErrorObject): string {
  const matched = (error.params as { readonly passingSchemas?: unknown }).passingSchemas;
  return Array.isArray(matched)
    ? 'must match exactly one of the allowed forms, and matches several'
    : 'must match one of the allowed forms';
}

function withGiven(problem: ArgumentProblem, data: unknown): ArgumentProblem {
  return data === undefined ? problem : { ...problem, given: shownValue(data) };
}
