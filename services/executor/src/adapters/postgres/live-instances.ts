import { setTimeout as sleep } from 'node:timers/promises';

import type { Pool } from 'pg';

const lookEveryMs = 2_000;

/** How many executors are alive, as the ledger knows it; what limits are divided by where they cannot be shared. */
export class LiveInstances implements AsyncDisposable {
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #count = 1;

  constructor(private readonly pool: Pool) {
    this.#running = this.#run();
  }

  /** As last seen; at least this one. */
  get count(): number {
    return this.#count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      // While the ledger is away the last count holds: nothing is sent without it anyway.
      await this.#look().catch(() => undefined);
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { rows } = await this.pool.query<{ count: string }>({
      name: 'live_instances',
      text: 'SELECT count(*) FROM instance WHERE ended_at IS NULL AND lease_until > clock_timestamp()',
    });
    this.#count = Math.max(1, Number(rows[0]?.count ?? 1));
  }
}
