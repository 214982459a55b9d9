import type { Tool } from '@action-mesh/contracts/catalog';
import type { ErrorObject } from 'ajv/dist/2020.js';

import { argumentProblem, type ArgumentProblem } from './argument-problem.js';
import { SchemaTooDeep } from './own-keywords.js';
import { relevantErrors } from './relevant-errors.js';
import { compileSchema, type SchemaCheckResult } from './schema-compiler.js';

export type ValidationResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly problems: readonly ArgumentProblem[] };

/** More than a model can act on at once, and a bound on what a hostile argument makes us write. */
const MOST_PROBLEMS = 20;
/** Up to this many values all problems are looked for; in larger arguments, only the first. */
const MOST_VALUES = 2_000;
/** Looks into alternatives and behind references: a fraction of a second, and more than any arguments need. */
const QUICK = { every: false, mostSteps: 200_000 };
/** Every error on the way is kept. */
const THOROUGH = { every: true, mostSteps: 5_000 };
/** More errors than these are those of alternatives within alternatives; the last speaks for all of them. */
const MOST_ERRORS = 1_000;

/**
 * Checks the arguments of one tool against its input schema.
 *
 * - A1: the arguments are never changed: no coercion, no defaults, nothing removed. A default in a schema is
 *   a hint for whoever writes the call; what the provider does with an absent member is the provider's
 *   affair.
 * - A2: the work and the answer are bounded: every problem of small arguments, the first problem of large
 *   ones. Arguments that it would take too long to judge are refused.
 * - A3: the schema is compiled on first use, so that holding thousands of tools in memory costs next to
 *   nothing.
 */
export class ArgumentValidator {
  readonly #schema: Tool['input'];
  #quick: ((value: unknown) => SchemaCheckResult) | undefined;
  #thorough: ((value: unknown) => SchemaCheckResult) | undefined;

  constructor(tool: Pick<Tool, 'input'>) {
    this.#schema = tool.input;
  }

  /** Throws for a tool whose schema cannot be compiled; `compileTool` lets none of those through. */
  validate(args: unknown): ValidationResult {
    const quick = (this.#quick ??= compileBounded(this.#schema, QUICK));
    const checked = quick?.(args) ?? 'undecided';
    if (checked === 'valid') return { ok: true };
    if (checked === 'undecided') return { ok: false, problems: [TOO_MUCH_WORK] };
    const errors = this.#errors(args, checked);
    return {
      ok: false,
      problems: describeAll(errors.length > MOST_ERRORS ? errors.slice(-1) : errors, this.#schema),
    };
  }

  #errors(args: unknown, first: readonly ErrorObject[]): readonly ErrorObject[] {
    if (!isSmall(args)) return first;
    const thorough = (this.#thorough ??= compileBounded(this.#schema, THOROUGH));
    const checked = thorough?.(args) ?? 'undecided';
    return typeof checked === 'string' ? first : checked;
  }
}

const TOO_MUCH_WORK: ArgumentProblem = {
  pointer: '',
  message: "takes too much work to check against the alternatives and references of the tool's schema",
};

/**
 * A tool that was published before its like was refused leaves its arguments undecided, as too much work does. `undefined`
 * where the caller has used up most of the stack: that says nothing about the schema, and the next call may have more of it.
 */
function compileBounded(
  schema: Tool['input'],
  bounds: typeof QUICK,
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
    if (problems.length === MOST_PROBLEMS) break;
  }
  return problems;
}

function isSmall(value: unknown): boolean {
  let left = MOST_VALUES;
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
