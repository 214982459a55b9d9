import type { ConnectParts } from './connect-parts.js';
import type { RevokeAbandoned } from './revoke-abandoned.js';

/** The time until the next attempt to end an abandoned grant, milliseconds. */
const claimMs = 5 * 60_000;
/** The most grants that one run ends. */
const mostAtOnce = 20;
/** Ended sessions stay in the record for this time, and programs still get an answer, milliseconds. */
const keptMs = 24 * 3_600_000;

/**
 * Ends sessions after their time, and the grants that no connection took. Several brokers share the work.
 *
 * - CF11: the broker ends a credential of an expired or refused session at its provider, and erases it.
 */
export class SweepConnectSessions {
  readonly #parts: ConnectParts;
  readonly #revokeAbandoned: RevokeAbandoned;
  readonly #onError: (error: unknown) => void;

  constructor(parts: ConnectParts, revokeAbandoned: RevokeAbandoned, onError: (error: unknown) => void) {
    this.#parts = parts;
    this.#revokeAbandoned = revokeAbandoned;
    this.#onError = onError;
  }

  async run(): Promise<void> {
    const { sessions, clock } = this.#parts;
    const nowMs = clock.now();
    await sessions.expire(nowMs);
    for (const abandoned of await sessions.claimAbandoned(nowMs, nowMs + claimMs, mostAtOnce)) {
      // One unreadable credential must not keep the others.
      await this.#revokeAbandoned.one(abandoned).catch(this.#onError);
    }
    await sessions.prune(nowMs - keptMs);
  }
}
