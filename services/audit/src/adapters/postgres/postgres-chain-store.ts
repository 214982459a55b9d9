import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ChainStore, ChainView } from '../../application/chain-store.port.js';
import { newestMark, recordsAfter } from './chain-rows.js';

/** Reads chains as the role of the service. The tenant is in every condition. */
export class PostgresChainStore implements ChainStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async tenants(): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ tenant_id: string }>(
      'SELECT tenant_id FROM chain UNION SELECT DISTINCT tenant_id FROM entry ORDER BY tenant_id',
    );
    return rows.map(({ tenant_id: tenantId }) => tenantId);
  }

  view<Result>(tenantId: string, work: (chain: ChainView) => Promise<Result>): Promise<Result | undefined> {
    return transact(this.#pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const view = await openView(client, tenantId);
      return view === undefined ? undefined : work(view);
    });
  }
}

async function openView(client: pg.ClientBase, tenantId: string): Promise<ChainView | undefined> {
  const { rows: heads } = await client.query<{ seq: string; hash: Buffer }>(
    'SELECT seq, hash FROM chain WHERE tenant_id = $1',
    [tenantId],
  );
  const [head] = heads;
  const mark = await newestMark(client, tenantId);
  const view: Omit<ChainView, 'head'> = {
    mark,
    async hashAt(seq) {
      const { rows } = await client.query<{ hash: Buffer }>(
        'SELECT hash FROM entry WHERE tenant_id = $1 AND seq = $2',
        [tenantId, seq],
      );
      return rows[0]?.hash;
    },
    async after(seq, limit) {
      return recordsAfter(client, tenantId, seq, limit);
    },
    async erased(persons) {
      if (persons.length === 0) return new Set();
      const { rows } = await client.query<{ person: string }>(
        `SELECT DISTINCT person FROM entry
          WHERE tenant_id = $1 AND person = ANY ($2::uuid[]) AND kind = 'person.erased'`,
        [tenantId, persons.filter((person) => person !== '')],
      );
      return new Set(rows.map(({ person }) => person));
    },
  };
  if (head !== undefined) return { ...view, head: { seq: Number(head.seq), hash: head.hash } };
  // Entries without the head of their chain: somebody deleted the head.
  const first = await view.after(0, 1);
  return first.length === 0 ? undefined : { ...view, head: { seq: 0, hash: Buffer.alloc(32) } };
}
