import { RequestTimeoutError } from '../mesh.errors.js';
import type { MeshOutcome } from '../outcome.js';
import { clientClosed } from './lazy-connection.js';

interface Wait {
  readonly resolve: (outcome: MeshOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** The waits of this client for outcomes. */
export class AwaitedOutcomes {
  readonly #waits = new Map<string, Wait>();

  /** Waits for the outcome of a call, from before it is published on. `stop` ends the wait. */
  open(callId: string, waitMs: number): { readonly outcome: Promise<MeshOutcome>; stop(): void } {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const outcome = new Promise<MeshOutcome>((resolve, reject) => {
      this.#waits.set(callId, { resolve, reject });
      timer = setTimeout(() => reject(tooLate(callId, waitMs)), waitMs);
    });
    // After a failed publication nothing waits for this promise, and its rejection is no error of its own.
    outcome.catch(() => undefined);
    return {
      outcome,
      stop: () => {
        clearTimeout(timer);
        this.#waits.delete(callId);
      },
    };
  }

  isAwaited(callId: string): boolean {
    return this.#waits.has(callId);
  }

  settle(callId: string, outcome: MeshOutcome): void {
    this.#waits.get(callId)?.resolve(outcome);
  }

  /** Ends every wait, since no outcome comes any more. The calls run on. */
  close(): void {
    for (const [callId, { reject }] of this.#waits) reject(clientClosed(callId));
  }
}

function tooLate(callId: string, waitMs: number): RequestTimeoutError {
  return new RequestTimeoutError('outcome_late', `The call has no outcome after ${waitMs} ms. It runs on.`, {
    callId,
    fixes: ['Look the call up by `mesh.calls.get(error.callId)`.', 'Pass a longer `waitMs`.'],
  });
}
