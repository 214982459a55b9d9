import type { KillSwitches } from '@action-mesh/identity';
import type { Clock } from '@action-mesh/kernel';

import type { HeldCalls } from './held-calls.port.js';

/** The most calls of one statement. The rest follows right after. */
const batch = 2_000;

/**
 * Milliseconds for which a switch has to be absent before it counts as lifted. Another executor may have learned of a new
 * switch before this one.
 */
const patienceMs = 750;

export interface ReleaseHeldCallsParts {
  readonly heldCalls: HeldCalls;
  readonly switches: Pick<KillSwitches, 'find'>;
  /** Whether changes of switches arrive. While they do not, an absent switch proves nothing. */
  readonly isInformed: () => boolean;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * Lets calls go whose kill switch was lifted: they wait for their tenant's turn from then on. It compares the ledger with
 * the switches, so it also finds calls that were held while their switch was lifted, or before this process started.
 *
 * - KS1: a call under a switch that is on is never released.
 * - KS2: a call whose switch was lifted is released, by any executor.
 */
export class ReleaseHeldCalls {
  readonly #parts: ReleaseHeldCallsParts;
  /** The time since which a switch is known to be absent. */
  readonly #absentSinceMs = new Map<string, number>();

  constructor(parts: ReleaseHeldCallsParts) {
    this.#parts = parts;
  }

  /** Notes that a switch was lifted. Its calls need no patience. */
  lifted(switchId: string): void {
    this.#absentSinceMs.set(switchId, -Infinity);
  }

  /** Releases some calls. Returns their number. */
  async execute(): Promise<number> {
    const { heldCalls } = this.#parts;
    const holding = await heldCalls.holdingSwitches();
    const lifted = holding.filter((id) => this.#isLifted(id));
    for (const id of this.#absentSinceMs.keys()) if (!holding.includes(id)) this.#absentSinceMs.delete(id);
    return lifted.length === 0 ? 0 : heldCalls.release(lifted, batch);
  }

  #isLifted(id: string): boolean {
    const { switches, isInformed, clock } = this.#parts;
    if (switches.find(id) !== undefined) {
      this.#absentSinceMs.delete(id);
      return false;
    }
    const nowMs = clock.monotonicMs();
    const sinceMs = this.#absentSinceMs.get(id);
    if (sinceMs !== undefined) return nowMs - sinceMs >= patienceMs;
    if (isInformed()) this.#absentSinceMs.set(id, nowMs);
    return false;
  }
}
