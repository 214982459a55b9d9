import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { Egress } from '@action-mesh/egress';
import { FakeGovernor } from '@action-mesh/governor/testing';
import { KillSwitches } from '@action-mesh/identity';
import { newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { sampleTool } from '@action-mesh/testing';

import { EgressProvider } from '../adapters/egress/egress-provider.js';
import { FakeLeases, fakeCredentials, sampleLease, servedIntegration } from './call-credentials.fake.js';
import { fakeRehearsals } from './rehearse-call.fake.js';
import type { Rehearsal } from './rehearse-call.js';
import { Throttle } from './throttle.js';
import { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

const startMs = Date.UTC(2026, 0, 1);
const request: ProviderRequest = {
  method: 'POST',
  url: 'https://api.example/x',
  headers: { 'content-type': 'application/json' },
  body: '{"id":12345678901234567890}',
};
const prepared: PreparedTool = {
  tool: sampleTool({
    slug: 'x',
    validity_ms: 60_000,
    provider: { slug: 'x', base_url: 'https://api.example' },
    effect: { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttl_ms: 1_000 },
  }),
  endpoint: 'POST api.example/x',
  buildRequest: () => request,
};

function aCall(changes: Partial<AcceptedCall> = {}): AcceptedCall {
  return {
    call_id: newId(),
    tenant_id: 't',
    user_id: 'u',
    tool: { slug: 'x', version: '1.0.0' },
    arguments: {},
    scope: 'global',
    mode: 'dry_run',
    hash: 'a'.repeat(64),
    content_hash: 'b'.repeat(64),
    accepted_at: new Date(startMs).toISOString(),
    ...changes,
  };
}

function stage(isConnected = true) {
  const clock = new FakeClock(startMs);
  const governor = new FakeGovernor();
  const leases = new FakeLeases();
  const egress = { request: () => Promise.reject(new Error('a request has left')) } as unknown as Egress;
  const rehearsals = fakeRehearsals({
    throttle: new Throttle(governor, new KillSwitches(), new ThrottleSpacing(clock), clock),
    credentials: fakeCredentials(isConnected ? [servedIntegration] : [], leases),
    preview: new EgressProvider(egress),
  });
  const rehearse = (
    changes: Partial<AcceptedCall> = {},
    built: ProviderRequest | 'files' = request,
  ): Promise<Rehearsal> => rehearsals.execute(aCall(changes), prepared, built);
  return { governor, leases, rehearse };
}

describe('a dry run', () => {
  it('shows the exact request with the address of the account, and no credential (RH2)', async () => {
    const { leases, governor, rehearse } = stage();
    const base = { from: 'https://api.example', to: 'https://eu7.api.example/v2' };
    const want = { tenantId: 't', userId: 'u', connectionId: undefined };
    leases.answers.push({ credential: { ...sampleLease(want), base, hosts: ['*.api.example'] } });
    const { ending, intent } = await rehearse();
    expect(ending).toMatchObject({
      status: 'dry_run',
      preview: {
        would: 'send',
        connection: { connection_id: sampleLease(want).connection_id },
        request: {
          digest: intent?.digest.toString('hex'),
          url: 'https://eu7.api.example/v2/x',
          headers: {
            authorization: '[masked]',
            'idempotency-key': intent?.providerKey,
          },
          body: '{"id":12345678901234567890}',
        },
      },
    });
    expect(JSON.stringify(ending)).not.toContain('t-u-1');
    expect(governor.asked).toEqual([]);
    expect(governor.open).toBe(0);
  });

  it('names a missing connection with its link, and does not wait for it', async () => {
    const { leases, rehearse } = stage();
    const refusal = {
      code: 'no_connection',
      message: 'none',
      connect_url: 'https://mesh.example/connect/link/a',
    } as const;
    leases.answers.push({ refusal });
    expect((await rehearse()).ending.preview).toMatchObject({
      would: 'wait',
      reason: 'awaiting_auth',
      connection: {
        waiting: { reason: 'awaiting_auth', scope: 'integration:x', connect_url: refusal.connect_url },
      },
      request: { url: 'https://api.example/x' },
    });
  });

  it('says that the credential must not go to the host of the request', async () => {
    const { leases, rehearse } = stage();
    const want = { tenantId: 't', userId: 'u', connectionId: undefined };
    leases.answers.push({ credential: { ...sampleLease(want), hosts: ['other.example'] } });
    const { preview } = (await rehearse()).ending;
    expect(preview).toMatchObject({ would: 'fail', reason: 'credential_host_not_allowed' });
    expect(preview?.request.headers).not.toHaveProperty('authorization');
  });

  it('shows the limit that would hold the request now', async () => {
    const { governor, rehearse } = stage(false);
    const untilMs = startMs + 5_000;
    const scope = 'provider:x#per-minute';
    governor.denyNext({ allowed: false, reason: 'rate_limited', untilMs, scope, circuit: 'closed' });
    expect((await rehearse()).ending.preview).toMatchObject({ would: 'wait', reason: 'rate_limited' });
  });

  it('is answered anew unless it has an idempotency key', async () => {
    const { rehearse } = stage(false);
    expect((await rehearse()).validityMs).toBe(0);
    expect((await rehearse({ idempotency_key: 'k' })).validityMs).toBe(60_000);
  });

  it('loads no file', async () => {
    const { ending, intent } = await stage(false).rehearse({}, 'files');
    expect(intent).toBeUndefined();
    expect(ending.preview?.request).toEqual({ not_shown: expect.stringContaining('files') as string });
  });
});

it('a shadow has only the digest of its request, and asks for no credential', async () => {
  const { leases, rehearse } = stage();
  const { ending, intent, validityMs } = await rehearse({ mode: 'shadow' });
  expect(ending).toEqual({
    status: 'shadowed',
    preview: { request: { digest: intent?.digest.toString('hex') } },
  });
  expect(validityMs).toBe(60_000);
  expect(leases.asked).toEqual([]);
});
