import { Repeater } from '@action-mesh/platform';
import type { Pool } from 'pg';

const lookEveryMs = 2_000;

/** How many executors are alive, as the ledger knows it; what limits are divided by where they cannot be shared. */
export class LiveInstances implements AsyncDisposable {
  readonly #repeater: Repeater;
  #count = 1;

  constructor(private readonly pool: Pool) {
    this.#repeater = new Repeater({
      run: () => this.#look(),
      everyMs: lookEveryMs,
      firstAfterMs: 0,
      // The last count holds while the ledger is away: nothing is sent without it anyway.
      onError: () => undefined,
    });
  }

  /** As last seen; at least this one. */
  get count(): number {
    return this.#count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repeater.close();
  }

  async #look(): Promise<void> {
    const { rows } = await this.pool.query<{ count: string }>({
      name: 'live_instances',
      text: 'SELECT count(*) FROM instance WHERE ended_at IS NULL AND lease_until > clock_timestamp()',
    });
    this.#count = Math.max(1, Number(rows[0]?.count ?? 1));
  }
}
