import { assertIJson, errorMessage, IJsonError } from '@action-mesh/kernel';
import { z } from 'zod';

import type { Problem } from '../problem.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { dialectProblem, schemaProblem } from '../validate/schema-compiler.js';
import { isObject } from '../validate/json-object.js';
import { ProblemList } from './problem-list.js';
import { checkSchema } from './schema-rules.js';

const jsonSchemaDialect = 'https://json-schema.org/draft/2020-12/schema';
const mostBytes = 256 * 1024;
/** The most levels of JSON. A schema level takes about two of them. */
const deepest = 64;
/** Keywords that combine schemas. `additionalProperties` beside them does not see the properties of their parts. */
const composition = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if'] as const;

/**
 * Compiles the arguments' schema to its published form, JSON Schema 2020-12. Its type is always object, and it is
 * closed unless its author opened it. So a model learns of a misspelt name, which the provider would ignore.
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

/** The problems of an input schema that was made elsewhere, by the same rules. Pointers begin with `/input`. */
export function inputSchemaProblems(schema: JsonSchema): readonly Problem[] {
  const problems = new ProblemList();
  compileInputSchema(schema, problems);
  return problems.all;
}

/** Compiles the answers' schema. Nothing is ever validated with it, so it only has to be a valid schema. */
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
  if (dialect !== undefined && dialect !== jsonSchemaDialect) {
    problems.add(`${pointer}/$schema`, 'must be JSON Schema 2020-12 or absent');
    return undefined;
  }
  if (!checkSchema(rest, pointer, problems)) return undefined;
  const problem = problemOf(rest);
  if (problem === undefined) return rest;
  problems.add(pointer, `is not a usable JSON Schema: ${problem}`);
  return undefined;
}

/**
 * Tests for zod by its structure and not its class, because a tool may come from a package with its own copy of zod.
 */
function isZod(source: object): source is z.ZodType {
  return '_zod' in source;
}

/** Both directions describe the value on the wire, before any transformation by zod. */
function fromZod(source: z.ZodType, pointer: string, problems: ProblemList): JsonSchema | undefined {
  try {
    return copyOf(z.toJSONSchema(source, { target: 'draft-2020-12', io: 'input' }), pointer, problems);
  } catch (error) {
    problems.add(pointer, `has no JSON Schema: ${errorMessage(error)}`);
    return undefined;
  }
}

/** Copies the schema, so its author can no longer change it, and makes sure that it is plain JSON. */
function copyOf(source: object, pointer: string, problems: ProblemList): JsonSchema | undefined {
  try {
    assertIJson(source, { maxBytes: mostBytes, maxDepth: deepest });
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
  return composition.some((keyword) => schema[keyword] !== undefined)
    ? 'unevaluatedProperties'
    : 'additionalProperties';
}
