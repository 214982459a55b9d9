import { errorMessage, type Clock } from '@action-mesh/kernel';

export interface LedgerHealthOptions {
  /** Tests whether a call could be recorded, and records nothing. Rejects with the reason when it could not. */
  readonly tryRecording: () => Promise<unknown>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Called when the ledger has refused for a moment, and when it accepts again. */
  readonly onChange: (refusal: string | undefined) => void;
}

/** A refusal shorter than this is not reported. A lost connection or a restart takes less. */
const noticeAfterMs = 1_000;
const tryEveryMs = 1_000;

/**
 * Whether the ledger takes new calls. Costs no work while it does. From the first refusal on, the ledger is tried once
 * a second until it accepts. So its recovery shows without a new call.
 */
export class LedgerHealth {
  readonly #options: LedgerHealthOptions;
  readonly #stopped = new AbortController();
  #refusing: { readonly sinceMs: number; reason: string } | undefined;
  #isReported = false;
  #trying: Promise<void> = Promise.resolve();

  constructor(options: LedgerHealthOptions) {
    this.#options = options;
  }

  /** Why new calls are refused. Undefined while the ledger accepts them. */
  get refusal(): string | undefined {
    return this.#isReported ? this.#refusing?.reason : undefined;
  }

  /** Notes that a call was recorded. */
  accepted(): void {
    if (this.#refusing === undefined) return;
    this.#refusing = undefined;
    if (!this.#isReported) return;
    this.#isReported = false;
    this.#options.onChange(undefined);
  }

  /** Notes that a call could not be recorded, for a reason outside the call. */
  refused(error: unknown): void {
    if (this.#refusing !== undefined || this.#stopped.signal.aborted) return;
    this.#refusing = { sinceMs: this.#options.clock.monotonicMs(), reason: errorMessage(error) };
    this.#trying = this.#trying.then(() => this.#tryUntilAccepted());
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#trying;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #current(): { readonly sinceMs: number; reason: string } | undefined {
    return this.#refusing;
  }

  async #tryUntilAccepted(): Promise<void> {
    const { tryRecording, clock, onChange } = this.#options;
    const { signal } = this.#stopped;
    while (this.#refusing !== undefined) {
      await pause(tryEveryMs, signal);
      if (signal.aborted) return;
      try {
        await tryRecording();
        this.accepted();
      } catch (error) {
        const refusing = this.#current();
        // A call was recorded meanwhile.
        if (refusing === undefined) return;
        // The error of a trial says more than a call that was never written.
        refusing.reason = errorMessage(error);
        if (this.#isReported || clock.monotonicMs() - refusing.sinceMs < noticeAfterMs) continue;
        this.#isReported = true;
        onChange(refusing.reason);
      }
    }
  }
}

/** Resolves after `ms` milliseconds, or early when the signal fires. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
