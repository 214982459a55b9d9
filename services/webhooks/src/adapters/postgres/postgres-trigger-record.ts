import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ReadTriggers, TriggerRecord, TriggerRevision } from '../../application/declarations.port.js';
import type { Secrets } from '../../application/secrets.port.js';
import { storedTriggerOf, triggerColumns, type TriggerRow } from './trigger-row.js';

/** The number of the lock of publications. No other lock of the mesh uses it. */
const publicationLock = 1_296_388_951;

/** All triggers. A publication holds a lock of PostgreSQL, so runs of several instances are one after the other. */
export class PostgresTriggerRecord implements TriggerRecord {
  readonly #pool: pg.Pool;
  readonly #vault: Secrets;

  constructor(pool: pg.Pool, vault: Secrets) {
    this.#pool = pool;
    this.#vault = vault;
  }

  exclusively<Result>(work: (read: ReadTriggers) => Promise<Result>): Promise<Result> {
    return transact(this.#pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [publicationLock]);
      return work({
        revisions: async () => {
          const { rows } = await client.query<TriggerRow>(
            'SELECT tenant_id, name, revision FROM trigger_declaration',
          );
          return rows.map(({ tenant_id: tenantId, name, revision }) => ({ tenantId, name, revision }));
        },
        triggers: (wanted) => this.#triggers(client, wanted),
      });
    });
  }

  async #triggers(client: pg.ClientBase, wanted: readonly TriggerRevision[]) {
    const { rows } = await client.query<TriggerRow>(
      `SELECT ${triggerColumns} FROM trigger_declaration
        WHERE (tenant_id, name) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [wanted.map(({ tenantId }) => tenantId), wanted.map(({ name }) => name)],
    );
    return Promise.all(rows.map((row) => storedTriggerOf(row, this.#vault)));
  }
}
