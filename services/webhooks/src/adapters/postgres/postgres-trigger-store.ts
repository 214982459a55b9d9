import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { Secrets } from '../../application/secrets.port.js';
import type { TriggerChange, TriggerStore } from '../../application/trigger-store.port.js';
import type { StoredTrigger } from '../../domain/stored-trigger.js';
import { TriggerConflictError } from '../../domain/trigger.errors.js';
import { sealSecrets, storedTriggerOf, triggerColumns, type TriggerRow } from './trigger-row.js';

/** The most triggers of a tenant. */
const mostTriggers = 500;

/** Triggers as rows, read and written as the role of their tenant. */
export class PostgresTriggerStore implements TriggerStore {
  readonly #pool: pg.Pool;
  readonly #vault: Secrets;

  constructor(pool: pg.Pool, vault: Secrets) {
    this.#pool = pool;
    this.#vault = vault;
  }

  async list(tenantId: string): Promise<readonly StoredTrigger[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<TriggerRow>(
        `SELECT ${triggerColumns} FROM trigger_declaration WHERE tenant_id = $1 ORDER BY name`,
        [tenantId],
      ),
    );
    return Promise.all(rows.map((row) => storedTriggerOf(row, this.#vault)));
  }

  async find(tenantId: string, name: string): Promise<StoredTrigger | undefined> {
    const row = await withTenant(this.#pool, tenantId, (client) => rowOf(client, tenantId, name));
    return row === undefined ? undefined : storedTriggerOf(row, this.#vault);
  }

  change(tenantId: string, name: string, change: TriggerChange): Promise<StoredTrigger | undefined> {
    return withTenant(this.#pool, tenantId, async (client) => {
      await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('webhooks.trigger/' || $1, 0))`, [
        tenantId,
      ]);
      const row = await rowOf(client, tenantId, name);
      const current = row === undefined ? undefined : await storedTriggerOf(row, this.#vault);
      const next = change(current);
      if (next === undefined) {
        await client.query('DELETE FROM trigger_declaration WHERE tenant_id = $1 AND name = $2', [
          tenantId,
          name,
        ]);
        return undefined;
      }
      if (current === undefined) await refuseTooMany(client, tenantId);
      await this.#save(client, next);
      return next;
    });
  }

  async #save(client: pg.ClientBase, trigger: StoredTrigger): Promise<void> {
    await client.query(
      `INSERT INTO trigger_declaration (${triggerColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (tenant_id, name) DO UPDATE SET settings = excluded.settings, secrets = excluded.secrets,
         revision = excluded.revision, next_at = excluded.next_at, updated_at = excluded.updated_at,
         updated_by = excluded.updated_by`,
      [
        trigger.tenantId,
        trigger.name,
        JSON.stringify(trigger.settings),
        await sealSecrets(trigger, this.#vault),
        trigger.revision,
        trigger.nextAtMs === undefined ? null : new Date(trigger.nextAtMs),
        new Date(trigger.createdAtMs),
        new Date(trigger.updatedAtMs),
        trigger.updatedBy,
      ],
    );
  }
}

async function rowOf(client: pg.ClientBase, tenantId: string, name: string): Promise<TriggerRow | undefined> {
  const { rows } = await client.query<TriggerRow>(
    `SELECT ${triggerColumns} FROM trigger_declaration WHERE tenant_id = $1 AND name = $2`,
    [tenantId, name],
  );
  return rows[0];
}

async function refuseTooMany(client: pg.ClientBase, tenantId: string): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM trigger_declaration WHERE tenant_id = $1',
    [tenantId],
  );
  if ((rows[0]?.count ?? 0) >= mostTriggers)
    throw new TriggerConflictError(`the tenant has ${mostTriggers} triggers already; remove one first`);
}
