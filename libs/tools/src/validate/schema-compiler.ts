import { errorMessage } from '@action-mesh/kernel';
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { textPattern } from './linear-pattern.js';

/** A JSON Schema 2020-12 document in the form of an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Nothing is coerced, no default is filled in and nothing is removed: what was checked is what was sent, and
 * the call hash is over exactly that. Unknown keywords and formats are errors, so that a misspelt constraint
 * is not a silent one.
 */
const OPTIONS = {
  verbose: true,
  strict: true,
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

/** Throws what ajv throws. `every` makes the function go on after the first error. */
export function compileSchema(schema: JsonSchema, every: boolean): ValidateFunction {
  return newAjv(every, true).compile(schema);
}

/** The `code` is how a validator would be written to a file, which nobody does. */
const regExp = Object.assign(textPattern, { code: 'textPattern' });
const LONGEST_URL = 2_048;

function newAjv(every: boolean, optimize: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    ...OPTIONS,
    allErrors: every,
    meta: false,
    validateSchema: false,
    code: { optimize, regExp },
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

/** Why ajv cannot validate with this schema, or `undefined` when it can. */
export function schemaProblem(schema: JsonSchema): string | undefined {
  try {
    const problem = dialectProblem(schema);
    // To optimize a function that nobody will call is most of the work.
    if (problem === undefined) newAjv(false, false).compile(schema);
    return problem;
  } catch (error) {
    return errorMessage(error);
  }
}
