import { errorMessage } from '@action-mesh/kernel';
import addFormats from 'ajv-formats';
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';

import { countedSchema } from './counted-schema.js';
import type { JsonSchema } from './json-schema.js';
import { textPattern } from './linear-pattern.js';
import { useOwnKeywords } from './own-keywords.js';

/**
 * Nothing is coerced, no default is filled in and nothing is removed: the checked arguments are the sent ones, and
 * the call hash covers exactly them. Unknown keywords and formats are errors, so a misspelt constraint is found.
 */
const ajvOptions = {
  verbose: true,
  strict: true,
  // A declared name that also fits a pattern must satisfy both schemas.
  allowMatchingProperties: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
  ownProperties: true,
  // Inlining repeats a definition at each use. A chain of definitions would grow the code without bound.
  inlineRefs: false,
  logger: false,
} as const;

/**
 * Checks schemas and never compiles one. Compilation needs an instance that is dropped with the schema: ajv keeps a
 * part of every compiled schema, and a process loads and drops tools all its life.
 */
const dialect = new Ajv2020(ajvOptions);

/** Valid; not valid, with the errors; or undecided, because the check takes more work than allowed. */
export type SchemaCheckResult = 'valid' | 'undecided' | readonly ErrorObject[];

/**
 * Compiles a schema. `every` makes the check continue after the first error. `mostSteps` limits the steps into an
 * alternative, behind a reference, or to an item that has to be unique.
 *
 * Throws `SchemaTooDeep`, ajv's errors, and `RangeError` if its caller has used up most of the stack.
 */
export function compileSchema(
  schema: JsonSchema,
  { every, mostSteps }: { readonly every: boolean; readonly mostSteps: number },
): (value: unknown) => SchemaCheckResult {
  let left = 0;
  const takeSteps = (count: number): void => {
    left -= count;
    if (left < 0) throw new OutOfSteps();
  };
  const validate = compile(schema, { allErrors: every }, takeSteps);
  return (value) => {
    left = mostSteps;
    try {
      return validate(value) ? 'valid' : (validate.errors ?? []);
    } catch (error) {
      // References at each level of a deep value may use up the stack before they use up the steps.
      if (error instanceof OutOfSteps || error instanceof RangeError) return 'undecided';
      throw error;
    }
  };
}

/** Never leaves this file. */
class OutOfSteps extends Error {}

function compile(schema: JsonSchema, options: Options, takeSteps: (count: number) => void): ValidateFunction {
  const ajv = newAjv(options);
  // `unevaluated…` needs the result of every alternative, even after one has matched. ajv's class sets this option
  // itself, so it is changed here.
  if (!JSON.stringify(schema).includes('"unevaluated')) ajv.opts.unevaluated = false;
  useOwnKeywords(ajv, takeSteps);
  return ajv.compile(countedSchema(schema));
}

/** ajv uses `code` only to write a validator to a file, which does not happen here. */
const regExp = Object.assign(textPattern, { code: 'textPattern' });
const longestUrl = 2_048;

function newAjv({ code, ...options }: Options): Ajv2020 {
  const ajv = new Ajv2020({
    ...ajvOptions,
    ...options,
    meta: false,
    validateSchema: false,
    code: { ...code, regExp },
  });
  addFormats.default(ajv);
  // This is the only format with an expression of more than linear time: a text of 256 KB would take a minute.
  const url = ajv.formats['url'];
  ajv.addFormat('url', (text) => text.length <= longestUrl && url instanceof RegExp && url.test(text));
  return ajv;
}

/** The reason that this is no schema of the dialect, or `undefined` if it is one. */
export function dialectProblem(schema: JsonSchema): string | undefined {
  if (dialect.validateSchema(schema) === true) return undefined;
  return dialect.errorsText(dialect.errors?.slice(0, 1), { dataVar: 'the schema' });
}

/**
 * The reason that no call can be checked with this schema, or `undefined` if calls can. It compiles the schema
 * exactly as a call does.
 */
export function schemaProblem(schema: JsonSchema): string | undefined {
  try {
    const problem = dialectProblem(schema);
    // The optimization of a function that is never called would be most of the work, and it refuses nothing.
    if (problem === undefined) compile(schema, { code: { optimize: false } }, () => undefined);
    return problem;
  } catch (error) {
    return errorMessage(error);
  }
}

const formats = new Map<string, ValidateFunction>();

/** Whether a text has a format that arguments are checked for. */
export function fitsFormat(format: string, value: unknown): boolean {
  let validate = formats.get(format);
  if (validate === undefined) {
    validate = compile({ type: 'string', format }, {}, () => undefined);
    formats.set(format, validate);
  }
  return validate(value);
}
