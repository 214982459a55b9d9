import { ArgumentValidator, type JsonSchema } from '@action-mesh/tools';

import { isJsonObject } from '../json-object.js';
import { none, sampleValue } from './sample-value.js';

/** The number of calls that are tried. If none fits, the tool gets a warning. */
const mostVariants = 8;
/** Keywords that can rule out a value made up without them. */
const judged: ReadonlySet<string> = new Set([
  'allOf',
  'oneOf',
  'not',
  'if',
  'contains',
  'prefixItems',
  'uniqueItems',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
  'unevaluatedItems',
  'dependentRequired',
  'dependentSchemas',
]);

/**
 * The reason that the input of a tool accepts no made-up call, or `undefined` if it accepts one. A schema without
 * alternatives and conditions accepts every value made up by its rules. Any other schema checks the made-up value. A
 * pattern is assumed to fit some text.
 */
export function callProblem(input: JsonSchema): string | undefined {
  const plain = withoutPatterns(input);
  if (!isJsonObject(plain)) return undefined;
  let validator: ArgumentValidator | undefined;
  let problem = 'a member that is required can have no value';
  for (let variant = 0; variant < mostVariants; variant += 1) {
    const value = sampleValue(plain, variant);
    if (value === none) continue;
    if (!needsJudge(plain)) return undefined;
    validator ??= new ArgumentValidator({
      input: plain as ConstructorParameters<typeof ArgumentValidator>[0]['input'],
    });
    const verdict = validator.validate(value);
    if (verdict.ok) return undefined;
    const [first] = verdict.problems;
    if (first !== undefined) problem = `${first.pointer} ${first.message}`.trim();
  }
  return problem;
}

function needsJudge(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(needsJudge);
  if (!isJsonObject(schema)) return false;
  return Object.entries(schema).some(([name, child]) => judged.has(name) || needsJudge(child));
}

function withoutPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPatterns);
  if (!isJsonObject(schema)) return schema;
  const entries = Object.entries(schema).filter(
    ([name, value]) => name !== 'pattern' || typeof value !== 'string',
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutPatterns(value)]));
}
