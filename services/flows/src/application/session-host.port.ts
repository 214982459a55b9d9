import type { JsonValue } from '@action-mesh/kernel';

import type { ClaimedRun, RecordedStep, RunProblem, StepAnswer } from '../domain/flow-run.js';

/** The call that a step makes. */
export interface StepCall {
  readonly path: string;
  readonly ordinal: number;
  readonly tool: string;
  readonly version?: string;
  readonly arguments: JsonValue;
  readonly deadlineMs?: number;
  readonly connection?: string;
  /** The call that this one undoes. */
  readonly compensates?: string;
}

/** The way to undo a step: the undoing tool with exact arguments, or the reason why there is none. */
export type UndoCall =
  | { readonly tool: string; readonly version?: string; readonly arguments: JsonValue }
  | { readonly missing: string };

/** What the code of a run may do to the world. */
export interface SessionHost {
  nowMs(): number;
  newId(): string;
  /**
   * Hands the call of a step to the executors, and resolves to its id, which `onId` gets before the call leaves. The same
   * step always leads to the same call. Throws `StepRefusedError` when the call breaks a rule of the mesh.
   */
  submit(run: ClaimedRun, call: StepCall, onId: (callId: string) => void): Promise<string>;
  /** Commits steps before their answers are used. False: another instance has claimed the run. */
  keep(run: ClaimedRun, steps: readonly RecordedStep[]): Promise<boolean>;
  /** Answers a recorded step by its time. False: it has another answer. */
  answerDue(run: ClaimedRun, path: string, answer: StepAnswer): Promise<boolean>;
  /** Lets the open children of a run fail. Their ends answer their steps. */
  failChildren(run: ClaimedRun): Promise<void>;
  /** Starts a child, once, and returns its run id. Throws `StepRefusedError` for an unknown flow. */
  startChild(
    run: ClaimedRun,
    child: { path: string; flow: string; version: number; input: JsonValue },
  ): Promise<string>;
  /** The compensation of a step that succeeded, as its tool declares it. */
  compensation(tenantId: string, step: RecordedStep): UndoCall;
}

/** How an execution of a run ended. */
export type SessionEnd =
  | { readonly kind: 'succeeded'; readonly result?: JsonValue }
  | { readonly kind: 'undone' | 'diverged' | 'blocked' | 'needs_review'; readonly problem: RunProblem }
  /** The run waits. `failure` is set when it waits for the undo of its steps. */
  | { readonly kind: 'suspended'; readonly wakeAtMs: number; readonly failure?: RunProblem }
  /** Another instance has the run. */
  | { readonly kind: 'lost' };
