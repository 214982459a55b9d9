import { systemClock, type Clock } from '@action-mesh/kernel';

import type { ConnectionStore } from './connection-store.port.js';

const mostWaiting = 10_000;

/** Collects uses of connections and writes them in batches, so a use costs no statement. */
export class ConnectionUses {
  readonly #connections: Pick<ConnectionStore, 'noteUses'>;
  readonly #clock: Clock;
  #uses = new Map<string, number>();

  constructor(connections: Pick<ConnectionStore, 'noteUses'>, clock: Clock = systemClock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  note(id: string): void {
    if (this.#uses.size < mostWaiting || this.#uses.has(id)) this.#uses.set(id, this.#clock.now());
  }

  /** Writes the uses since the last flush. A failure loses only times of use. */
  async flush(): Promise<void> {
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    await this.#connections.noteUses([...uses].map(([id, atMs]) => ({ id, atMs })));
  }
}
