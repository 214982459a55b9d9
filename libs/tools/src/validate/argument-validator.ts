import type { Tool } from '@action-mesh/contracts/catalog';
import type { ErrorObject } from 'ajv/dist/2020.js';

import { argumentProblem, type ArgumentProblem } from './argument-problem.js';
import { SchemaTooDeep } from './own-keywords.js';
import { relevantErrors } from './relevant-errors.js';
import { compileSchema, type SchemaCheckResult } from './schema-compiler.js';

export type ValidationResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly problems: readonly ArgumentProblem[] };

/**
 * The most problems in an answer. A model cannot act on more at once, and hostile arguments must not cause a huge
 * answer.
 */
const mostProblems = 20;
/** The most values in arguments that are searched for all problems. Larger arguments get only the first problem. */
const mostValues = 2_000;
/**
 * The first check stops at the first error. Its steps into alternatives and references take a fraction of a second,
 * and are more than any real arguments need.
 */
const quickCheck = { every: false, mostSteps: 200_000 };
/** The second check collects every error. */
const thoroughCheck = { every: true, mostSteps: 5_000 };
/** Beyond this number, the errors come from nested alternatives. The last one represents them all. */
const mostErrors = 1_000;

/**
 * Checks the arguments of one tool against its input schema.
 *
 * - A1: the arguments never change: no coercion, no defaults, nothing removed. A default in a schema is a hint for
 *   the author of the call. The provider decides about an absent member.
 * - A2: the work and the answer are bounded. Small arguments get every problem, large ones the first. Arguments are
 *   refused if the check takes too much work.
 * - A3: the schema is compiled on first use, so thousands of tools in memory cost almost nothing.
 */
export class ArgumentValidator {
  readonly #schema: Tool['input'];
  #quick: ((value: unknown) => SchemaCheckResult) | undefined;
  #thorough: ((value: unknown) => SchemaCheckResult) | undefined;

  constructor(tool: Pick<Tool, 'input'>) {
    this.#schema = tool.input;
  }

  /** Throws for a tool with a schema that does not compile. `compileTool` never produces one. */
  validate(args: unknown): ValidationResult {
    const quick = (this.#quick ??= compileBounded(this.#schema, quickCheck));
    const checked = quick?.(args) ?? 'undecided';
    if (checked === 'valid') return { ok: true };
    if (checked === 'undecided') return { ok: false, problems: [tooMuchWork] };
    const errors = this.#errors(args, checked);
    return {
      ok: false,
      problems: describeAll(errors.length > mostErrors ? errors.slice(-1) : errors, this.#schema),
    };
  }

  #errors(args: unknown, first: readonly ErrorObject[]): readonly ErrorObject[] {
    if (!isSmall(args)) return first;
    const thorough = (this.#thorough ??= compileBounded(this.#schema, thoroughCheck));
    const checked = thorough?.(args) ?? 'undecided';
    return typeof checked === 'string' ? first : checked;
  }
}

const tooMuchWork: ArgumentProblem = {
  pointer: '',
  message: "takes too much work to check against the alternatives and references of the tool's schema",
};

/**
 * Compiles the schema. A tool from before the present rules may have a schema that is too deep; its arguments stay
 * undecided, as for too much work. `undefined` if the caller has used up most of the stack. That says nothing about
 * the schema, and the next call may have more of it.
 */
function compileBounded(
  schema: Tool['input'],
  bounds: typeof quickCheck,
): ((value: unknown) => SchemaCheckResult) | undefined {
  try {
    return compileSchema(schema, bounds);
  } catch (error) {
    if (error instanceof SchemaTooDeep) return () => 'undecided';
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function describeAll(errors: readonly ErrorObject[], schema: Tool['input']): readonly ArgumentProblem[] {
  const seen = new Set<string>();
  const problems: ArgumentProblem[] = [];
  for (const error of relevantErrors(errors)) {
    const problem = argumentProblem(error, schema);
    const identity = `${problem.pointer}\n${problem.message}`;
    if (seen.has(identity)) continue;
    seen.add(identity);
    problems.push(problem);
    if (problems.length === mostProblems) break;
  }
  return problems;
}

function isSmall(value: unknown): boolean {
  let left = mostValues;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const members = Object.values(next) as unknown[];
    left -= members.length;
    if (left < 0) return false;
    waiting.push(...members);
  }
  return true;
}
