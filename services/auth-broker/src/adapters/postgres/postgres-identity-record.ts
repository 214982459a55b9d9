import type { Identity } from '@action-mesh/contracts/auth-broker';
import type { Clock } from '@action-mesh/kernel';
import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { PublishedRecord, ReadRecord } from '../../application/published-record.port.js';
import { tenantIdentity } from '../../domain/stored-tenant.js';
import { KeyIdentities } from './key-identities.js';
import { killSwitchOf, switchColumns, type SwitchRow } from './switch-row.js';
import { selectTenants, storedTenantOf, type TenantRow } from './tenant-row.js';

/** The number of the lock of publications. No other lock of the mesh uses it. */
const publicationLock = 1_296_388_937;

/**
 * All identities of the record. A publication holds a lock of PostgreSQL, so the runs of several instances are one after
 * the other. The server ends an idle transaction after 10 s; a publication takes less.
 */
export class PostgresIdentityRecord implements PublishedRecord<Identity> {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #keys = new KeyIdentities();

  constructor(pool: pg.Pool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  exclusively<Result>(work: (read: ReadRecord<Identity>) => Promise<Result>): Promise<Result> {
    return transact(this.#pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [publicationLock]);
      return work(() => this.#read(client));
    });
  }

  /** Tenants come first, so a door knows the tenant of a key. */
  async #read(client: pg.ClientBase): Promise<readonly Identity[]> {
    const nowMs = this.#clock.now();
    const tenants = await client.query<TenantRow>(selectTenants);
    const switches = await client.query<SwitchRow>(
      `SELECT ${switchColumns} FROM kill_switch WHERE lifted_at IS NULL`,
    );
    const keys = await this.#keys.read(client, nowMs);
    return [
      ...tenants.rows.map((row) => tenantIdentity(storedTenantOf(row), nowMs)),
      ...switches.rows.map(killSwitchOf),
      ...keys,
    ];
  }
}
