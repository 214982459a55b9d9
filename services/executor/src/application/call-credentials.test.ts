import { sampleTool } from '@action-mesh/testing';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { newId } from '@action-mesh/kernel';

import { FakeLeases, fakeCredentials, servedIntegration, sampleLease } from './call-credentials.fake.js';
import type { CallCredentials, CredentialSubject } from './call-credentials.js';
import type { PreparedTool } from './tools.port.js';

const connectionId = '01998c50-0000-7a0b-8c0d-0e0f10111299';
const link = 'https://mesh.example.com/connect/link/x';

let leases: FakeLeases;
let credentials: CallCredentials;

beforeEach(() => {
  leases = new FakeLeases();
  credentials = fakeCredentials([servedIntegration], leases);
});

function prepared(security: PreparedTool['tool']['security'] = [], slug = 'x'): PreparedTool {
  const tool = sampleTool({ slug: 'x', security, provider: { slug, base_url: 'https://api.example' } });
  return {
    tool,
    endpoint: 'GET api.example/x',
    buildRequest: () => ({ method: 'GET', url: '', headers: {} }),
  };
}

function subject(
  call: Partial<AcceptedCall> = {},
  changes: Partial<CredentialSubject> = {},
): CredentialSubject {
  return {
    call: {
      call_id: newId(),
      tenant_id: 't',
      user_id: 'u',
      tool: { slug: 'x', version: '1.0.0' },
      arguments: {},
      scope: 'global',
      mode: 'live',
      hash: 'a'.repeat(64),
      content_hash: 'b'.repeat(64),
      accepted_at: new Date(0).toISOString(),
      ...call,
    },
    prepared: prepared(),
    mayHaveActed: false,
    isUnsure: false,
    ageMs: 0,
    ...changes,
  };
}

const oauth = [[{ scheme: 'oauth', kind: 'oauth2' as const, scopes: ['repo'] }]];
const refuse = (code: 'no_connection' | 'missing_scopes' | 'unavailable' | 'rejected', more = {}): void => {
  leases.answers.push({ refusal: { code, message: 'provider text', ...more } });
};

it('is that of the tenant and user of the call alone (CC1)', async () => {
  expect(await credentials.obtain(subject())).toMatchObject({
    leased: sampleLease({ tenantId: 't', userId: 'u' }),
  });
  expect(leases.asked).toMatchObject([
    { tenantId: 't', userId: 'u', integration: 'x', connectionId: undefined },
  ]);
  const { call, prepared: tool } = subject();
  expect(credentials.held(call, tool)).toMatchObject({ leased: { version: 1 } });
  expect(credentials.held({ ...call, user_id: 'v' }, tool)).toBe('cold');
});

it('is needed where an integration serves the tool, or the tool asks for one', async () => {
  const other = prepared([], 'other');
  const { call } = subject();
  expect(credentials.held(call, other)).toBeUndefined();
  expect(credentials.held({ ...call, tenant_id: 'globex' }, prepared())).toBeUndefined();
  const asking = prepared(oauth, 'other');
  expect(credentials.held(call, asking)).toBe('cold');
  expect(credentials.held(call, { ...asking, hasStaticCredential: true })).toBeUndefined();
  expect(credentials.held(call, prepared([...oauth, []], 'other'))).toBeUndefined();
  expect(await credentials.obtain(subject({}, { prepared: asking }))).toMatchObject({
    command: 'awaitAuth',
    parking: { park: { scope: 'no_integration:other' } },
  });
});

it('waits for the user with a link and the missing scopes', async () => {
  refuse('missing_scopes', { connect_url: link, missing_scopes: ['repo'] });
  expect(await credentials.obtain(subject({}, { prepared: prepared(oauth) }))).toMatchObject({
    kind: 'parked',
    command: 'awaitAuth',
    parking: { ending: { waiting: { connect_url: link, missing_scopes: ['repo'] } } },
  });
  expect(leases.asked[0]?.scopes).toEqual([['repo']]);
});

it('waits for a broker that does not answer', async () => {
  refuse('unavailable', { retry_after_ms: 5_000 });
  expect(await credentials.obtain(subject())).toMatchObject({
    command: 'throttle',
    parking: { park: { delayMs: 5_000, reason: 'token_unavailable', scope: 'integration:x' } },
  });
});

it('of a foreign connection looks like one that does not exist (CC4)', async () => {
  const failed = { kind: 'failed', failure: { code: 'connection_not_found' } };
  refuse('no_connection', { connect_url: link });
  // No connection has an id in this spelling, so nobody is asked.
  const upper = await credentials.obtain(subject({ connection_id: connectionId.toUpperCase() }));
  expect([upper, leases.asked]).toMatchObject([failed, []]);
  const foreign = await credentials.obtain(subject({ connection_id: connectionId }));
  expect(foreign).toMatchObject(failed);
  expect(JSON.stringify(foreign)).not.toContain(link);
  expect(await credentials.obtain(subject({ connection_id: 'nonsense' }))).toEqual(foreign);
  expect(leases.asked).toHaveLength(1);
});

it('stays with the connection of an earlier request, unless nothing can have happened there (CC2, I2)', async () => {
  const pinned = { pinned: connectionId };
  await credentials.obtain(subject({}, pinned));
  expect(leases.asked[0]?.connectionId).toBe(connectionId);
  leases.memory.clear();
  refuse('no_connection');
  expect(await credentials.obtain(subject({}, { ...pinned, mayHaveActed: true }))).toMatchObject({
    kind: 'failed',
  });
  refuse('no_connection');
  expect(await credentials.obtain(subject({}, pinned))).toMatchObject({ leased: { version: 1 } });
  expect(leases.asked.at(-1)?.connectionId).toBeUndefined();
});

it('is renewed for exactly its connection', async () => {
  const given = subject();
  const first = await credentials.obtain(given);
  if (first === undefined || 'kind' in first) throw new Error('no credential');
  expect(await credentials.renew(given, first)).toMatchObject({ leased: { version: 2 } });
  expect(leases.asked.at(-1)).toMatchObject({ connectionId: first.leased.connection_id, refusedVersion: 1 });
  refuse('rejected');
  expect(await credentials.renew(given, first)).toMatchObject({ failure: { code: 'credential_rejected' } });
});
