import { fileURLToPath } from 'node:url';

import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import { createPool, migrate } from '@action-mesh/postgres';
import type { Pool } from 'pg';

import { PostgresLimitPolicyStore } from '../src/adapters/postgres/postgres-limit-policy-store.js';

const schema = 'rate_governor';
let database: OwnDatabase;
let pool: Pool;
let owner: Pool;

beforeAll(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
  const folder = fileURLToPath(new URL('../migrations', import.meta.url));
  await migrate({ url: database.url, schema, folder });
  const options = { url: database.url, schema, applicationName: 'test', maxConnections: 1 };
  pool = createPool({ ...options, role: 'service' });
  owner = createPool(options);
});

afterAll(async () => {
  await pool.end();
  await owner.end();
  await database.drop();
});

const policyOf = (tenantId: string, id: string): LimitPolicy => ({
  id,
  owner: tenantId,
  match: { provider: 'crm', tenant: tenantId },
  per: 'credential',
  limit: 10,
  window: '1m',
});

describe('the limits of a tenant', () => {
  it('are read and written as the role of that tenant, and published as the role of the service', async () => {
    const store = new PostgresLimitPolicyStore(pool);
    await owner.query('REVOKE ALL ON limit_policy FROM rate_governor_service');
    await store.put({ tenantId: 'acme', id: 'kept' }, policyOf('acme', 'kept'));
    await store.put({ tenantId: 'acme', id: 'gone' }, policyOf('acme', 'gone'));
    await store.remove({ tenantId: 'acme', id: 'gone' });
    await store.put({ tenantId: 'globex', id: 'kept' }, policyOf('globex', 'kept'));
    expect(await store.of('acme')).toEqual({ limits: [policyOf('acme', 'kept')], removed: ['gone'] });
    await expect(store.all()).rejects.toThrow('permission denied');
    await owner.query('GRANT SELECT ON limit_policy TO rate_governor_service');
    expect(await store.all()).toHaveLength(2);
  });
});
