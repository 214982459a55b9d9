import { randomUUID } from 'node:crypto';

import type { Clock } from '@action-mesh/kernel';
import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ChainSigner } from '../../domain/signing-keys.js';
import { appendOwnEntry, lockChain } from './chain-append.js';

/** The entries that one transaction deletes. */
const deletedAtOnce = 5_000;

const day = 86_400_000;

/**
 * Deletes the begin of chains whose entries are old. A signed mark keeps the place and the hash after which a chain begins,
 * and an entry says so. The last entry of a chain stays.
 */
export class HistoryRetention {
  readonly #pool: pg.Pool;
  readonly #signer: ChainSigner;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keptMs: number;

  constructor(pool: pg.Pool, signer: ChainSigner, clock: Pick<Clock, 'now'>, days: number) {
    this.#pool = pool;
    this.#signer = signer;
    this.#clock = clock;
    this.#keptMs = days * day;
  }

  /** Deletes from every chain with old entries, once. Resolves with the number of deleted entries; 0: nothing is left. */
  async run(): Promise<number> {
    const before = new Date(this.#clock.now() - this.#keptMs);
    const { rows } = await this.#pool.query<{ tenant_id: string }>(
      `SELECT tenant_id FROM chain c
        WHERE EXISTS (SELECT FROM entry e WHERE e.tenant_id = c.tenant_id AND e.recorded_at < $1 AND e.seq < c.seq)`,
      [before],
    );
    let deleted = 0;
    for (const { tenant_id: tenantId } of rows) deleted += await this.#prune(tenantId, before);
    return deleted;
  }

  #prune(tenantId: string, before: Date): Promise<number> {
    return transact(this.#pool, async (client) => {
      const end = await lockChain(client, tenantId);
      if (end === undefined) return 0;
      // The entries are old up to here without a gap: an entry of a clock that went wrong keeps those after it.
      const { rows } = await client.query<{ seq: string; hash: Buffer; recorded_at: Date }>(
        `SELECT seq, hash, recorded_at FROM entry WHERE tenant_id = $1 AND seq < $2 ORDER BY seq LIMIT ${deletedAtOnce}`,
        [tenantId, end.seq],
      );
      const young = rows.findIndex(({ recorded_at: at }) => at >= before);
      const old = young === -1 ? rows : rows.slice(0, young);
      const last = old.at(-1);
      if (last === undefined) return 0;
      const at = new Date(this.#clock.now()).toISOString();
      const place = { tenantId, seq: Number(last.seq), hash: last.hash };
      await client.query('DELETE FROM pruned_mark WHERE tenant_id = $1', [tenantId]);
      await client.query(
        'INSERT INTO pruned_mark (tenant_id, seq, hash, at, signature) VALUES ($1, $2, $3, $4, $5)',
        [tenantId, place.seq, place.hash, at, this.#signer.signMark(place, at)],
      );
      await client.query(
        `WITH gone AS (DELETE FROM entry WHERE tenant_id = $1 AND seq <= $2 RETURNING person)
         DELETE FROM person p
          WHERE p.tenant_id = $1 AND p.person IN (SELECT person FROM gone)
            AND NOT EXISTS (SELECT FROM entry e WHERE e.tenant_id = $1 AND e.person = p.person AND e.seq > $2)`,
        [tenantId, place.seq],
      );
      const facts = { to: place.seq, hash: place.hash.toString('hex') };
      const entry = { tenantId, id: randomUUID(), kind: 'history.pruned', at, facts } as const;
      await appendOwnEntry(client, this.#signer, entry, end);
      return old.length;
    });
  }
}
