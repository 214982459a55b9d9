import type { Variable } from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';
import type { FreeNames } from './identifiers.js';
import type { PrintContext } from './print-expression.js';

/** One line of a draft, and the node that it comes from. */
export interface CodeLine {
  readonly text: string;
  readonly node?: string;
}

/** The names, tools and helpers of a draft that its steps share. */
export interface StepContext extends PrintContext {
  readonly steps: FreeNames;
  readonly tools: Set<string>;
  readonly codes: Map<string, Extract<DraftStep, { kind: 'code' }>>;
  readonly codeNames: FreeNames;
  readonly children: Map<string, string>;
  readonly used: ReadonlySet<Variable>;
  /** The comment above the lines of a node. */
  readonly comment: (node: string) => string | undefined;
}

/** Whether the lines stand in the function of a run, or in one within it. */
export type StepPlace = 'run' | 'inner';

/** Writes the steps of a block. */
export type BlockPrinter = (
  steps: readonly DraftStep[],
  context: StepContext,
  depth: number,
  place: StepPlace,
  above?: string,
) => CodeLine[];

/** Moves the further lines of a call one level in. */
export const printAgain = (call: string, depth: number) =>
  call.replaceAll(`\n${'  '.repeat(depth)}`, `\n${'  '.repeat(depth + 1)}`);
