import { policyLimits, type PolicyContent, type PolicyRule } from '@action-mesh/contracts/auth-broker';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ChangedBy } from '../../../application/api-key-store.port.js';
import type { PolicyName, PolicyStore } from '../../../application/policies/policy-store.port.js';
import { policyColumns, policyRuleOf, type PolicyRow } from './policy-row.js';

/** Policies as rows of `policy`. Each statement runs as the role of the tenant. */
export class PostgresPolicyStore implements PolicyStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async list(tenantId: string): Promise<readonly PolicyRule[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<PolicyRow>(
        `SELECT ${policyColumns} FROM policy WHERE tenant_id = $1 AND removed_at IS NULL ORDER BY id`,
        [tenantId],
      ),
    );
    return rows.map(policyRuleOf);
  }

  find(name: PolicyName): Promise<PolicyRule | undefined> {
    return withTenant(this.#pool, name.tenantId, (client) => present(client, name));
  }

  put(
    name: PolicyName,
    decide: (before: PolicyRule | undefined) => PolicyContent | 'unchanged',
    by: ChangedBy,
  ): Promise<PolicyRule | 'no_tenant' | 'too_many'> {
    return withTenant(this.#pool, name.tenantId, async (client) => {
      // The lock on the tenant lets no two callers pass the limit together, nor decide on the same revision.
      const { rowCount } = await client.query(
        'SELECT FROM tenant WHERE tenant_id = $1 AND removed_at IS NULL FOR UPDATE',
        [name.tenantId],
      );
      if (rowCount === 0) return 'no_tenant';
      const before = await present(client, name);
      const content = decide(before);
      if (content === 'unchanged') {
        if (before === undefined) throw new TypeError('a policy that does not exist cannot stay unchanged');
        return before;
      }
      if (before === undefined && !(await hasRoom(client, name.tenantId))) return 'too_many';
      return upsert(client, name, content, by);
    });
  }

  remove(
    name: PolicyName,
    decide: (before: PolicyRule) => void,
    { holder, atMs }: ChangedBy,
  ): Promise<boolean> {
    const { tenantId, id } = name;
    return withTenant(this.#pool, tenantId, async (client) => {
      await client.query('SELECT FROM tenant WHERE tenant_id = $1 FOR UPDATE', [tenantId]);
      const before = await present(client, name);
      if (before === undefined) return false;
      decide(before);
      await client.query(
        'UPDATE policy SET removed_at = $3, removed_by = $4 WHERE tenant_id = $1 AND id = $2',
        [tenantId, id, new Date(atMs), holder],
      );
      return true;
    });
  }
}

async function present(client: pg.ClientBase, { tenantId, id }: PolicyName): Promise<PolicyRule | undefined> {
  const { rows } = await client.query<PolicyRow>(
    `SELECT ${policyColumns} FROM policy WHERE tenant_id = $1 AND id = $2 AND removed_at IS NULL`,
    [tenantId, id],
  );
  return rows.map(policyRuleOf)[0];
}

async function hasRoom(client: pg.ClientBase, tenantId: string): Promise<boolean> {
  const { rows } = await client.query<{ known: number }>(
    'SELECT count(*)::integer AS known FROM policy WHERE tenant_id = $1 AND removed_at IS NULL',
    [tenantId],
  );
  return (rows[0]?.known ?? 0) < policyLimits.rules;
}

async function upsert(
  client: pg.ClientBase,
  { tenantId, id }: PolicyName,
  content: PolicyContent,
  { holder, atMs }: ChangedBy,
): Promise<PolicyRule> {
  const { rows } = await client.query<PolicyRow>(
    `INSERT INTO policy AS kept (tenant_id, id, content, revision, created_by, at)
     VALUES ($1, $2, $3, 1, $4, $5)
     ON CONFLICT (tenant_id, id) DO UPDATE
        SET content = EXCLUDED.content, revision = kept.revision + 1, created_by = EXCLUDED.created_by,
            at = EXCLUDED.at, removed_at = NULL, removed_by = NULL
     RETURNING ${policyColumns}`,
    [tenantId, id, JSON.stringify(content), holder, new Date(atMs)],
  );
  const [rule] = rows.map(policyRuleOf);
  if (rule === undefined) throw new Error('the policy was neither inserted nor changed');
  return rule;
}
