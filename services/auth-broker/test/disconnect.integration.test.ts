import { leakCheck } from '@action-mesh/testing';

import { BrokerInstance, StageIntegrations } from './broker-instance.js';
import { ConnectionStage } from './connection-stage.js';
import { StageTokenServer } from './stage-token-server.js';

let stage: ConnectionStage;
const issuer = new StageTokenServer();
let broker: BrokerInstance;

beforeAll(async () => {
  stage = await ConnectionStage.start();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await stage.reset();
  issuer.reset();
  broker = new BrokerInstance(stage, new StageIntegrations(), issuer);
});
afterEach(async () => {
  await stage.pool.query('UPDATE tenant SET removed_at = NULL');
});
leakCheck();

describe('a disconnected connection', () => {
  it('is out of use at once, ended at the provider, and then erased [DC1]', async () => {
    const id = await stage.connect();
    expect(await broker.disconnections.begin('acme', { id })).toBe(1);
    expect(await broker.token()).toBe('no_connection');
    expect(await broker.token({ connection_id: id })).toBe('no_connection');
    expect(await stage.store.find('acme', id)).toMatchObject({
      state: 'revoking',
      sealed: expect.anything() as unknown,
    });
    await broker.revoke.run();
    expect(issuer.revoked).toEqual(['refresh-1']);
    const stored = await stage.store.find('acme', id);
    expect(stored?.state).toBe('revoked');
    expect(stored?.sealed).toBeUndefined();
    expect(stage.changes.map(({ change, state }) => `${change} ${state}`)).toEqual([
      'created active',
      'revoked revoking',
      'revoked revoked',
    ]);
  });

  it('keeps its credential until the provider has ended it, for a day at most [DC1]', async () => {
    const id = await stage.connect();
    await broker.disconnections.begin('acme', { id });
    issuer.revocation = {
      ok: false,
      failure: { kind: 'transient', code: 'http_503', certainlyNotProcessed: true },
    };
    await broker.revoke.run();
    await broker.revoke.run();
    expect(issuer.revoked).toHaveLength(1);
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'revoking', lastError: 'http_503' });
    await stage.set(
      `next_attempt_at = clock_timestamp(), revoking_since = clock_timestamp() - interval '25 hours'`,
    );
    await broker.revoke.run();
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'revoked', lastError: 'http_503' });
  });

  it('leaves the grant of another connection of the same account alive [DC2]', async () => {
    const id = await stage.connect({ account: { id: 'shared' } });
    await stage.connect({ account: { id: 'shared' }, userId: 'bob' });
    await broker.disconnections.begin('acme', { id });
    await broker.revoke.run();
    expect(issuer.revoked).toEqual([]);
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'revoked', lastError: 'shared_grant' });
  });

  it('ends what a fenced-off refresh left behind too', async () => {
    const id = await stage.connect();
    const orphan = await stage.vault.seal(
      { tenantId: 'acme', userId: 'ada', provider: 'stage', id },
      'orphan',
      JSON.stringify({ kind: 'oauth2', accessToken: 'a', refreshToken: 'orphaned' }),
    );
    await stage.pool.query(
      `INSERT INTO orphan_credential (connection_id, tenant_id, epoch, credential, created_at) VALUES ($1, 'acme', 1, $2, now())`,
      [id, orphan],
    );
    await broker.disconnections.begin('acme', { id });
    await broker.revoke.run();
    expect(issuer.revoked).toEqual(['orphaned', 'refresh-1']);
    expect((await stage.pool.query('SELECT FROM orphan_credential')).rowCount).toBe(0);
  });

  it('ends what a refresh brings that outlives the disconnection [DC1]', async () => {
    for (const isErased of [false, true]) {
      await stage.reset();
      issuer.reset();
      const id = await stage.connect();
      const read = await stage.store.find('acme', id);
      const lease = read && (await broker.refreshes.takeLease(read, Buffer.from('digest')));
      if (lease === undefined) throw new Error('no lease');
      await broker.disconnections.begin('acme', { id });
      await broker.revoke.run();
      // The refresh has the time of its lease.
      expect(issuer.revoked).toEqual([]);
      if (isErased) {
        await stage.set('next_attempt_at = clock_timestamp()');
        await broker.revoke.run();
        expect(await stage.store.find('acme', id)).toMatchObject({ state: 'revoked' });
        issuer.revoked.length = 0;
      }
      const owner = { tenantId: 'acme', userId: 'ada', provider: 'stage', id };
      const text = JSON.stringify({ kind: 'oauth2', accessToken: 'a', refreshToken: 'late' });
      const sealed = await stage.vault.seal(owner, 'credential', text);
      const orphan = await stage.vault.seal(owner, 'orphan', text);
      expect(await broker.refreshes.commit(lease, { sealed }, orphan)).toEqual({ kind: 'gone' });
      await broker.revoke.run();
      expect(issuer.revoked).toEqual(isErased ? ['late'] : ['late', 'refresh-1']);
      expect(await stage.store.find('acme', id)).toMatchObject({ state: 'revoked' });
      expect((await stage.pool.query('SELECT FROM orphan_credential')).rowCount).toBe(0);
    }
  });

  it('does not move the default to another account, and frees it for the next [CN3]', async () => {
    const first = await stage.connect({ account: { id: 'a1' } });
    const second = await stage.connect({ account: { id: 'a2' } });
    await broker.disconnections.begin('acme', { id: first });
    expect(await broker.token()).toBe('no_connection');
    await stage.connect({ account: { id: 'a2' } });
    expect(await stage.store.find('acme', second)).toMatchObject({ isDefault: true });
  });

  it('is each connection of an integration, or of a removed tenant', async () => {
    await stage.connect();
    await stage.connect({ userId: 'bob', integration: 'other' });
    expect(await broker.disconnections.begin('acme', { integration: 'other' })).toBe(1);
    await stage.pool.query(`UPDATE tenant SET removed_at = now() WHERE tenant_id = 'acme'`);
    await broker.revoke.run();
    await stage.set('next_attempt_at = clock_timestamp()');
    await broker.revoke.run();
    const { rows } = await stage.pool.query<{ state: string }>('SELECT DISTINCT state FROM connection');
    expect(rows).toEqual([{ state: 'revoked' }]);
  });
});
