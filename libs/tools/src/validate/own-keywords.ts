import { _, Name, type Ajv2020, type CodeKeywordDefinition, type ErrorObject } from 'ajv/dist/2020.js';

/**
 * The keyword that counts one step of work. No schema from outside can use it, because unknown keywords are refused.
 */
export const step = 'meshStep';

/**
 * The longest chain of references: each counts two, and one for each name in its path. The compiler follows them in
 * nested calls, and in a new process its stack ends from about 450 on.
 */
const farthest = 300;

/** This many errors are as much work to pass on as one step behind a reference. */
const errorsPerStep = 8;

/**
 * The chain of references is longer than the compiler may follow. The error never leaves the package: it becomes a
 * problem or a verdict.
 */
export class SchemaTooDeep extends Error {
  constructor() {
    super('the chain of references is too long');
  }
}

/** Replaces keywords of ajv that are not bounded or not exact. */
export function useOwnKeywords(ajv: Ajv2020, takeSteps: (count: number) => void): void {
  const takeStep = (): boolean => {
    takeSteps(1);
    return true;
  };
  // Runs before all keywords with further checks: ajv runs the keywords without a type before those of a type.
  ajv.addKeyword({ keyword: step, before: '$ref', schema: false, errors: false, validate: takeStep });
  boundReferences(definitionOf(ajv, '$ref'), takeSteps);
  const twins = (items: readonly unknown[]): Twins | undefined => {
    takeSteps(items.length);
    return firstTwins(items);
  };
  definitionOf(ajv, 'uniqueItems').code = (cxt) => {
    if (cxt.schema !== true) return;
    const find = cxt.gen.scopeValue('func', { ref: twins });
    const found = cxt.gen.const('twins', _`${find}(${cxt.data})`);
    cxt.setParams({ i: _`${found}.i`, j: _`${found}.j` });
    cxt.fail(_`${found} !== undefined`);
  };
  definitionOf(ajv, 'multipleOf').code = (cxt) => {
    const judge = cxt.gen.scopeValue('func', { ref: isMultiple });
    cxt.fail(_`!${judge}(${cxt.data}, ${cxt.schemaCode})`);
  };
}

/** Each instance has its own copy, so a change stays within it. */
function definitionOf(ajv: Ajv2020, keyword: string): CodeKeywordDefinition {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition === 'boolean' || !('code' in definition)) throw new Error(`ajv has no ${keyword}`);
  return definition;
}

/** The variable names in ajv's generated code. */
const vErrors = new Name('vErrors');
const errorCount = new Name('errors');

/**
 * ajv compiles a reference into its own function, within the compilation of the referring schema. The errors of that
 * function begin their paths anew. Here the depth is bounded, and the paths continue: `#/oneOf/0/$ref#/required`
 * names the branch of an error, as a path without a reference does.
 */
function boundReferences(definition: CodeKeywordDefinition, takeSteps: (count: number) => void): void {
  const { code } = definition;
  const continued = (errors: ErrorObject[], from: number, path: string): void => {
    takeSteps((errors.length - from) / errorsPerStep);
    continuePaths(errors, from, path);
  };
  let way = 0;
  definition.code = (cxt, ...rest) => {
    const { gen, it } = cxt;
    const result = cxt.result.bind(cxt);
    cxt.result = (condition, succeed, fail) => {
      result(condition, succeed, () => {
        const before = gen.const('before', errorCount);
        fail?.();
        const continueAll = gen.scopeValue('func', { ref: continued });
        gen.code(_`${continueAll}(${vErrors}, ${before}, ${`${it.errSchemaPath}/$ref`})`);
      });
    };
    const length = 1 + it.errSchemaPath.split('/').length;
    way += length;
    if (way > farthest) throw new SchemaTooDeep();
    code(cxt, ...rest);
    way -= length;
  };
}

/** JavaScript joins prefixed texts only when they are read. If there are many errors, none is read. */
function continuePaths(errors: ErrorObject[], from: number, path: string): void {
  for (let index = from; index < errors.length; index += 1) {
    const error = errors[index];
    if (error !== undefined) error.schemaPath = path + error.schemaPath;
  }
}

interface Twins {
  readonly i: number;
  readonly j: number;
}

/** Compares the items by their texts, because a comparison of each pair takes quadratic time. */
function firstTwins(items: readonly unknown[]): Twins | undefined {
  if (items.length < 2) return undefined;
  const seen = new Map<string, number>();
  for (const [i, item] of items.entries()) {
    const text = JSON.stringify(item, sorted);
    const j = seen.get(text);
    if (j !== undefined) return { i, j };
    seen.set(text, i);
  }
  return undefined;
}

/** The order of members does not matter. */
function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * Whether one number divides the other within the precision of doubles: 19.99 / 0.01 is not quite 1999. Each of the
 * three numbers is off by half a unit in its last place at most.
 */
function isMultiple(value: number, divisor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(divisor)) return value % divisor === 0;
  const quotient = value / divisor;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 2 * Number.EPSILON;
}
