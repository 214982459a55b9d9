import { errorMessage } from '@action-mesh/kernel';
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** A JSON Schema 2020-12 document in the form of an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Nothing is coerced, no default is filled in and nothing is removed: what was checked is what was sent, and the call
 * hash is over exactly that. Unknown keywords and formats are errors, so that a misspelt constraint is not a silent one.
 */
function newAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
    // Inlining repeats a definition at each use of it; a chain of definitions would grow the code without bound.
    inlineRefs: false,
    addUsedSchema: false,
    ownProperties: true,
    logger: false,
  });
  addFormats.default(ajv);
  return ajv;
}

const firstProblem = newAjv(false);
const allProblems = newAjv(true);

/** Throws what ajv throws. `every` makes the function go on after the first error. */
export function compileSchema(schema: JsonSchema, every: boolean): ValidateFunction {
  const ajv = every ? allProblems : firstProblem;
  try {
    return ajv.compile(schema);
  } finally {
    // ajv keeps every schema it has seen; tools come and go for as long as the process lives.
    ajv.removeSchema(schema);
  }
}

/** Why ajv cannot use this schema, or `undefined` when it can. */
export function schemaProblem(schema: JsonSchema): string | undefined {
  try {
    compileSchema(schema, false);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}
