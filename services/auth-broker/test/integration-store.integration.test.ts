import { fileURLToPath } from 'node:url';

import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import { createPool, migrate } from '@action-mesh/postgres';
import { providers } from '@action-mesh/providers';
import { leakCheck } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import type pg from 'pg';

import { PostgresIntegrationStore } from '../src/adapters/postgres/integrations/postgres-integration-store.js';
import { PostgresIntegrations } from '../src/adapters/postgres/integrations/postgres-integrations.js';
import { PostgresTenantStore } from '../src/adapters/postgres/postgres-tenant-store.js';
import { PlainVault } from '../src/application/connections/plain-vault.fake.js';
import type { IntegrationChange } from '../src/application/integrations/integration-store.port.js';
import { clientSecretOwner } from '../src/application/integrations/secret-owner.js';
import { requireNoConnections } from '../src/domain/integrations/integration-changes.js';

jest.setTimeout(60_000);

const nowMs = Date.parse('2026-11-30T00:00:00Z');
const by = { holder: 'ada', atMs: nowMs };
const schema = 'auth_broker';
const vault = new PlainVault();

let database: OwnDatabase;
let pool: pg.Pool;
let store: PostgresIntegrationStore;
let integrations: PostgresIntegrations;

beforeAll(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
  const folder = fileURLToPath(new URL('../migrations', import.meta.url));
  await migrate({ url: database.url, schema, folder });
});

afterAll(async () => {
  await database.drop();
});

beforeEach(() => {
  pool = createPool({
    url: database.url,
    schema,
    role: 'service',
    applicationName: 'test',
    maxConnections: 4,
  });
  store = new PostgresIntegrationStore(pool);
  const clock = { now: () => nowMs, monotonicMs: () => 0 };
  integrations = new PostgresIntegrations({ pool, vault, providers, clock });
});

afterEach(async () => {
  await pool.end();
});

leakCheck();

async function newTenant(): Promise<string> {
  const id = `t${Math.random().toString(36).slice(2)}`;
  await new PostgresTenantStore(pool).put(id, { issuers: [] }, nowMs);
  return id;
}

async function githubOf(tenantId: string, secret = 's3cret'): Promise<IntegrationChange> {
  return {
    settings: {
      provider: 'github',
      clientId: 'client-1',
      scopes: ['repo'],
      serves: ['octo'],
      hosts: ['github.acme.example'],
      settings: {},
      returnOrigins: ['https://app.acme.example'],
    },
    sealedSecret: await vault.seal(
      clientSecretOwner({ tenantId, provider: 'github', integration: 'github' }),
      'client_secret',
      secret,
    ),
  };
}

async function put(tenantId: string, secret?: string): Promise<void> {
  const change = await githubOf(tenantId, secret);
  expect(await store.put({ tenantId, integration: 'github' }, () => change, by)).toBe('put');
}

async function connect(tenantId: string, state = 'active'): Promise<void> {
  await pool.query(
    `INSERT INTO connection (id, tenant_id, user_id, integration, provider, state, is_default, version, seq, created_at, consented_at, updated_at)
     VALUES (gen_random_uuid(), $1, 'ada', 'github', 'github', $2, false, 1, 1, now(), now(), now())`,
    [tenantId, state],
  );
}

describe('the record of integrations', () => {
  it('keeps an integration with its opened secret for its tenant alone', async () => {
    const [acme, globex] = [await newTenant(), await newTenant()];
    await put(acme);
    expect(await integrations.find(acme, 'github')).toEqual({
      tenantId: acme,
      integration: 'github',
      provider: providers.get('github'),
      clientId: 'client-1',
      clientSecret: 's3cret',
      scopes: ['repo'],
      hosts: [...(providers.get('github')?.hosts ?? []), 'github.acme.example'],
      settings: {},
      returnOrigins: ['https://app.acme.example'],
    });
    expect(await integrations.find(globex, 'github')).toBeUndefined();
    expect(await store.list(globex)).toEqual([]);
    expect(await store.find({ tenantId: globex, integration: 'github' })).toBeUndefined();
    expect(await store.remove({ tenantId: globex, integration: 'github' }, () => undefined, by)).toBe(false);
  });

  it('keeps the secret and the state broken of a change without a secret, and ends both with one', async () => {
    const tenantId = await newTenant();
    await put(tenantId);
    await integrations.noteBroken(tenantId, 'github', 'invalid_client', nowMs + 60_000);
    const broken = { code: 'invalid_client', retryAtMs: nowMs + 60_000 };
    const { settings } = await githubOf(tenantId);
    const change = { settings: { ...settings, scopes: ['read:user'] }, sealedSecret: undefined };
    await store.put({ tenantId, integration: 'github' }, () => change, by);
    expect(await integrations.find(tenantId, 'github')).toMatchObject({
      clientSecret: 's3cret',
      scopes: ['read:user'],
      broken,
    });
    await put(tenantId, 'another');
    const repaired = await integrations.find(tenantId, 'github');
    expect(repaired).toMatchObject({ clientSecret: 'another' });
    expect(repaired).not.toHaveProperty('broken');
  });

  it('notes the first time of a broken client, and its end', async () => {
    const tenantId = await newTenant();
    await put(tenantId);
    await integrations.noteBroken(tenantId, 'github', 'invalid_client', nowMs + 1);
    await integrations.noteBroken(tenantId, 'github', 'unauthorized_client', nowMs + 2);
    const found = await store.find({ tenantId, integration: 'github' });
    expect(found?.stored.broken).toEqual({
      code: 'unauthorized_client',
      sinceMs: nowMs,
      retryAtMs: nowMs + 2,
    });
    await integrations.noteWorking(tenantId, 'github');
    expect(await integrations.find(tenantId, 'github')).not.toHaveProperty('broken');
  });

  it('finds a removed integration for revocations alone, and erases its secret after the last one', async () => {
    const tenantId = await newTenant();
    await put(tenantId);
    await connect(tenantId);
    await connect(tenantId, 'revoked');
    const name = { tenantId, integration: 'github' };
    const refuse = (connections: number): void => requireNoConnections(connections, false);
    await expect(store.remove(name, refuse, by)).rejects.toThrow('1 connections');
    expect(await integrations.find(tenantId, 'github')).toBeDefined();
    expect(await store.remove(name, () => undefined, by)).toBe(true);
    expect(await integrations.find(tenantId, 'github')).toBeUndefined();
    expect(await integrations.findForRevocation(tenantId, 'github')).toMatchObject({
      clientSecret: 's3cret',
    });
    expect(await store.eraseRemoved()).toBe(0);
    await pool.query("UPDATE connection SET state = 'revoked' WHERE tenant_id = $1", [tenantId]);
    expect(await store.eraseRemoved()).toBe(1);
    expect(await integrations.findForRevocation(tenantId, 'github')).not.toHaveProperty('clientSecret');
  });

  it('shows a removed integration to its next change only while connections are to be revoked', async () => {
    const tenantId = await newTenant();
    const name = { tenantId, integration: 'github' };
    await put(tenantId);
    await connect(tenantId, 'revoking');
    await store.remove(name, () => undefined, by);
    const change = await githubOf(tenantId);
    const seen: (number | undefined)[] = [];
    const put2 = (): Promise<unknown> =>
      store.put(
        name,
        (before) => {
          seen.push(before?.connections);
          return change;
        },
        by,
      );
    await put2();
    await pool.query("UPDATE connection SET state = 'revoked' WHERE tenant_id = $1", [tenantId]);
    await store.remove(name, () => undefined, by);
    await put2();
    expect(seen).toEqual([1, undefined]);
  });

  it('takes no integration of an unknown or removed tenant, and at most 200 of one', async () => {
    const tenantId = await newTenant();
    const change = await githubOf(tenantId);
    const write = (tenant: string, integration: string) =>
      store.put({ tenantId: tenant, integration }, () => change, by);
    expect(await write('nobody', 'github')).toBe('no_tenant');
    await pool.query(
      `INSERT INTO integration (tenant_id, integration, provider, scopes, serves, hosts, settings, return_origins, updated_at, updated_by)
       SELECT $1, 'i' || n, 'github', '{}', '{}', '{}', '{}', '{}', now(), 'ada' FROM generate_series(1, 199) n`,
      [tenantId],
    );
    const results = await Promise.all([write(tenantId, 'one'), write(tenantId, 'two')]);
    expect(results.sort()).toEqual(['put', 'too_many']);
    await new PostgresTenantStore(pool).remove(tenantId, by);
    expect(await write(tenantId, 'i1')).toBe('no_tenant');
  });
});
