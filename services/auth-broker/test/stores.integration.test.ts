import { fileURLToPath } from 'node:url';

import {
  identityKey,
  type Identity,
  type KeyIdentity,
  type KillSwitch,
} from '@action-mesh/contracts/auth-broker';
import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import { sampleKey, sampleSwitch } from '@action-mesh/identity/testing';
import { systemClock } from '@action-mesh/kernel';
import { createPool, migrate } from '@action-mesh/postgres';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import type pg from 'pg';

import { PostgresApiKeyStore } from '../src/adapters/postgres/postgres-api-key-store.js';
import { PostgresBootstrapStore } from '../src/adapters/postgres/postgres-bootstrap-store.js';
import { PostgresIdentityRecord } from '../src/adapters/postgres/postgres-identity-record.js';
import { PostgresJwkSetStore } from '../src/adapters/postgres/postgres-jwk-set-store.js';
import { PostgresSwitchStore } from '../src/adapters/postgres/postgres-switch-store.js';
import { PostgresTenantStore } from '../src/adapters/postgres/postgres-tenant-store.js';
import { FakePublishedTopic } from '../src/application/published-topic.fake.js';
import { PublishIdentities } from '../src/application/publish-identities.js';
import type { RecordPublication } from '../src/domain/record-publication.js';
import { signingJwk } from '../src/domain/signing-key.fake.js';
import type { StoredKey } from '../src/domain/stored-key.js';

jest.setTimeout(60_000);

let database: OwnDatabase;
let pool: pg.Pool;

const schema = 'auth_broker';
const dayMs = 86_400_000;
const nowMs = Date.parse('2026-06-01T00:00:00Z');
const by = { holder: 'ada', atMs: nowMs };

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
    maxConnections: 8,
  });
});

afterEach(async () => {
  await pool.end();
});

leakCheck();

function storedKey(tenantId: string, more: Partial<KeyIdentity> = {}, atMs = nowMs): StoredKey {
  const { identity } = sampleKey(tenantId, more);
  return { identity, role: 'agent', createdAt: new Date(atMs).toISOString(), createdBy: 'ada' };
}

async function newTenant(): Promise<string> {
  const id = `t${Math.random().toString(36).slice(2)}`;
  await new PostgresTenantStore(pool).put(id, { issuers: [] }, nowMs);
  return id;
}

/** Fills a tenant with keys by one statement. */
async function fill(tenantId: string, keys: number, users: number): Promise<void> {
  await pool.query(
    `INSERT INTO api_key (id, tenant_id, use, environment, digest, holder, role, scopes, users, created_at, created_by)
     SELECT substr(md5($1 || n), 1, 16), $1, 'api', 'dev', md5('a' || n) || md5('b' || n), 'ada', 'agent',
            '{calls:read}', (SELECT array_agg('u' || u) FROM generate_series(1, $3::integer) u), $4, 'ada'
       FROM generate_series(1, $2::integer) n`,
    [tenantId, keys, users, new Date(nowMs)],
  );
}

describe('the record of keys', () => {
  const store = () => new PostgresApiKeyStore(pool);

  it('returns a key as it was written', async () => {
    const tenantId = await newTenant();
    const key: StoredKey = {
      ...storedKey(tenantId, {
        tools: ['crm_*', 'github/*'],
        users: ['ada', '李雷', '"; DROP TABLE api_key'],
        quota: { calls: { per_second: 0.5, per_day: 10 } },
        expires_at: '2026-06-02T00:00:00.123Z',
      }),
      note: 'a\nb {"c":1}',
    };
    expect(await store().create(key)).toBe('created');
    expect(await store().find(tenantId, key.identity.id, nowMs)).toEqual(key);
    expect(await store().list(tenantId, nowMs)).toEqual([key]);
  });

  it('shows a key of another tenant to none', async () => {
    const [mine, theirs] = [await newTenant(), await newTenant()];
    const key = storedKey(theirs);
    await store().create(key);
    expect(await store().find(mine, key.identity.id, nowMs)).toBeUndefined();
    expect(await store().revoke(mine, key.identity.id, by)).toBe(false);
    const old = { tenantId: mine, id: key.identity.id, expiresAtMs: undefined };
    expect(await store().replace(old, storedKey(mine), by)).toBe('taken');
    expect(await store().list(mine, nowMs)).toEqual([]);
    expect(await store().list(theirs, nowMs)).toEqual([key]);
  });

  it('knows a key until a day after its expiry', async () => {
    const tenantId = await newTenant();
    const key = storedKey(tenantId, { expires_at: new Date(nowMs).toISOString() });
    await store().create(key);
    expect(await store().find(tenantId, key.identity.id, nowMs + dayMs - 1)).toEqual(key);
    expect(await store().find(tenantId, key.identity.id, nowMs + dayMs)).toBeUndefined();
    expect(await store().revoke(tenantId, key.identity.id, { ...by, atMs: nowMs + dayMs })).toBe(false);
  });

  it('bounds the keys of a tenant, also for callers at the same time, and leaves room for rotations', async () => {
    const tenantId = await newTenant();
    await fill(tenantId, 998, 0);
    const attempts = Array.from({ length: 6 }, () => store().create(storedKey(tenantId)));
    expect((await Promise.all(attempts)).sort()).toEqual([
      'created',
      'created',
      ...Array<string>(4).fill('too_many'),
    ]);
    const [first] = await store().list(tenantId, nowMs);
    const old = { tenantId, id: first?.identity.id ?? '', expiresAtMs: nowMs + 1_000 };
    expect(await store().replace(old, storedKey(tenantId), by)).toBe('created');
    expect(await store().create(storedKey(await newTenant()))).toBe('created');
  });

  it('bounds the users in the keys of a tenant', async () => {
    const tenantId = await newTenant();
    await fill(tenantId, 10, 999);
    expect(
      await store().create(storedKey(tenantId, { users: Array.from({ length: 11 }, (_, n) => `u${n}`) })),
    ).toBe('too_many');
    expect(
      await store().create(storedKey(tenantId, { users: Array.from({ length: 10 }, (_, n) => `u${n}`) })),
    ).toBe('created');
  });

  it('replaces a key once, however many ask at the same time', async () => {
    const tenantId = await newTenant();
    const key = storedKey(tenantId);
    await store().create(key);
    const old = { tenantId, id: key.identity.id, expiresAtMs: nowMs + 1_000 };
    const successors = Array.from({ length: 5 }, () => storedKey(tenantId));
    const answers = await Promise.all(successors.map((each) => store().replace(old, each, by)));
    expect(answers.filter((each) => each === 'created')).toHaveLength(1);
    const winner = successors[answers.indexOf('created')]?.identity.id;
    expect(await store().list(tenantId, nowMs)).toHaveLength(2);
    expect(await store().find(tenantId, key.identity.id, nowMs)).toMatchObject({ replacedBy: winner });
  });

  it('neither creates nor keeps keys of a removed tenant', async () => {
    const tenantId = await newTenant();
    await store().create(storedKey(tenantId));
    const tenants = new PostgresTenantStore(pool);
    const racing = [
      tenants.remove(tenantId, by),
      ...Array.from({ length: 5 }, () => store().create(storedKey(tenantId))),
    ];
    await Promise.all(racing);
    expect(await store().create(storedKey(tenantId))).toBe('no_tenant');
    expect(await store().list(tenantId, nowMs)).toEqual([]);
    expect(await tenants.find(tenantId)).toBeUndefined();
    await tenants.put(tenantId, { issuers: [] }, nowMs);
    expect(await store().list(tenantId, nowMs)).toEqual([]);
  });

  it('lets no publisher token have another scope, also past the application', async () => {
    const tenantId = await newTenant();
    const key = storedKey(tenantId, { use: 'publisher', scopes: ['calls:write', 'keys:admin'] });
    await expect(store().create(key)).rejects.toThrow('api_key_check');
  });
});

describe('the record of tenants', () => {
  const issuer = 'https://login.example';
  const jwksUrl = `${issuer}/jwks`;
  const key = signingJwk('EC', { kid: 'k1' });
  const stores = () => ({ tenants: new PostgresTenantStore(pool), jwkSets: new PostgresJwkSetStore(pool) });

  it('keeps the last reading of an unchanged address, and nothing of another', async () => {
    const { tenants, jwkSets } = stores();
    const id = await newTenant();
    const inline = { issuer: 'inline', keys: [key] };
    await tenants.put(id, { quota: { calls: { burst: 3 } }, issuers: [{ issuer, jwksUrl }, inline] }, nowMs);
    const [due] = await jwkSets.takeDue(nowMs, id);
    expect(due).toEqual({ tenantId: id, issuer, url: jwksUrl });
    if (due === undefined) return;
    await jwkSets.keep(due, { keys: [key], leftOut: ['key 2 is damaged'] }, nowMs);
    await jwkSets.keep(due, { problem: 'the answer is not whole' }, nowMs + 1);
    await tenants.put(id, { issuers: [inline, { issuer, jwksUrl }] }, nowMs + 2);
    const read = { keys: [key], leftOut: ['key 2 is damaged'], readAt: new Date(nowMs).toISOString() };
    expect(await tenants.find(id)).toEqual({
      id,
      createdAt: new Date(nowMs).toISOString(),
      issuers: [
        { ...inline, leftOut: [] },
        { issuer, jwksUrl, ...read, problem: 'the answer is not whole' },
      ],
    });
    await tenants.put(id, { issuers: [{ issuer, jwksUrl: `${jwksUrl}2` }] }, nowMs + 3);
    expect((await tenants.find(id))?.issuers).toEqual([
      { issuer, jwksUrl: `${jwksUrl}2`, keys: [], leftOut: [] },
    ]);
    // The reading of the former address arrives late.
    await jwkSets.keep(due, { keys: [key], leftOut: [] }, nowMs + 4);
    expect((await tenants.find(id))?.issuers).toMatchObject([{ keys: [] }]);
  });

  it('gives each due set to one instance, and again after about a minute', async () => {
    const { tenants, jwkSets } = stores();
    const ids = [await newTenant(), await newTenant(), await newTenant()];
    for (const id of ids) await tenants.put(id, { issuers: [{ issuer, jwksUrl }] }, nowMs);
    const own = (sets: readonly { tenantId: string }[]) =>
      sets.filter(({ tenantId }) => ids.includes(tenantId));
    // Connections exist before the race begins.
    await Promise.all(Array.from({ length: 8 }, () => pool.query('SELECT pg_sleep(0.05)')));
    const taken = await Promise.all(Array.from({ length: 8 }, () => jwkSets.takeDue(nowMs)));
    expect(
      own(taken.flat())
        .map(({ tenantId }) => tenantId)
        .sort(),
    ).toEqual([...ids].sort());
    expect(own(await jwkSets.takeDue(nowMs + 53_000))).toEqual([]);
    await tenants.remove(ids[0] ?? '', by);
    expect(own(await jwkSets.takeDue(nowMs + 67_000))).toHaveLength(2);
  });
});

describe('the record of switches', () => {
  const store = () => new PostgresSwitchStore(pool);
  const target: KillSwitch['target'] = { type: 'user', value: '李雷' };
  const on = (tenantId: string | undefined, id: number): KillSwitch =>
    sampleSwitch(target, {
      id: `0b7c1c53-3b2a-4c4b-9a51-${String(id).padStart(12, '0')}`,
      ...(tenantId === undefined ? {} : { tenant_id: tenantId }),
    });

  it('has one switch for each target and reach, however many ask at the same time', async () => {
    const tenantId = await newTenant();
    for (const owner of [tenantId, undefined]) {
      const first = owner === undefined ? 10 : 20;
      const answers = await Promise.all([0, 1, 2, 3].map((n) => store().turnOn(on(owner, first + n))));
      const ids = new Set(answers.map((each) => (each === 'too_many' ? each : each.id)));
      expect(ids.size).toBe(1);
      const [id = ''] = ids;
      expect(await store().lift(id, owner === undefined ? tenantId : undefined, by)).toBe(false);
      expect(await store().lift(id, owner, by)).toBe(true);
      expect(await store().lift(id, owner, by)).toBe(false);
      expect(await store().turnOn(on(owner, first + 5))).toMatchObject({ id: on(owner, first + 5).id });
    }
    expect(await store().list(tenantId)).toHaveLength(2);
    expect(await store().list(await newTenant())).toHaveLength(1);
  });

  it('bounds the switches of a tenant', async () => {
    const tenantId = await newTenant();
    await pool.query(
      `INSERT INTO kill_switch (id, tenant_id, target_type, target_value, reason, turned_on_by, since)
       SELECT gen_random_uuid(), $1, 'user', 'u' || n, 'x', 'ada', now() FROM generate_series(1, 999) n`,
      [tenantId],
    );
    expect(await store().turnOn(on(tenantId, 30))).toMatchObject({ id: on(tenantId, 30).id });
    expect(await store().turnOn({ ...on(tenantId, 31), target: { type: 'user', value: 'one more' } })).toBe(
      'too_many',
    );
  });
});

describe('the keys of the environment', () => {
  it('end in one valid key when two instances start with two values at the same time (AB9)', async () => {
    const store = new PostgresBootstrapStore(pool);
    const apiKeys = new PostgresApiKeyStore(pool);
    await new PostgresTenantStore(pool).put('boot', { issuers: [] }, nowMs);
    const ofTenant = storedKey('boot', {}, nowMs - 1);
    await apiKeys.create(ofTenant);
    const keys = [storedKey('boot'), storedKey('boot'), storedKey('boot')];
    await Promise.all(keys.map((key) => store.adopt(key)));
    const valid = await apiKeys.list('boot', nowMs);
    expect(valid).toHaveLength(2);
    expect(valid[0]).toEqual(ofTenant);
    const adoptions = await Promise.all(keys.map((key) => store.adopt(key)));
    expect(adoptions.map(({ state }) => state).sort()).toEqual(['ended', 'ended', 'kept']);
    expect(await apiKeys.list('boot', nowMs)).toEqual(valid);
  });

  it('do not take the id of a key that a tenant made', async () => {
    const tenantId = await newTenant();
    const key = storedKey(tenantId);
    await new PostgresApiKeyStore(pool).create(key);
    expect(await new PostgresBootstrapStore(pool).adopt(key)).toEqual({ state: 'other', revoked: [] });
  });
});

describe('a publication', () => {
  it('reads each changed row anew, and no other', async () => {
    const tenantId = await newTenant();
    const keys = new PostgresApiKeyStore(pool);
    const record = new PostgresIdentityRecord(pool, systemClock);
    const [one, two, three] = [storedKey(tenantId), storedKey(tenantId), storedKey(tenantId)];
    const read = async () => {
      const identities = await record.exclusively((readNow) => readNow());
      return [one, two, three].map((key) => identities.find(({ id }) => id === key.identity.id));
    };
    for (const key of [one, two]) await keys.create(key);
    const before = await read();
    expect(before).toEqual([one.identity, two.identity, undefined]);
    await keys.create(three);
    const old = { tenantId, id: one.identity.id, expiresAtMs: Date.now() + 60_000 };
    await keys.replace(old, storedKey(tenantId), by);
    const after = await read();
    expect(after[0]).toEqual({ ...one.identity, expires_at: new Date(old.expiresAtMs).toISOString() });
    expect(after[1]).toBe(before[1]);
    expect(after[2]).toEqual(three.identity);
    await keys.revoke(tenantId, two.identity.id, { holder: 'ada', atMs: Date.now() });
    expect((await read())[1]).toBeUndefined();
  });

  it('waits for the one of another instance, so an older reading brings no revoked key back', async () => {
    const tenantId = await newTenant();
    const key = storedKey(tenantId, {}, Date.now());
    const { id } = key.identity;
    const keys = new PostgresApiKeyStore(pool);
    await keys.create(key);
    const topic = new FakePublishedTopic<Identity>(identityKey);
    let release: () => void = () => undefined;
    let isHeld = false;
    const slow = new FakePublishedTopic<Identity>(identityKey);
    const slowTopic = Object.assign(slow, {
      refreshed: () => topic.refreshed(),
      apply: async (publication: RecordPublication<Identity>) => {
        isHeld = true;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        await topic.apply(publication);
      },
    });
    const record = new PostgresIdentityRecord(pool, systemClock);
    const first = new PublishIdentities(record, slowTopic).run();
    await waitFor(() => isHeld, { what: 'the first instance to hold an older reading' });
    expect(await keys.revoke(tenantId, id, { holder: 'ada', atMs: Date.now() })).toBe(true);
    const second = new PublishIdentities(record, topic).run();
    const early = await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
    release();
    await Promise.all([first, second]);
    expect(topic.values.has(`key/${id}`)).toBe(false);
    expect(early).toBe('waits');
  });
});
