import { randomUUID } from 'node:crypto';

import { withTenant } from '@action-mesh/postgres';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { PostgresRefreshStore } from '../src/adapters/postgres/connections/postgres-refresh-store.js';
import { saveConnection } from '../src/adapters/postgres/connections/save-statement.js';
import { PostgresIntegrationStore } from '../src/adapters/postgres/integrations/postgres-integration-store.js';
import { ConnectionStage } from './connection-stage.js';

let stage: ConnectionStage;

beforeAll(async () => {
  stage = await ConnectionStage.start();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});
beforeEach(() => stage.reset());
leakCheck();

const account = (id: string) => ({ account: { id, name: `${id}@example.com` } });
const owner = { tenantId: 'acme', userId: 'ada', integration: 'stage' };

describe('a new connection', () => {
  it('is the default when it is the first of its user [CN3]', async () => {
    const first = await stage.connect(account('a1'));
    const second = await stage.connect(account('a2'));
    const others = await stage.connect({ ...account('a1'), userId: 'bob' });
    expect((await stage.store.findDefault(owner))?.id).toBe(first);
    expect(await stage.store.find('acme', second)).toMatchObject({
      isDefault: false,
      version: 1,
      state: 'active',
    });
    expect((await stage.store.findDefault({ ...owner, userId: 'bob' }))?.id).toBe(others);
    expect(stage.changes.map(({ change, is_default }) => [change, is_default])).toEqual([
      ['created', true],
      ['created', false],
      ['created', true],
    ]);
  });

  it('of the same account renews the first one [CN1]', async () => {
    const first = await stage.connect(account('a1'));
    const again = await stage.connect({
      ...account('a1'),
      credential: { kind: 'oauth2', accessToken: 'access-2' },
      scopes: ['read'],
    });
    expect(again).toBe(first);
    const stored = await stage.store.find('acme', first);
    expect(stored).toMatchObject({ version: 2, seq: 2, scopes: ['read'], state: 'active' });
    expect(stage.changes.map(({ change, seq }) => [change, seq])).toEqual([
      ['created', 1],
      ['recovered', 2],
    ]);
  });

  it('replaces no other one where the provider cannot tell accounts apart [CN1]', async () => {
    const [first, second] = [await stage.connect(), await stage.connect()];
    expect(second).not.toBe(first);
    expect((await stage.store.findDefault(owner))?.id).toBe(first);
  });

  it('is one although its user finishes several sessions at once', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => stage.connect(account('a1'))));
    expect(new Set(ids).size).toBe(1);
    expect((await stage.store.list('acme', {})).map(({ version }) => version)).toEqual([8]);
  });

  it('leaves one default although several accounts come at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => stage.connect(account(`a${n}`))));
    const all = await stage.store.list('acme', {});
    expect(all).toHaveLength(8);
    expect(all.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });
});

describe('an integration that is not there any more', () => {
  afterEach(async () => {
    await stage.pool.query(`UPDATE integration SET removed_at = NULL, provider = 'stage'`);
  });

  it.each([`removed_at = now()`, `provider = 'another'`])('gets no connection: %s [CN4]', async (change) => {
    const connectionId = await stage.connect(account('a1'));
    await stage.pool.query(`UPDATE integration SET ${change}`);
    await expect(stage.connect(account('a2'))).rejects.toThrow('integration_gone');
    await expect(stage.connect({ ...account('a1'), connectionId })).rejects.toThrow('integration_gone');
    expect(await stage.store.find('acme', connectionId)).toMatchObject({ version: 1 });
  });

  it('waits with its removal for a connection under way, and counts it [CN4]', async () => {
    const store = new PostgresIntegrationStore(stage.pool);
    const client = await stage.pool.connect();
    const counts: number[] = [];
    try {
      await client.query('BEGIN');
      const connection = { id: randomUUID(), ...owner, provider: 'stage', sealed: Buffer.from('x') };
      expect(await saveConnection(client, connection, () => Promise.resolve())).toBe('stored');
      const removed = store.remove(owner, (count) => counts.push(count), { holder: 'test', atMs: 0 });
      await waitFor(
        async () => {
          const { rowCount } = await stage.pool.query(
            `SELECT FROM pg_locks JOIN pg_stat_activity a USING (pid) WHERE NOT granted AND a.datname = current_database()`,
          );
          return rowCount === 1;
        },
        { what: 'the removal to wait' },
      );
      expect(counts).toEqual([]);
      await client.query('COMMIT');
      expect(await removed).toBe(true);
    } finally {
      client.release();
    }
    expect(counts).toEqual([1]);
  });
});

describe('a repaired connection', () => {
  it('keeps its account, unless the user chose otherwise [CN2]', async () => {
    const connectionId = await stage.connect(account('a1'));
    const repair = (id: string, allowOtherAccount: boolean) =>
      stage.connect({ ...account(id), connectionId, allowOtherAccount });
    await expect(repair('a2', false)).rejects.toThrow('other_account');
    expect(await repair('a1', false)).toBe(connectionId);
    expect(await repair('a2', true)).toBe(connectionId);
    expect((await stage.store.find('acme', connectionId))?.account).toEqual(account('a2').account);
  });

  it('never gets the credential of its former grant from a late refresh [RF5]', async () => {
    const connectionId = await stage.connect(account('a1'));
    const refreshes = new PostgresRefreshStore(stage.pool, stage.onCommitted);
    const read = await stage.store.find('acme', connectionId);
    const lease = read && (await refreshes.takeLease(read, Buffer.from('digest')));
    if (lease === undefined) throw new Error('no lease');
    await stage.connect({ ...account('a2'), connectionId, allowOtherAccount: true });
    const late = Buffer.from('the credential of a1');
    expect(await refreshes.commit(lease, { sealed: late }, late)).toEqual({ kind: 'orphaned' });
    expect(await refreshes.orphan(lease)).toBeUndefined();
  });

  it('must be of the same user and integration', async () => {
    const connectionId = await stage.connect(account('a1'));
    await expect(stage.connect({ connectionId, userId: 'eve' })).rejects.toThrow('unknown_connection');
    await expect(stage.connect({ connectionId, tenantId: 'globex' })).rejects.toThrow('unknown_connection');
    await expect(stage.connect({ connectionId, integration: 'other' })).rejects.toThrow('unknown_connection');
  });
});

describe('the default of a user', () => {
  it('is the connection that the user chose', async () => {
    const [first, second] = [await stage.connect(account('a1')), await stage.connect(account('a2'))];
    expect(await stage.store.makeDefault('acme', second)).toBe(true);
    expect((await stage.store.findDefault(owner))?.id).toBe(second);
    expect(await stage.store.find('acme', first)).toMatchObject({ isDefault: false });
    expect(await stage.store.makeDefault('globex', second)).toBe(false);
    expect(stage.changes.at(-1)).toMatchObject({ change: 'made_default', connection_id: second });
  });
});

describe('row-level security', () => {
  it('covers every table with connections [TI1]', async () => {
    await stage.connect(account('a1'));
    const { rows: tables } = await stage.pool.query<{ name: string; secured: boolean }>(
      `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS secured
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
        WHERE c.relnamespace = 'auth_broker'::regnamespace AND c.relkind = 'r'`,
    );
    const names = tables.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'data_key',
        'data_key_wrap',
        'connection',
        'orphan_credential',
        'connection_event',
      ]),
    );
    expect(tables.filter(({ secured }) => !secured)).toEqual([]);
    for (const table of ['connection', 'connection_event', 'orphan_credential', 'data_key', 'data_key_wrap'])
      expect(
        (await withTenant(stage.pool, 'globex', (client) => client.query(`SELECT FROM ${table}`))).rowCount,
      ).toBe(0);
    expect(
      (await withTenant(stage.pool, 'acme', (client) => client.query('SELECT FROM connection'))).rowCount,
    ).toBe(1);
  });
});

describe('a use of a connection', () => {
  it('is written at most once a minute', async () => {
    const id = await stage.connect(account('a1'));
    const atMs = Date.parse('2026-11-30T12:00:00Z');
    for (const laterMs of [0, 30_000, 61_000, 70_000])
      await stage.store.noteUses([{ id, atMs: atMs + laterMs }]);
    expect((await stage.store.find('acme', id))?.lastUsedAtMs).toBe(atMs + 61_000);
  });
});
