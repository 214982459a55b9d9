import { systemClock, type Clock } from '@action-mesh/kernel';

import type { JwkSetSource, JwkSetStore } from './jwk-sets.port.js';

/**
 * Reads the JWK sets that are due. Each is read about once a minute. After a failure, the keys of the last good reading
 * stay in force for a day.
 */
export class ReadJwkSets {
  readonly #store: JwkSetStore;
  readonly #source: JwkSetSource;
  readonly #clock: Clock;

  constructor(store: JwkSetStore, source: JwkSetSource, clock: Clock = systemClock) {
    this.#store = store;
    this.#source = source;
    this.#clock = clock;
  }

  /** Reads the due sets of one tenant, or of all. Returns their number. */
  async run(tenantId?: string): Promise<number> {
    const due = await this.#store.takeDue(this.#clock.now(), tenantId);
    await Promise.all(
      due.map(async (set) => this.#store.keep(set, await this.#source.read(set.url), this.#clock.now())),
    );
    return due.length;
  }
}
