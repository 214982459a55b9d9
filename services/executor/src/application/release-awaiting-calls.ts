import type { Clock } from '@action-mesh/kernel';

import type { AuthChange } from './awaiting-calls.port.js';

/** The most calls of one statement, and the most changes. The rest follows right after. */
const batch = 2_000;
const mostChanges = 500;

/**
 * Milliseconds after which a change is compared with the ledger once more. A call may have asked for its connection just
 * before the change, and be on its way into the ledger.
 */
const againAfterMs = 1_000;

/** Lets calls go that one of the changes concerns. Returns their number. */
interface Releases<Change> {
  release(changes: readonly Change[], limit: number): Promise<number>;
}

interface Noted<Change> {
  readonly change: Change;
  /** Whether the ledger was compared with it once. */
  readonly isSeen: boolean;
  readonly dueAtMs: number;
}

/**
 * Lets calls go that wait for a connection or an approval, when something has changed for them: they wait for their
 * tenant's turn from then on. A lost change of a connection is harmless, because each call looks again by itself.
 *
 * - AA1: a change lets go only the calls that it concerns: those of its own tenant, user and integration.
 * - AA2: a call that reaches the ledger within a second after its change is let go too.
 */
export class ReleaseAwaitingCalls<Change extends object = AuthChange> {
  readonly #awaitingCalls: Releases<Change>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #noted = new Map<string, Noted<Change>>();

  constructor(awaitingCalls: Releases<Change>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#awaitingCalls = awaitingCalls;
    this.#clock = clock;
  }

  /** Notes a change. */
  changed(change: Change): void {
    const key = JSON.stringify(Object.entries(change).sort());
    this.#noted.set(key, { change, isSeen: false, dueAtMs: this.#clock.monotonicMs() });
  }

  /** Releases the calls of due changes. Returns their number. After an error, the changes stay due. */
  async execute(): Promise<number> {
    const nowMs = this.#clock.monotonicMs();
    const due = [...this.#noted].filter(([, { dueAtMs }]) => dueAtMs <= nowMs).slice(0, mostChanges);
    if (due.length === 0) return 0;
    const changes = due.map(([, { change }]) => change);
    const released = await this.#awaitingCalls.release(changes, batch);
    if (released >= batch) return released;
    for (const [key, noted] of due) {
      // The same change may have been noted anew meanwhile.
      if (this.#noted.get(key) !== noted) continue;
      if (noted.isSeen) this.#noted.delete(key);
      else this.#noted.set(key, { ...noted, isSeen: true, dueAtMs: nowMs + againAfterMs });
    }
    return released;
  }

  /** Milliseconds until the next change is due. Infinity when there is none. */
  untilNextMs(): number {
    let nextMs = Infinity;
    for (const { dueAtMs } of this.#noted.values()) nextMs = Math.min(nextMs, dueAtMs);
    return Math.max(0, nextMs - this.#clock.monotonicMs());
  }
}
