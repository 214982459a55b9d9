import { assertIJson, errorMessage, IJsonError } from '@action-mesh/kernel';
import { z } from 'zod';

import type { Problem } from '../problem.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { dialectProblem, schemaProblem } from '../validate/schema-compiler.js';
import { isObject } from '../validate/json-object.js';
import { ProblemList } from './problem-list.js';
import { checkSchema } from './schema-rules.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const MOST_BYTES = 256 * 1024;
/** Levels of JSON; a schema level takes about two of them. */
const DEEPEST = 64;
/** With one of these at the root, `additionalProperties` would not see what the parts declare. */
const COMPOSITION = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if'] as const;

/**
 * The arguments' JSON Schema 2020-12 in the form in which it is published: always of type object, and closed
 * unless its author opened it. A model that misspells a name is told so, instead of the provider ignoring it.
 */
export function compileInputSchema(source: object, problems: ProblemList): JsonSchema | undefined {
  const schema = toJsonSchema(source, '/input', schemaProblem, problems);
  if (schema === undefined) return undefined;
  if (schema['type'] !== 'object') {
    problems.add('/input/type', 'must be "object": arguments have names');
    return undefined;
  }
  return isClosedOrOpened(schema) ? schema : { ...schema, [closingKeyword(schema)]: false };
}

/** What is wrong with an input schema that was made elsewhere, by the same rules; pointers begin with `/input`. */
export function inputSchemaProblems(schema: JsonSchema): readonly Problem[] {
  const problems = new ProblemList();
  compileInputSchema(schema, problems);
  return problems.all;
}

/** The answers' schema. Nothing is ever validated with it, so it only has to be one. */
export function compileOutputSchema(source: object, problems: ProblemList): JsonSchema | undefined {
  return toJsonSchema(source, '/output', dialectProblem, problems);
}

function toJsonSchema(
  source: object,
  pointer: string,
  problemOf: (schema: JsonSchema) => string | undefined,
  problems: ProblemList,
): JsonSchema | undefined {
  const schema = isZod(source) ? fromZod(source, pointer, problems) : copyOf(source, pointer, problems);
  if (schema === undefined) return undefined;
  const { $schema: dialect, ...rest } = schema;
  if (dialect !== undefined && dialect !== DIALECT) {
    problems.add(`${pointer}/$schema`, 'must be JSON Schema 2020-12, which is also what its absence means');
    return undefined;
  }
  if (!checkSchema(rest, pointer, problems)) return undefined;
  const problem = problemOf(rest);
  if (problem === undefined) return rest;
  problems.add(pointer, `is not a usable JSON Schema: ${problem}`);
  return undefined;
}

/** By its inside and not by its class: a tool may come from a package with a zod of its own. */
function isZod(source: object): source is z.ZodType {
  return '_zod' in source;
}

/** Both directions are described as they are on the wire, before zod would transform anything. */
function fromZod(source: z.ZodType, pointer: string, problems: ProblemList): JsonSchema | undefined {
  try {
    return copyOf(z.toJSONSchema(source, { target: 'draft-2020-12', io: 'input' }), pointer, problems);
  } catch (error) {
    problems.add(pointer, `has no JSON Schema: ${errorMessage(error)}`);
    return undefined;
  }
}

/** A copy that its author can no longer change, and plain JSON for certain. */
function copyOf(source: object, pointer: string, problems: ProblemList): JsonSchema | undefined {
  try {
    assertIJson(source, { maxBytes: MOST_BYTES, maxDepth: DEEPEST });
    const copy = structuredClone(source);
    return isObject(copy) ? copy : undefined;
  } catch (error) {
    if (error instanceof IJsonError) problems.add(pointer + error.pointer, error.message);
    else problems.add(pointer, errorMessage(error));
    return undefined;
  }
}

function isClosedOrOpened(schema: JsonSchema): boolean {
  return schema['additionalProperties'] !== undefined || schema['unevaluatedProperties'] !== undefined;
}

function closingKeyword(schema: JsonSchema): string {
  return COMPOSITION.some((keyword) => schema[keyword] !== undefined)
    ? 'unevaluatedProperties'
    : 'additionalProperties';
}
