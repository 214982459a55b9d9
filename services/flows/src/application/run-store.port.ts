import type { JsonValue } from '@action-mesh/kernel';

import type { ClaimedRun, RecordedStep, RunProblem, RunState, StepAnswer } from '../domain/flow-run.js';

/** A run before its first execution. */
export interface NewRun {
  readonly tenantId: string;
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly digest: string;
  readonly userId: string;
  /** The kind and the name of what started it. */
  readonly source: string;
  readonly key: string;
  readonly input: JsonValue;
  readonly traceparent?: string;
  /** The step that started it as a child. */
  readonly parent?: { readonly runId: string; readonly path: string };
}

/** The state of a run after an execution. */
export interface RunProgress {
  readonly state: RunState;
  readonly steps: readonly RecordedStep[];
  /** Whether the outcome of a call is outstanding. */
  readonly waitsOnCall?: boolean;
  /** Infinity: only an answer from outside wakes the run. */
  readonly wakeAtMs?: number;
  readonly failure?: RunProblem;
  readonly problem?: RunProblem;
  readonly result?: JsonValue;
}

/** What renewing claims has shown. */
export interface RenewedClaims {
  /** Another instance has these runs. */
  readonly lost: readonly ClaimedRun[];
  /** These runs were cancelled since their claim. */
  readonly failing: readonly (readonly [run: ClaimedRun, failure: RunProblem])[];
}

/** The record of runs and their steps. */
export interface RunStore {
  /** False: the run is known. */
  create(run: NewRun): Promise<boolean>;
  /** Claims due runs and reads all their steps in one statement. */
  claim(limit: number): Promise<readonly ClaimedRun[]>;
  /** Keeps the claims of runs. */
  renew(runs: readonly ClaimedRun[]): Promise<RenewedClaims>;
  /** Commits steps in the middle of an execution. False: another instance has the run. */
  keep(run: ClaimedRun, steps: readonly RecordedStep[]): Promise<boolean>;
  /** Answers a recorded step by its time. False: it has another answer, or another instance has the run. */
  answerDue(run: ClaimedRun, path: string, answer: StepAnswer): Promise<boolean>;
  /** Lets the open children of a run fail, so they undo their steps. */
  failChildren(run: ClaimedRun): Promise<void>;
  /** Whether there is a run with this id. */
  has(tenantId: string, runId: string): Promise<boolean>;
  /**
   * Commits the end of an execution, and ends its claim. A child's end answers its parent's step. A run that was cancelled
   * meanwhile stays open, and undoes its steps next.
   */
  finish(run: ClaimedRun, progress: RunProgress): Promise<boolean>;
  /** Gives claimed runs back, as they are. */
  release(runs: readonly ClaimedRun[]): Promise<void>;
  /** Answers the recorded step that waits for a call, and wakes its run. Without an answer it only wakes the run. */
  answerCall(
    tenantId: string,
    callId: string,
    original: string,
    answer: StepAnswer | undefined,
  ): Promise<void>;
  /** Wakes runs that wait for calls, spread over a time. Outcomes that nobody took reach them then. */
  wakeWaiting(withinMs: number): Promise<number>;
  /** Milliseconds until the next run is due, or Infinity. */
  nextDueInMs(): Promise<number>;
}
