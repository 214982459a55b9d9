import type { PolicyRule } from '@action-mesh/contracts/auth-broker';
import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { PublishedRecord, ReadRecord } from '../../../application/published-record.port.js';
import { policyColumns, policyRuleOf, type PolicyRow } from './policy-row.js';

/** The number of the lock of publications of policies. No other lock of the mesh uses it. */
const policyLock = 1_296_388_939;

/** All policies of tenants that exist, for publication. */
export class PostgresPolicyRecord implements PublishedRecord<PolicyRule> {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  exclusively<Result>(work: (read: ReadRecord<PolicyRule>) => Promise<Result>): Promise<Result> {
    return transact(this.#pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [policyLock]);
      return work(() => this.#read(client));
    });
  }

  async #read(client: pg.ClientBase): Promise<readonly PolicyRule[]> {
    const { rows } = await client.query<PolicyRow>(
      `SELECT ${policyColumns} FROM policy
        WHERE removed_at IS NULL
          AND EXISTS (SELECT FROM tenant t WHERE t.tenant_id = policy.tenant_id AND t.removed_at IS NULL)`,
    );
    return rows.map(policyRuleOf);
  }
}
