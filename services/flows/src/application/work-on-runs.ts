import { DiagnosticPoint, MeshError } from '@action-mesh/kernel';

import type { ClaimedRun, StepAnswer } from '../domain/flow-run.js';
import { executeFlow } from './execute-flow.js';
import { RunExecution } from './run-execution.js';
import type { FlowBundles } from './flow-bundles.port.js';
import type { RunProgress, RunStore } from './run-store.port.js';
import type { SessionEnd, SessionHost } from './session-host.port.js';

/** Runs in memory at once. Each is a few kilobytes and the steps of its run. */
const mostRuns = 500;
const claimAtOnce = 50;

/** The end of an execution, before it is committed. Tests kill the process here. */
export const executionEnded = new DiagnosticPoint<{ readonly kind: string }>('mesh:flows:execution_ended');

/** An outcome of a call, as far as steps need it. */
export interface StepOutcome {
  readonly tenantId: string;
  readonly callId: string;
  /** The call that ran. */
  readonly original: string;
  /** Undefined: the call goes on. */
  readonly answer: StepAnswer | 'conflict' | undefined;
}

/** The part of a host that is not the record. */
export type MeshSide = Omit<SessionHost, 'keep' | 'answerDue' | 'failChildren'>;

interface WorkOnRunsParts {
  readonly store: RunStore;
  readonly flows: Pick<FlowBundles, 'byDigest'>;
  readonly host: MeshSide;
  readonly onError: (error: unknown, run: ClaimedRun) => void;
  /** More runs may be due. */
  readonly onRoom: () => void;
}

/**
 * Executes due runs.
 *
 * - WR1: one execution at a time for each run, over all instances: by its claim and its epoch.
 * - WR2: an answer for a run in memory reaches its code at once; any other answer is recorded and wakes its run.
 */
export class WorkOnRuns {
  readonly #parts: WorkOnRunsParts;
  readonly #executions = new Map<ClaimedRun, RunExecution>();
  readonly #byCall = new Map<string, RunExecution>();
  readonly #ends = new Set<Promise<void>>();
  #isClosed = false;

  constructor(parts: WorkOnRunsParts) {
    this.#parts = parts;
  }

  /** Claims due runs and starts them. Returns their number. */
  async run(): Promise<number> {
    const room = mostRuns - this.#executions.size;
    if (room <= 0) return 0;
    const claimed = await this.#parts.store.claim(Math.min(room, claimAtOnce));
    if (this.#isClosed) await this.#parts.store.release(claimed);
    else for (const run of claimed) this.#start(run);
    return claimed.length;
  }

  /** Renews the claims of the runs in memory. */
  async renew(): Promise<void> {
    const { lost, failing } = await this.#parts.store.renew([...this.#executions.keys()]);
    for (const run of lost) this.#executions.get(run)?.drop();
    for (const [run, failure] of failing)
      this.#executions.get(run)?.stop({ kind: 'suspended', wakeAtMs: this.#parts.host.nowMs(), failure });
  }

  /** Gives an outcome to the run in memory that waits for it. False: there is none. */
  takeInMemory({ tenantId, callId, original, answer }: StepOutcome): boolean {
    const execution = this.#byCall.get(callId);
    if (execution?.run.tenantId !== tenantId) return false;
    if (answer !== undefined) execution.takeAnswer(callId, answer, original);
    return true;
  }

  /** Records an outcome for a run that is not in memory, and wakes it. */
  async record({ tenantId, callId, original, answer }: StepOutcome): Promise<void> {
    if (answer === undefined) return;
    await this.#parts.store.answerCall(
      tenantId,
      callId,
      original,
      answer === 'conflict' ? undefined : answer,
    );
  }

  /** Gives all runs back. Their next execution goes on from what is recorded. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const runs = [...this.#executions.keys()];
    for (const execution of this.#executions.values()) execution.drop();
    await Promise.all(this.#ends);
    await this.#parts.store.release(runs);
  }

  #start(run: ClaimedRun): void {
    const execution: RunExecution = new RunExecution(run, {
      ...bound(this.#parts.host),
      submit: (of, call, onId) =>
        this.#parts.host.submit(of, call, (callId) => {
          this.#byCall.set(callId, execution);
          onId(callId);
        }),
      keep: (of, steps) => this.#parts.store.keep(of, steps),
      answerDue: (of, path, answer) => this.#parts.store.answerDue(of, path, answer),
      failChildren: (of) => this.#parts.store.failChildren(of),
    });
    this.#executions.set(run, execution);
    execution.start(async () =>
      executeFlow(execution, await this.#parts.flows.byDigest(run.tenantId, run.flow, run.digest)),
    );
    const end = this.#finish(execution).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
  }

  /**
   * Without this, a run that PostgreSQL can never write would be executed for ever. After an outage the claim ends, and the
   * next execution repeats what was not committed.
   */
  async #block(run: ClaimedRun, error: unknown): Promise<void> {
    if (error instanceof MeshError && error.retry === 'retryable') return;
    const problem = {
      code: 'FLOWS_NOT_RECORDED',
      message: 'the steps of the run cannot be written; the log of the service for flows has the error',
    };
    await this.#parts.store
      .finish(run, { state: 'blocked', steps: [], problem })
      .catch((failure: unknown) => this.#parts.onError(failure, run));
  }

  async #finish(execution: RunExecution): Promise<void> {
    const { run } = execution;
    const end = await execution.ended;
    try {
      executionEnded.publish(() => ({ kind: end.kind }));
      if (end.kind !== 'lost') await this.#parts.store.finish(run, progressOf(execution, end));
    } catch (error) {
      this.#parts.onError(error, run);
      await this.#block(run, error);
    } finally {
      this.#executions.delete(run);
      const late = execution.takeLateAnswers();
      for (const [callId, of] of this.#byCall) if (of === execution) this.#byCall.delete(callId);
      for (const { callId, answer } of late)
        await this.#parts.store
          .answerCall(run.tenantId, callId, callId, answer)
          .catch((error: unknown) => this.#parts.onError(error, run));
      if (!this.#isClosed) this.#parts.onRoom();
    }
  }
}

function progressOf(execution: RunExecution, end: Exclude<SessionEnd, { kind: 'lost' }>): RunProgress {
  const { changes: steps, waitsOnCall } = execution.journal;
  switch (end.kind) {
    case 'succeeded':
      return { state: 'succeeded', steps, ...(end.result === undefined ? {} : { result: end.result }) };
    case 'suspended':
      return {
        state: 'open',
        steps,
        waitsOnCall,
        wakeAtMs: end.wakeAtMs,
        ...(end.failure === undefined ? {} : { failure: end.failure }),
      };
    case 'undone':
      return { state: end.problem.code === cancelled ? 'cancelled' : 'failed', steps, problem: end.problem };
    default:
      return { state: end.kind, steps, problem: end.problem };
  }
}

/** The code of the failure of a run that a person cancelled. */
export const cancelled = 'FLOWS_CANCELLED';

function bound(host: MeshSide): Omit<MeshSide, 'submit'> {
  return {
    nowMs: () => host.nowMs(),
    newId: () => host.newId(),
    startChild: (run, child) => host.startChild(run, child),
    compensation: (tenantId, step) => host.compensation(tenantId, step),
  };
}
