import { _, Name, type Ajv2020, type CodeKeywordDefinition, type ErrorObject } from 'ajv/dist/2020.js';

/** The keyword that counts one step of work; nobody outside can use it, as unknown keywords are refused. */
export const STEP = 'meshStep';

/**
 * How far references lead, one after the other: two for each, and one for each name in its path. The compiler follows them in
 * calls within calls, and in a new process its stack ends from about 450 on.
 */
const FARTHEST = 300;

/** So many errors are as much work to hand on as one look behind a reference. */
const ERRORS_PER_STEP = 8;

/** References lead farther than the compiler may go. Never leaves the package: it becomes a problem or a verdict. */
export class SchemaTooDeep extends Error {
  constructor() {
    super('references lead from one to the next for too long');
  }
}

/** Puts ours in the place of the keywords that are not bounded or not exact as ajv has them. */
export function useOwnKeywords(ajv: Ajv2020, takeSteps: (count: number) => void): void {
  const takeStep = (): boolean => {
    takeSteps(1);
    return true;
  };
  // Before all that looks further; the group of keywords without a type comes before those of a type.
  ajv.addKeyword({ keyword: STEP, before: '$ref', schema: false, errors: false, validate: takeStep });
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

/** Each instance has a copy of its own, so that a change stays within it. */
function definitionOf(ajv: Ajv2020, keyword: string): CodeKeywordDefinition {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition === 'boolean' || !('code' in definition)) throw new Error(`ajv has no ${keyword}`);
  return definition;
}

/** The names of these in the code that ajv writes. */
const vErrors = new Name('vErrors');
const errorCount = new Name('errors');

/**
 * A reference is compiled into a function of its own, within the compilation of what refers to it, and the errors of that
 * function begin their paths anew. Here the way is bounded, and the paths go on: `#/oneOf/0/$ref#/required` says of which branch
 * an error is, as it does where nothing is referred to.
 */
function boundReferences(definition: CodeKeywordDefinition, takeSteps: (count: number) => void): void {
  const { code } = definition;
  const continued = (errors: ErrorObject[], from: number, path: string): void => {
    takeSteps((errors.length - from) / ERRORS_PER_STEP);
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
    if (way > FARTHEST) throw new SchemaTooDeep();
    code(cxt, ...rest);
    way -= length;
  };
}

/** Texts that are put before one another are only joined when somebody reads them, which is never where there are many. */
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

/** By their texts: to compare each with each takes the square of the time. */
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

/** The order of members says nothing. */
function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * Whether the two divide, but for what doubles cannot express: 19.99 / 0.01 is not quite 1999. Each of the three numbers is
 * off by half a unit in its last place at most.
 */
function isMultiple(value: number, divisor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(divisor)) return value % divisor === 0;
  const quotient = value / divisor;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 2 * Number.EPSILON;
}
