import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { BrokerInstance, StageIntegrations } from './broker-instance.js';
import { ConnectionStage, stageProvider } from './connection-stage.js';
import { StageTokenServer } from './stage-token-server.js';

jest.setTimeout(120_000);

const timeout = { kind: 'transient', code: 'timeout', certainlyNotProcessed: false } as const;
const refused = { kind: 'transient', code: 'http_503', certainlyNotProcessed: true } as const;
const due = `expires_at = clock_timestamp() + interval '1 second', issued_at = clock_timestamp() - interval '1 hour'`;
const ended = `expires_at = clock_timestamp() - interval '1 second', issued_at = clock_timestamp() - interval '1 hour'`;
/** The back-off is over. */
const again = 'next_attempt_at = NULL';

let stage: ConnectionStage;
let integrations: StageIntegrations;
const issuer = new StageTokenServer();
let brokers: BrokerInstance[];
const broker = (index = 0): BrokerInstance => {
  const found = brokers[index];
  if (found === undefined) throw new Error('no such broker');
  return found;
};

beforeAll(async () => {
  stage = await ConnectionStage.start();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await stage.reset();
  issuer.reset();
  integrations = new StageIntegrations();
  brokers = [0, 1, 2].map(() => new BrokerInstance(stage, integrations, issuer));
});
afterEach(async () => {
  await Promise.all(brokers.map(({ refresh }) => refresh.idle()));
});
leakCheck();

describe('a refresh', () => {
  it('sends one request for 200 callers at 3 brokers [RF1, RF2]', async () => {
    await stage.connect();
    await stage.set(ended);
    const tokens = await Promise.all(Array.from({ length: 200 }, (_, n) => broker(n % 3).token()));
    expect(new Set(tokens)).toEqual(new Set(['access-2']));
    expect(issuer.presented).toEqual(['refresh-1']);
    expect(stage.seen()).toEqual(['created', 'refreshed']);
  });

  it('asks the database for one lease, however many callers a broker has [RF1]', async () => {
    let leases = 0;
    const counting = new BrokerInstance(stage, integrations, issuer, (store) => ({
      ...boundTo(store),
      commit: store.commit.bind(store),
      takeLease: (...values) => {
        leases += 1;
        return store.takeLease(...values);
      },
    }));
    await stage.connect();
    await stage.set(ended);
    let release: (value?: unknown) => void = () => undefined;
    issuer.faults.push({ hold: new Promise((resolve) => (release = resolve)) });
    const tokens = Array.from({ length: 50 }, () => counting.token());
    await waitFor(() => issuer.presented.length === 1, { what: 'a request at the provider' });
    release();
    expect(new Set(await Promise.all(tokens))).toEqual(new Set(['access-2']));
    expect(leases).toBe(1);
  });

  it('stays right over many rounds [RF2]', async () => {
    await stage.connect();
    for (let round = 2; round < 12; round += 1) {
      await stage.set(ended);
      const tokens = await Promise.all(Array.from({ length: 30 }, (_, n) => broker(n % 3).token()));
      expect(new Set(tokens)).toEqual(new Set([`access-${round}`]));
    }
    expect(issuer.presented).toEqual(Array.from({ length: 10 }, (_, n) => `refresh-${n + 1}`));
  });

  it('holds no connection to the database while the provider answers [RF3]', async () => {
    await stage.connect();
    await stage.set(ended);
    let release: (value?: unknown) => void = () => undefined;
    issuer.faults.push({ hold: new Promise((resolve) => (release = resolve)) });
    const asked = broker().token();
    await waitFor(() => issuer.presented.length === 1, { what: 'a request at the provider' });
    await waitFor(() => stage.pool.idleCount === stage.pool.totalCount, { what: 'an idle pool' });
    release();
    expect(await asked).toBe('access-2');
  });

  it('keeps a refresh token that the answer leaves out', async () => {
    issuer.rotation = 'none';
    await stage.connect();
    for (const token of ['access-2', 'access-3']) {
      await stage.set(ended);
      expect(await broker().token()).toBe(token);
    }
    expect(issuer.presented).toEqual(['refresh-1', 'refresh-1']);
  });

  it('comes before the end of the token, and not for a fresh one [RF9]', async () => {
    await stage.connect();
    expect(await broker().token()).toBe('access-1');
    await stage.set(due);
    expect(await broker().token()).toBe('access-2');
    await stage.set('expires_at = NULL');
    expect(await broker().token()).toBe('access-2');
  });

  it('renews client credentials', async () => {
    const credential = { clientId: 'c', clientSecret: 's', accessToken: 'access-1' } as const;
    await stage.connect({ credential: { kind: 'client_credentials', ...credential } });
    await stage.set(ended);
    expect(await broker().token()).toBe('access-2');
  });

  it.each([
    ['egress_denied', 'integration_broken', 'active'],
    ['invalid_client', 'needs_reauth', 'needs_reauth'],
  ] as const)(
    'asks the user for new client credentials only if those are wrong: %s',
    async (code, answer, state) => {
      const credential = { clientId: 'c', clientSecret: 's', accessToken: 'access-1' } as const;
      const id = await stage.connect({ credential: { kind: 'client_credentials', ...credential } });
      await stage.set(ended);
      const failure = { kind: 'client', code, certainlyNotProcessed: true } as const;
      const refusing = new BrokerInstance(stage, integrations, {
        refresh: (integration, refreshToken) => issuer.refresh(integration, refreshToken),
        revoke: (integration, tokens) => issuer.revoke(integration, tokens),
        clientCredentials: () => Promise.resolve({ ok: false, failure }),
      });
      expect(await refusing.token()).toBe(answer);
      expect(await stage.store.find('acme', id)).toMatchObject({ state });
    },
  );
});

describe('a request for a newer credential', () => {
  const old = `issued_at = clock_timestamp() - interval '10 minutes'`;

  it('refreshes once for each refused version [RF11]', async () => {
    await stage.connect();
    await stage.set(old);
    const tokens = await Promise.all(
      Array.from({ length: 30 }, (_, n) => broker(n % 3).token({ not_version: 1 })),
    );
    expect(new Set(tokens)).toEqual(new Set(['access-2']));
    expect(await broker(1).token({ not_version: 1 })).toBe('access-2');
    expect(issuer.presented).toHaveLength(1);
  });

  it('is refused for a credential that was just issued [RF11]', async () => {
    await stage.connect();
    expect(await broker().token({ not_version: 1 })).toBe('rejected');
    expect(issuer.presented).toEqual([]);
  });

  it('asks the user where nothing can be refreshed', async () => {
    const id = await stage.connect({ credential: { kind: 'fields', fields: { access_token: 'key' } } });
    await stage.set('expires_at = NULL');
    expect(await broker().token({ not_version: 1 })).toBe('needs_reauth');
    expect(await stage.store.find('acme', id)).toMatchObject({ reason: 'credential_rejected' });
    expect(stage.seen()).toEqual(['created', 'needs_reauth']);
  });
});

describe('a failed refresh', () => {
  it('leaves the valid token in service, and sends nothing during the pause [RF8]', async () => {
    await stage.connect();
    await stage.set(
      `expires_at = clock_timestamp() + interval '20 seconds', issued_at = clock_timestamp() - interval '1 hour'`,
    );
    issuer.faults.push({ before: refused });
    for (let times = 0; times < 5; times += 1) expect(await broker(times % 3).token()).toBe('access-1');
    expect(issuer.presented).toHaveLength(1);
    await stage.set(ended);
    expect(await broker().ask()).toMatchObject({
      refusal: { code: 'unavailable', retry_after_ms: expect.any(Number) as unknown },
    });
    expect(issuer.presented).toHaveLength(1);
    await stage.set(again);
    expect(await broker().token()).toBe('access-2');
    expect(stage.seen()).toEqual(['created', 'refresh_failed', 'recovered']);
  });

  it('waits as long as the provider asks [RF8]', async () => {
    const id = await stage.connect();
    await stage.set(ended);
    issuer.faults.push({ before: { ...refused, retryAfterMs: 3_600_000 } });
    const answer = await broker().ask();
    expect(answer).toMatchObject({ refusal: { code: 'unavailable', retry_after_ms: 3_600_000 } });
    const stored = await stage.store.find('acme', id);
    expect((stored?.nextAttemptAtMs ?? 0) - (stored?.readAtMs ?? 0)).toBeGreaterThan(3_500_000);
  });

  it('is tried again with the same token after an answer was lost, within the leeway [RF7]', async () => {
    issuer.rotation = 'leeway';
    integrations.known = {
      ...integrations.known,
      provider: stageProvider({ rotates: 'always', reuseLeewayMs: 600_000 }),
    };
    const id = await stage.connect();
    await stage.set(ended);
    issuer.faults.push({ after: timeout });
    expect(await broker().token()).toBe('unavailable');
    await stage.set(again);
    expect(await broker(1).token()).toBe('access-3');
    expect(issuer.presented).toEqual(['refresh-1', 'refresh-1']);
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'active', failures: 0 });
  });

  it('is rotation_lost where the provider used up the token and its answer was lost [RF7]', async () => {
    const id = await stage.connect();
    await stage.set(ended);
    issuer.faults.push({ after: { ...timeout, code: 'http_500' } });
    expect(await broker().token()).toBe('unavailable');
    await stage.set(again);
    expect(await broker(1).token()).toBe('needs_reauth');
    expect(issuer.presented).toEqual(['refresh-1', 'refresh-1']);
    expect(await stage.store.find('acme', id)).toMatchObject({ reason: 'rotation_lost' });
    expect(await broker(2).token()).toBe('needs_reauth');
    expect(issuer.presented).toHaveLength(2);
  });

  it('is refused where the user ended the grant [RF7]', async () => {
    const id = await stage.connect();
    await stage.set(ended);
    issuer.endGrant();
    expect(await broker().ask()).toEqual({
      refusal: {
        code: 'needs_reauth',
        message: expect.any(String) as unknown,
        connect_url: `https://mesh.example.com/${id}`,
        connection_id: id,
      },
    });
    expect(await stage.store.find('acme', id)).toMatchObject({ reason: 'refused' });
    // The user connects again.
    await stage.connect({ connectionId: id });
    expect(stage.seen()).toEqual(['created', 'needs_reauth', 'recovered']);
    expect(await broker().token()).toBe('access-1');
  });

  it('is repeated ever later while nobody knows the end [RF7]', async () => {
    await stage.connect();
    await stage.set(ended);
    for (const sent of [1, 2, 2]) {
      issuer.faults.push({ before: timeout });
      expect(await broker().token()).toBe('unavailable');
      expect(issuer.presented).toHaveLength(sent);
      await stage.set(again);
      if (sent === 1) issuer.faults.length = 0;
    }
    await stage.set(`intent_at = clock_timestamp() - interval '31 seconds'`);
    issuer.faults.length = 0;
    expect(await broker().token()).toBe('access-2');
  });

  it('is a matter of the tenant when the provider refuses the client [RF10]', async () => {
    const id = await stage.connect();
    await stage.connect({
      userId: 'bob',
      credential: { kind: 'oauth2', accessToken: 'b', refreshToken: 'r' },
    });
    await stage.set(ended);
    issuer.faults.push({ before: { kind: 'client', code: 'invalid_client', certainlyNotProcessed: true } });
    expect(await broker().token()).toBe('integration_broken');
    for (const user_id of ['ada', 'bob'])
      for (const index of [0, 1, 2])
        expect(await broker(index).token({ user_id })).toBe('integration_broken');
    expect(issuer.presented).toHaveLength(1);
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'active' });
    // The pause is over: of two connections, one is the probe. The other one stays paused.
    integrations.known = { ...integrations.known, broken: { code: 'invalid_client', retryAtMs: 0 } };
    issuer.faults.push({ before: { kind: 'client', code: 'invalid_client', certainlyNotProcessed: true } });
    const probing = ['ada', 'bob'].map((user_id) => broker(0).token({ user_id }));
    expect(await Promise.all(probing)).toEqual(['integration_broken', 'integration_broken']);
    expect(issuer.presented).toHaveLength(2);
    // The success of a probe lets all others go.
    integrations.known = { ...integrations.known, broken: { code: 'invalid_client', retryAtMs: 0 } };
    await Promise.all(Array.from({ length: 9 }, (_, n) => broker(n % 3).token()));
    expect(await broker().token()).toBe('access-2');
    expect(issuer.presented).toHaveLength(3);
    expect(integrations.known.broken).toBeUndefined();
  });
});

describe('a broker that lost its lease', () => {
  const expire = `lease_until = clock_timestamp() - interval '1 second'`;

  it('stores its new credential when nobody else has one [RF5]', async () => {
    const id = await stage.connect();
    await stage.set(ended);
    let release: (value?: unknown) => void = () => undefined;
    issuer.faults.push({ holdAfter: () => new Promise((resolve) => (release = resolve)) });
    const slow = broker().token();
    await waitFor(() => issuer.presented.length === 1, { what: 'a request at the provider' });
    await stage.set(expire);
    // Another broker repeats the request. The provider has used up the token already.
    expect(await broker(1).token()).toBe('needs_reauth');
    release();
    expect(await slow).toBe('access-2');
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'active', version: 2 });
    expect(stage.seen()).toEqual(['created', 'needs_reauth', 'recovered']);
  });

  it('leaves its new credential to the next holder [RF5, RF6]', async () => {
    issuer.rotation = 'leeway';
    const id = await stage.connect();
    await stage.set(ended);
    const releases: ((value?: unknown) => void)[] = [];
    const hold = () => new Promise((resolve) => releases.push(resolve));
    const [first, second] = [hold(), hold()];
    issuer.faults.push({ holdAfter: () => first }, { hold: second });
    const slow = broker().token();
    await waitFor(() => issuer.presented.length === 1, { what: 'a request at the provider' });
    await stage.set(expire);
    const next = broker(1).token();
    await waitFor(() => issuer.presented.length === 2, { what: 'a request at the provider' });
    releases[0]?.();
    // The first holder finds the lease taken, and puts its credential aside.
    await waitFor(() => broker().orphaned.length === 1, { what: 'an orphan' });
    issuer.rotation = 'strict';
    releases[1]?.();
    expect(await next).toBe('access-2');
    await slow;
    expect(await stage.store.find('acme', id)).toMatchObject({ state: 'active', version: 2 });
    expect((await stage.pool.query('SELECT FROM orphan_credential')).rowCount).toBe(0);
  });

  it('writes over nothing that is newer [RF5]', async () => {
    const id = await stage.connect();
    await stage.set(ended);
    let release: (value?: unknown) => void = () => undefined;
    issuer.faults.push({ holdAfter: () => new Promise((resolve) => (release = resolve)) });
    const slow = broker().token();
    await waitFor(() => issuer.presented.length === 1, { what: 'a request at the provider' });
    // The user connects again meanwhile.
    await stage.connect({
      connectionId: id,
      credential: { kind: 'oauth2', accessToken: 'reconnected', refreshToken: 'refresh-9' },
    });
    release();
    expect(await slow).toBe('reconnected');
    expect(await broker(1).token()).toBe('reconnected');
  });
});

describe('a new credential', () => {
  it('is durable before anybody gets it, although the database fails meanwhile [RF4]', async () => {
    let failures = 3;
    const failing = new BrokerInstance(stage, integrations, issuer, (store) =>
      Object.assign(Object.create(store) as typeof store, {
        commit: (...values: Parameters<typeof store.commit>) => {
          failures -= 1;
          return failures >= 0 ? Promise.reject(new Error('no database')) : store.commit(...values);
        },
        ...boundTo(store),
      }),
    );
    const id = await stage.connect();
    await stage.set(ended);
    expect(await failing.token()).toBe('access-2');
    expect(failing.errors).toHaveLength(3);
    expect(await stage.store.find('acme', id)).toMatchObject({ version: 2 });
    expect(issuer.presented).toHaveLength(1);
  });
});

/** The other methods of a store, bound to it: private members need their own object. */
function boundTo(store: BrokerInstance['refreshes']) {
  return {
    takeLease: store.takeLease.bind(store),
    orphan: store.orphan.bind(store),
    fail: store.fail.bind(store),
    release: store.release.bind(store),
    giveUp: store.giveUp.bind(store),
    requireReauth: store.requireReauth.bind(store),
  };
}

describe('a request', () => {
  it('gets a connection of its own tenant, user and integration alone [GC3]', async () => {
    const id = await stage.connect();
    expect(await broker().token({ connection_id: id })).toBe('access-1');
    expect(await broker().token({ connection_id: id, user_id: 'eve' })).toBe('no_connection');
    expect(await broker().token({ connection_id: id, tenant_id: 'globex' })).toBe('no_integration');
    expect(await broker().token({ user_id: 'eve' })).toBe('no_connection');
    expect(await broker().token({ integration: 'other' })).toBe('no_integration');
  });

  it('gets the default and never the latest [GC3]', async () => {
    await stage.connect({ account: { id: 'a1' } });
    const second = await stage.connect({
      account: { id: 'a2' },
      credential: { kind: 'oauth2', accessToken: 'second' },
    });
    expect(await broker().token()).toBe('access-1');
    expect(await broker().token({ connection_id: second })).toBe('second');
  });

  it('is told the missing scopes and where to grant them', async () => {
    const id = await stage.connect({ scopes: ['read'] });
    expect(await broker().token({ scopes: [['read']] })).toBe('access-1');
    expect(await broker().ask({ scopes: [['read', 'write']] })).toMatchObject({
      refusal: {
        code: 'missing_scopes',
        missing_scopes: ['write'],
        connect_url: `https://mesh.example.com/${id}?read+write`,
      },
    });
  });

  it('gets everything that its executor needs', async () => {
    const id = await stage.connect({ account: { id: 'a1', name: 'ada' }, scopes: ['read'] });
    expect(await broker().ask()).toEqual({
      credential: {
        connection_id: id,
        version: 1,
        places: [{ in: 'header', name: 'authorization', value: 'Bearer access-1' }],
        hosts: ['api.stage.example.com'],
        account: { id: 'a1', name: 'ada' },
        scopes: ['read'],
        valid_for_ms: expect.any(Number) as unknown,
      },
    });
  });

  it('ends at the user when a token without a refresh token has expired', async () => {
    const id = await stage.connect({ credential: { kind: 'oauth2', accessToken: 'access-1' } });
    await stage.set(due);
    expect(await broker().token()).toBe('access-1');
    await stage.set(ended);
    expect(await broker().token()).toBe('needs_reauth');
    expect(await stage.store.find('acme', id)).toMatchObject({ reason: 'expired' });
  });
});

describe('a connection that nobody uses', () => {
  it('is refreshed before its provider ends it', async () => {
    await stage.connect();
    expect(await broker().keepAlive.run()).toBe(0);
    await stage.set(`refreshed_at = clock_timestamp() - interval '61 days'`);
    expect(await broker().keepAlive.run()).toBe(1);
    expect(await broker(1).keepAlive.run()).toBe(0);
    expect(issuer.presented).toEqual(['refresh-1']);
  });
});
