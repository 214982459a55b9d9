import type { ConnectSessionStatus } from '../../domain/connect-sessions/connect-session.js';
import type { ConnectSessionStore } from './connect-session-store.port.js';

/** The time between two looks at the record, milliseconds. One look serves every waiting caller. */
const lookEveryMs = 500;
/** The most callers that wait in one broker. The next one gets the present state at once. */
const mostWaiting = 1_000;

interface Waiter {
  readonly publicId: string;
  readonly status: ConnectSessionStatus;
  readonly done: () => void;
}

/** Lets callers wait until a session changes its status, in any broker. */
export class SessionWatch implements AsyncDisposable {
  readonly #sessions: Pick<ConnectSessionStore, 'statuses'>;
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(sessions: Pick<ConnectSessionStore, 'statuses'>) {
    this.#sessions = sessions;
  }

  /** Resolves when the session has another status, when the time is over, or when the broker stops. */
  async changed(publicId: string, status: ConnectSessionStatus, waitMs: number): Promise<void> {
    if (this.#isClosed || this.#waiters.size >= mostWaiting) return;
    await new Promise<void>((resolve) => {
      const waiter: Waiter = {
        publicId,
        status,
        done: () => {
          clearTimeout(end);
          this.#waiters.delete(waiter);
          resolve();
        },
      };
      const end = setTimeout(waiter.done, waitMs);
      this.#waiters.add(waiter);
      this.#schedule();
    });
  }

  /** Ends every wait. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { done } of this.#waiters) done();
    await this.#looking;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isClosed || this.#waiters.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        // A failed look changes nothing: the next one comes, and each wait ends by its time.
        .catch(() => undefined)
        .finally(() => {
          this.#timer = undefined;
          this.#schedule();
        });
    }, lookEveryMs);
  }

  async #look(): Promise<void> {
    const ids = new Set([...this.#waiters].map(({ publicId }) => publicId));
    const statuses = await this.#sessions.statuses([...ids]);
    for (const waiter of this.#waiters) {
      if (ids.has(waiter.publicId) && statuses.get(waiter.publicId) !== waiter.status) waiter.done();
    }
  }
}
