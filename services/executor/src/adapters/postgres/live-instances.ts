import { Repeater } from '@action-mesh/platform';
import type { Pool } from 'pg';

const lookEveryMs = 2_000;

/** The number of live executors, read from the ledger. Limits that cannot be shared are divided by it. */
export class LiveInstances implements AsyncDisposable {
  readonly #repeater: Repeater;
  #count = 1;

  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;

    this.#repeater = new Repeater({
      run: () => this.#look(),
      everyMs: lookEveryMs,
      firstAfterMs: 0,
      // The last known number. At least one, for this executor.
      onError: () => undefined,
    });
  }

  /** While the ledger is unavailable, the last count holds: no request leaves without the ledger anyway. */
  get count(): number {
    return this.#count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repeater.close();
  }

  async #look(): Promise<void> {
    const { rows } = await this.#pool.query<{ count: string }>({
      name: 'live_instances',
      text: 'SELECT count(*) FROM instance WHERE ended_at IS NULL AND lease_until > clock_timestamp()',
    });
    this.#count = Math.max(1, Number(rows[0]?.count ?? 1));
  }
}
