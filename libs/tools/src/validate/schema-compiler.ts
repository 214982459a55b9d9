import { errorMessage } from '@action-mesh/kernel';
import addFormats from 'ajv-formats';
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';

import { countedSchema } from './counted-schema.js';
import type { JsonSchema } from './json-schema.js';
import { textPattern } from './linear-pattern.js';
import { useOwnKeywords } from './own-keywords.js';

/**
 * Nothing is coerced, no default is filled in and nothing is removed: what was checked is what was sent, and
 * the call hash is over exactly that. Unknown keywords and formats are errors, so that a misspelt constraint
 * is not a silent one.
 */
const OPTIONS = {
  verbose: true,
  strict: true,
  // A name that is declared and fits a pattern as well has to fit both.
  allowMatchingProperties: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
  ownProperties: true,
  // Inlining repeats a definition at each use of it; a chain of definitions would grow the code without
  // bound.
  inlineRefs: false,
  logger: false,
} as const;

/**
 * Checks schemas and never compiles one. Whoever compiles needs an instance that ends with the schema: ajv
 * keeps a part of whatever it has compiled, and tools come and go for as long as the process lives.
 */
const dialect = new Ajv2020(OPTIONS);

/** Valid; not valid, with the errors; or it would have taken more work than was allowed to find out. */
export type SchemaCheckResult = 'valid' | 'undecided' | readonly ErrorObject[];

/**
 * Throws `SchemaTooDeep`, `RangeError` where its caller has used up most of the stack, and what ajv throws. `every` makes the
 * check go on after the first error; `mostSteps` is how often it may look into an alternative, behind a reference, or at an
 * item that has to be unique.
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
      // References followed at each level of a deep value may take all of the stack before they take all steps.
      if (error instanceof OutOfSteps || error instanceof RangeError) return 'undecided';
      throw error;
    }
  };
}

/** Never leaves this file. */
class OutOfSteps extends Error {}

function compile(schema: JsonSchema, options: Options, takeSteps: (count: number) => void): ValidateFunction {
  const ajv = newAjv(options);
  // To follow what was evaluated, every alternative has to be tried, also after one has fit. The class sets it
  // over whatever it is given.
  if (!JSON.stringify(schema).includes('"unevaluated')) ajv.opts.unevaluated = false;
  useOwnKeywords(ajv, takeSteps);
  return ajv.compile(countedSchema(schema));
}

/** The `code` is how a validator would be written to a file, which nobody does. */
const regExp = Object.assign(textPattern, { code: 'textPattern' });
const LONGEST_URL = 2_048;

function newAjv({ code, ...options }: Options): Ajv2020 {
  const ajv = new Ajv2020({
    ...OPTIONS,
    ...options,
    meta: false,
    validateSchema: false,
    code: { ...code, regExp },
  });
  addFormats.default(ajv);
  // The only format whose expression takes more than linear time: a text of 256 KB would take a minute.
  const url = ajv.formats['url'];
  ajv.addFormat('url', (text) => text.length <= LONGEST_URL && url instanceof RegExp && url.test(text));
  return ajv;
}

/** Why this is no schema of the dialect, or `undefined` when it is one. */
export function dialectProblem(schema: JsonSchema): string | undefined {
  if (dialect.validateSchema(schema) === true) return undefined;
  return dialect.errorsText(dialect.errors?.slice(0, 1), { dataVar: 'the schema' });
}

/** Why no call can be checked with this schema, or `undefined` when all can: what is compiled is what a call compiles. */
export function schemaProblem(schema: JsonSchema): string | undefined {
  try {
    const problem = dialectProblem(schema);
    // To optimize a function that nobody will call is most of the work, and refuses nothing.
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
