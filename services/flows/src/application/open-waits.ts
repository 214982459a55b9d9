import type { StepAnswer } from '../domain/flow-run.js';

interface Wait {
  readonly settle: (answer: StepAnswer) => void;
  /** The moment at which the wait answers itself. Absent: only an answer from outside ends it. */
  readonly dueAtMs: number | undefined;
  readonly dueAnswer: StepAnswer | undefined;
}

/** What a step waits for. */
export interface WaitFor {
  /** The call whose outcome is the answer. */
  readonly callId?: string;
  readonly dueAtMs?: number;
  /** The answer at `dueAtMs`, where somebody else can answer before. Absent: an answer without a value. */
  readonly dueAnswer?: StepAnswer;
}

/** The steps of a run that have no answer yet, while the run is in memory. */
export class OpenWaits {
  readonly #waits = new Map<string, Wait>();
  readonly #byCall = new Map<string, string>();

  /** Resolves to the answer of a step. */
  open(path: string, { callId, dueAtMs, dueAnswer }: WaitFor): Promise<StepAnswer> {
    if (callId !== undefined) this.#byCall.set(callId, path);
    return new Promise((settle) => this.#waits.set(path, { settle, dueAtMs, dueAnswer }));
  }

  get size(): number {
    return this.#waits.size;
  }

  /** Whether the answer of a call is outstanding. */
  get hasCalls(): boolean {
    return [...this.#byCall.values()].some((path) => this.#waits.has(path));
  }

  /** The next moment at which a wait answers itself. */
  get nextDueAtMs(): number {
    return Math.min(Infinity, ...[...this.#waits.values()].map(({ dueAtMs = Infinity }) => dueAtMs));
  }

  /** The waits whose moment has come. Each is given once. */
  due(nowMs: number): readonly { readonly path: string; readonly answer: StepAnswer | undefined }[] {
    const due = [...this.#waits].filter(([, { dueAtMs = Infinity }]) => dueAtMs <= nowMs);
    for (const [path, wait] of due) this.#waits.set(path, { ...wait, dueAtMs: undefined });
    return due.map(([path, { dueAnswer: answer }]) => ({ path, answer }));
  }

  pathOf(callId: string): string | undefined {
    return this.#byCall.get(callId);
  }

  settle(path: string, answer: StepAnswer): void {
    const wait = this.#waits.get(path);
    this.#waits.delete(path);
    wait?.settle(answer);
  }
}
