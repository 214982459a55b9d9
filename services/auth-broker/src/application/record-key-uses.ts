import { reportedKeyUsesSchema } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { readRequest } from '../domain/request.js';
import type { ApiKeyStore } from './api-key-store.port.js';

/** Keeps the last use of keys, as doors report it. */
export class RecordKeyUses {
  readonly #store: ApiKeyStore;
  readonly #clock: Clock;

  constructor(store: ApiKeyStore, clock: Clock = systemClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The clock of a door may be ahead. A use is never later than now. Errors: `AUTH_BROKER_INVALID`. */
  async run(written: unknown): Promise<void> {
    const { uses } = readRequest(reportedKeyUsesSchema, written);
    const nowMs = this.#clock.now();
    const latest = new Map<string, number>();
    for (const { key_id: id, used_at: usedAt } of uses)
      latest.set(id, Math.max(latest.get(id) ?? 0, Math.min(Date.parse(usedAt), nowMs)));
    await this.#store.recordUses([...latest].map(([id, usedAtMs]) => ({ id, usedAtMs })));
  }
}
