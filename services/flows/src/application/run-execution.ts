import { defined, MeshError } from '@action-mesh/kernel';

import type {
  ClaimedRun,
  RecordedStep,
  RunProblem,
  StepAnswer,
  StepDifference,
  StepKind,
  StepUndo,
} from '../domain/flow-run.js';
import { Journal } from '../domain/journal.js';
import { divergence, runProblemOf, tooLarge } from './run-problems.js';
import { OpenWaits, type WaitFor } from './open-waits.js';
import type { SessionEnd, SessionHost, StepCall } from './session-host.port.js';

/** A run with outstanding answers leaves memory when nothing moved for this long, milliseconds. */
const idleMs = 3_000;
/** A run that waits for the outcome of a call asks for it again after this time, milliseconds. */
const lookAgainMs = 10 * 60_000;
/** After an outage of Kafka or PostgreSQL, an execution is repeated after this time, milliseconds. */
const outagePauseMs = 5_000;
/** Turns of the event loop that code may use between two steps. */
const turnsBetweenSteps = 50;

/** What a step does before it waits. */
export interface StepRequest {
  readonly path: string;
  readonly scope: string;
  readonly kind: StepKind;
  readonly about: string;
  readonly undo?: StepUndo;
  /** Begins a step without an answer. It may answer at once, or say what the step waits for. */
  readonly begin: (step: RecordedStep) => Promise<StepBegin>;
}

export type StepBegin = { readonly answer: StepAnswer } | WaitFor;

/**
 * One execution of the code of a run, from its start to its end or to the moment at which it leaves memory.
 *
 * - RX1: the code of a stopped execution gets no further answer, so it does nothing more.
 * - RX2: a difference to the record stops the execution before anything is sent.
 * - RX3: what a step may vary (`value`, times, children) is committed before the code sees it.
 */
export class RunExecution {
  readonly journal: Journal;
  readonly run: ClaimedRun;
  readonly host: SessionHost;
  readonly #waits = new OpenWaits();
  /** Resolves when the execution has ended. It never rejects. */
  readonly ended: Promise<SessionEnd>;
  #resolve: (end: SessionEnd) => void = () => undefined;
  /** Answers that came before their step waited for them. */
  readonly #early = new Map<string, StepAnswer | 'conflict'>();
  readonly #late: { readonly callId: string; readonly answer: StepAnswer | undefined }[] = [];
  #isStopped = false;
  #busy = 0;
  #movedAtMs: number;
  #checks = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #failure: RunProblem | undefined;

  constructor(run: ClaimedRun, host: SessionHost) {
    this.run = run;
    this.host = host;
    this.journal = new Journal(run.steps);
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    this.#movedAtMs = host.nowMs();
    this.#failure = run.failure;
  }

  /** Runs code that makes steps. The execution ends with its result, or when it can only wait. */
  start(work: () => Promise<SessionEnd>): void {
    this.#check();
    work().then(
      (end) => this.stop(end),
      (error: unknown) => this.stop({ kind: 'blocked', problem: runProblemOf(error) }),
    );
  }

  stop(end: SessionEnd): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#resolve(end);
  }

  /** Ends the execution because another instance has the run, or because the process ends. */
  drop(): void {
    this.stop({ kind: 'lost' });
  }

  /** The answer of a step. Its promise stays open when the execution ends first (RX1). */
  async step(request: StepRequest): Promise<StepAnswer> {
    if (this.#isStopped) return never();
    this.#moved();
    let step: ReturnType<Journal['request']>;
    try {
      step = this.journal.request(request);
    } catch (error) {
      return this.#block(error);
    }
    if ('recorded' in step) return this.#diverge(step);
    if (step.answer !== undefined) return step.answer;
    const begun = await this.#whileBusy(() => request.begin(step));
    if (begun === undefined || this.#hasStopped()) return never();
    if ('answer' in begun) return this.#answered(request.path, begun.answer);
    const { callId, dueAtMs } = begun;
    this.journal.change(request.path, defined({ callId, dueAtMs }));
    const answer = this.#waits.open(request.path, begun);
    const early = callId === undefined ? undefined : this.#early.get(callId);
    if (callId !== undefined && early !== undefined) this.takeAnswer(callId, early);
    this.#check();
    return answer;
  }

  /** Submits the call of a step. The step has the id before the call leaves: a step without one was never sent. */
  submit(call: StepCall): Promise<string> {
    return this.#hosted(() =>
      this.host.submit(this.run, call, (callId) => this.journal.change(call.path, { callId })),
    );
  }

  /** Starts the child of a step that is on record. */
  startChild(child: Parameters<SessionHost['startChild']>[1]): Promise<string> {
    return this.#hosted(() => this.host.startChild(this.run, child));
  }

  /** Answers that came after the execution had ended. Its progress does not have them. */
  takeLateAnswers(): readonly { readonly callId: string; readonly answer: StepAnswer | undefined }[] {
    return this.#late;
  }

  /** Commits the changed steps. False: the execution is over. */
  async keep(): Promise<boolean> {
    const changes = this.journal.changes;
    const kept = await this.#whileBusy(() => this.#hosted(() => this.host.keep(this.run, changes)));
    if (kept === true) this.journal.committed(changes);
    if (kept === false) this.drop();
    return kept === true && !this.#isStopped;
  }

  /** Takes the answer of a call of this execution. `original` is the call that ran. */
  takeAnswer(callId: string, answer: StepAnswer | 'conflict', original = callId): void {
    const path = this.#waits.pathOf(callId);
    if (this.#isStopped) {
      this.#late.push({ callId, answer: answer === 'conflict' ? undefined : answer });
    } else if (path === undefined) {
      this.#early.set(callId, answer);
    } else if (answer === 'conflict') {
      const now = this.journal.get(path)?.about ?? '';
      this.journal.refuse(path);
      void this.#diverge({
        step: path,
        recorded: 'a call with other content, in the history of the run',
        now,
      });
    } else {
      this.journal.change(path, { callId: original });
      this.#settle(path, answer);
    }
  }

  /** Waits for a host, and ends the execution in an outage, so that a later one goes on. */
  async #hosted<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MeshError) || error.retry !== 'retryable') throw error;
      this.#suspend(this.host.nowMs() + outagePauseMs);
      return never();
    }
  }

  #suspend(wakeAtMs: number): void {
    this.stop({
      kind: 'suspended',
      wakeAtMs,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    });
  }

  /** Answers a step by its time, unless somebody answered it before. */
  async #fallDue(path: string, answer: StepAnswer): Promise<void> {
    const isFirst = await this.#whileBusy(() =>
      this.#hosted(() => this.host.answerDue(this.run, path, answer)),
    );
    if (this.#isStopped) return;
    if (isFirst === true) this.#settle(path, answer);
    // The next execution reads the answer.
    else this.#suspend(this.host.nowMs());
  }

  #settle(path: string, answer: StepAnswer): void {
    this.journal.answer(path, answer);
    if (this.journal.isTooLarge) {
      this.stop({ kind: 'blocked', problem: tooLarge(path) });
      return;
    }
    this.#moved();
    this.#waits.settle(path, answer);
    this.#check();
  }

  async #answered(path: string, answer: StepAnswer): Promise<StepAnswer> {
    this.journal.answer(path, answer);
    if (this.journal.isTooLarge) {
      this.stop({ kind: 'blocked', problem: tooLarge(path) });
      return never();
    }
    return (await this.keep()) ? answer : never();
  }

  async #whileBusy<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    this.#busy += 1;
    try {
      return await work();
    } catch (error) {
      await this.#block(error);
      return undefined;
    } finally {
      this.#busy -= 1;
      this.#moved();
      this.#check();
    }
  }

  #block(error: unknown): Promise<never> {
    this.stop({ kind: 'blocked', problem: runProblemOf(error) });
    return never();
  }

  #diverge(difference: StepDifference): Promise<never> {
    this.stop({ kind: 'diverged', problem: divergence(difference) });
    return never();
  }

  /** The field as it is now, also after a wait. */
  #hasStopped(): boolean {
    return this.#isStopped;
  }

  #moved(): void {
    this.#movedAtMs = this.host.nowMs();
    this.#checks = 0;
  }

  /** Looks after this turn whether the code can go on without an answer from outside. */
  #check(): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    setImmediate(() => {
      if (this.#isStopped || this.#busy > 0) return;
      const nowMs = this.host.nowMs();
      const due = this.#waits.due(nowMs);
      for (const { path, answer } of due)
        if (answer === undefined) this.#settle(path, { ok: true });
        else void this.#fallDue(path, answer);
      if (due.some(({ answer }) => answer !== undefined)) return;
      if (this.#waits.size === 0) this.#checkProgress();
      else this.#wait(nowMs);
    });
  }

  #wait(nowMs: number): void {
    const idleAtMs = this.#movedAtMs + idleMs;
    const dueAtMs = this.#waits.nextDueAtMs;
    // Only the answers of calls come soon enough for a place in memory.
    if (nowMs >= idleAtMs || (!this.#waits.hasCalls && dueAtMs > nowMs + idleMs)) {
      const latestMs = this.#waits.hasCalls ? nowMs + lookAgainMs : Infinity;
      this.#suspend(Math.min(dueAtMs, latestMs));
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), Math.max(1, Math.min(dueAtMs, idleAtMs) - nowMs));
  }

  /** Code without an open step has to end or to make one soon. It would wait for ever otherwise. */
  #checkProgress(): void {
    this.#checks += 1;
    if (this.#checks < turnsBetweenSteps) {
      this.#check();
      return;
    }
    this.stop({
      kind: 'blocked',
      problem: {
        code: 'FLOWS_AWAITS_NO_STEP',
        message:
          'the flow awaits something that is no step, such as a timer or a request of its own; use run.sleep, run.call or run.value',
      },
    });
  }
}

/** A promise for code that must not go on. */
export function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}
