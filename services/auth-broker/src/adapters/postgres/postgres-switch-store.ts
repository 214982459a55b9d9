import type { KillSwitch } from '@action-mesh/contracts/auth-broker';
import { transact, withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ChangedBy } from '../../application/api-key-store.port.js';
import type { SwitchStore } from '../../application/switch-store.port.js';
import { killSwitchOf, switchColumns, type SwitchRow } from './switch-row.js';

/** The most switches of a tenant that are on: every door holds all of them in memory. */
const mostSwitches = 1_000;

/** Kill switches as rows of `kill_switch`. Those of a tenant are read and written as the role of that tenant. */
export class PostgresSwitchStore implements SwitchStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async list(tenantId: string): Promise<readonly KillSwitch[]> {
    const own = await withTenant(this.#pool, tenantId, (client) =>
      client.query<SwitchRow>(
        `SELECT ${switchColumns} FROM kill_switch WHERE lifted_at IS NULL AND tenant_id = $1`,
        [tenantId],
      ),
    );
    // The role of a tenant does not see them.
    const ofMesh = await this.#pool.query<SwitchRow>(
      `SELECT ${switchColumns} FROM kill_switch WHERE lifted_at IS NULL AND tenant_id IS NULL`,
    );
    return [...own.rows, ...ofMesh.rows]
      .map(killSwitchOf)
      .sort((left, right) => orderOf(left).localeCompare(orderOf(right), 'en'));
  }

  turnOn(killSwitch: KillSwitch): Promise<KillSwitch | 'too_many'> {
    const { tenant_id: tenantId } = killSwitch;
    if (tenantId === undefined) return transact(this.#pool, (client) => insertOrFind(client, killSwitch));
    return withTenant(this.#pool, tenantId, async (client) => {
      // The lock on the tenant lets no two callers pass the limit together.
      await client.query('SELECT FROM tenant WHERE tenant_id = $1 FOR UPDATE', [tenantId]);
      const counted = await client.query<{ on: number }>(
        'SELECT count(*)::integer AS on FROM kill_switch WHERE lifted_at IS NULL AND tenant_id = $1',
        [tenantId],
      );
      if ((counted.rows[0]?.on ?? 0) >= mostSwitches) return 'too_many';
      return insertOrFind(client, killSwitch);
    });
  }

  async lift(id: string, tenantId: string | undefined, { holder, atMs }: ChangedBy): Promise<boolean> {
    const lift = (client: pg.ClientBase) =>
      client.query(
        `UPDATE kill_switch SET lifted_at = $3, lifted_by = $4
          WHERE id = $1 AND tenant_id IS NOT DISTINCT FROM $2 AND lifted_at IS NULL`,
        [id, tenantId ?? null, new Date(atMs), holder],
      );
    const { rowCount } =
      tenantId === undefined
        ? await transact(this.#pool, lift)
        : await withTenant(this.#pool, tenantId, lift);
    return rowCount === 1;
  }
}

async function insertOrFind(client: pg.ClientBase, killSwitch: KillSwitch): Promise<KillSwitch> {
  const { id, tenant_id: tenantId, target, reason, by, since } = killSwitch;
  // An update without a change returns the row that is there.
  const { rows } = await client.query<SwitchRow>(
    `INSERT INTO kill_switch AS kept (id, tenant_id, target_type, target_value, reason, turned_on_by, since)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant_id, target_type, target_value) WHERE lifted_at IS NULL
     DO UPDATE SET reason = kept.reason RETURNING ${switchColumns}`,
    [id, tenantId ?? null, target.type, target.value, reason, by, since],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the switch was neither inserted nor found');
  return killSwitchOf(row);
}

function orderOf({ since, id }: KillSwitch): string {
  return `${since} ${id}`;
}
