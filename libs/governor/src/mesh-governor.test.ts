import { FakeClock } from '@action-mesh/kernel/testing';
import { waitFor } from '@action-mesh/testing';

import { policyOf, sampleSubject } from '../test/governor-samples.js';
import type { Admission, Permit, Signal, Subject } from './governor.port.js';
import type { MeshGovernor } from './mesh-governor.js';
import { assembleGovernor, type GovernorOptions } from './open-governor.js';
import { PolicyIndex } from './policy/policy-index.js';
import { FakeLimitStore } from './rate/limit-store.fake.js';

const open: MeshGovernor[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((governor) => governor.close()));
});

function governorOf(options: Partial<GovernorOptions> = {}, store?: FakeLimitStore) {
  const clock = new FakeClock();
  const policies = new PolicyIndex();
  const governor = assembleGovernor({ policies, clock, instances: () => 1, ...options }, store);
  open.push(governor);
  return { clock, policies, governor };
}

const ok: Signal = { kind: 'answered', status: 200, durationMs: 10 };
const broken: Signal = { kind: 'answered', status: 500, durationMs: 10 };
const notSent: Signal = { kind: 'not_sent', durationMs: 1 };

function permitOf(admission: Admission): Permit {
  if (!admission.allowed) throw new Error(`denied: ${admission.reason}`);
  return admission.permit;
}

async function run(
  governor: MeshGovernor,
  signal: Signal,
  subject: Subject = sampleSubject(),
): Promise<void> {
  permitOf(await governor.admit(subject)).settle(signal);
}

describe('admit', () => {
  it('allows a request without limits, blocks or breakers, and asks no store (G1)', async () => {
    const store = new FakeLimitStore(new FakeClock());
    const { governor, policies } = governorOf({}, store);
    policies.put(policyOf({ match: { provider: 'crm' } }));
    await waitFor(() => governor.status().mode === 'shared', {
      what: 'the store to be asked for the first time',
    });
    const before = store.decisions;
    const permit = permitOf(await governor.admit(sampleSubject()));
    expect(permit.circuit).toBe('closed');
    expect(store.decisions).toBe(before);
  });

  it('denies a request beyond a limit, with the time and the name of the limit', async () => {
    const { governor, policies, clock } = governorOf();
    policies.put(policyOf());
    await run(governor, ok);
    await expect(governor.admit(sampleSubject())).resolves.toEqual({
      allowed: false,
      reason: 'rate_limited',
      untilMs: clock.now() + 100,
      scope: 'provider:slack#slack-per-second',
      circuit: 'closed',
    });
    clock.advance(100);
    await run(governor, ok);
  });

  it('takes nothing for a denied request (G2)', async () => {
    const { governor, policies, clock } = governorOf({ concurrency: { start: 2 } });
    policies.put(policyOf({ max_concurrency: 1 }));
    await run(governor, ok);
    for (let n = 0; n < 5; n += 1) expect((await governor.admit(sampleSubject())).allowed).toBe(false);
    expect(governor.status().concurrency).toMatchObject([{ in_flight: 0 }]);
    clock.advance(100);
    await run(governor, ok);
  });

  it('lets a token expire soon, and a permit without a token never (I10)', async () => {
    const { governor, policies, clock } = governorOf();
    expect(permitOf(await governor.admit(sampleSubject())).goodUntilMs).toBeUndefined();
    policies.put(policyOf());
    expect(permitOf(await governor.admit(sampleSubject())).goodUntilMs).toBe(clock.monotonicMs() + 50);
  });

  it('takes the token of an unsent request back (G3)', async () => {
    const { governor, policies } = governorOf();
    policies.put(policyOf());
    for (let n = 0; n < 5; n += 1) await run(governor, notSent);
  });

  it('allows no more requests under way than the policy or the adaptive limit', async () => {
    const { governor, policies, clock } = governorOf({ concurrency: { start: 3 } });
    policies.put(policyOf({ limit: 1_000, burst: 100, max_concurrency: 1, per: 'credential' }));
    const first = permitOf(await governor.admit(sampleSubject()));
    const second = await governor.admit(sampleSubject());
    expect(second).toMatchObject({
      reason: 'concurrency',
      scope: 'credential:acme/ada/slack#slack-per-second',
    });
    expect(second).toHaveProperty('untilMs', clock.now() + 100);
    for (const user of ['bob', 'eve']) await governor.admit(sampleSubject({ credential: user }));
    expect(await governor.admit(sampleSubject({ credential: 'fay' }))).toMatchObject({
      reason: 'concurrency',
      scope: 'tool:slack_post_message',
    });
    first.settle(ok);
    expect((await governor.admit(sampleSubject())).allowed).toBe(true);
  });

  it('refuses to settle a permit twice', async () => {
    const { governor } = governorOf();
    const permit = permitOf(await governor.admit(sampleSubject()));
    permit.settle(ok);
    expect(() => permit.settle(ok)).toThrow('already settled');
  });
});

describe('a provider that tells a credential to wait', () => {
  const tooMany: Signal = { kind: 'answered', status: 429, retryAfterMs: 47_000, durationMs: 5 };

  it('blocks this credential until that time', async () => {
    const { governor, clock } = governorOf();
    await run(governor, tooMany);
    await expect(governor.admit(sampleSubject())).resolves.toMatchObject({
      reason: 'provider_blocked',
      untilMs: clock.now() + 47_000,
      scope: 'provider:slack',
    });
    await run(governor, ok, sampleSubject({ credential: 'acme/bob/slack' }));
    clock.advance(46_999);
    expect((await governor.admit(sampleSubject())).allowed).toBe(false);
    clock.advance(1);
    expect((await governor.admit(sampleSubject())).allowed).toBe(true);
  });

  it('blocks the credential in all instances', async () => {
    const store = new FakeLimitStore(new FakeClock());
    const one = governorOf({}, store);
    const other = governorOf({}, store);
    await run(one.governor, tooMany);
    await waitFor(async () => !(await other.governor.admit(sampleSubject())).allowed, {
      what: 'the other instance to know',
    });
  });
});

describe('an endpoint that fails', () => {
  it('is blocked, probed once, and used again', async () => {
    const { governor, clock } = governorOf();
    for (let n = 0; n < 5; n += 1) await run(governor, broken);
    await expect(governor.admit(sampleSubject())).resolves.toEqual({
      allowed: false,
      reason: 'circuit_open',
      untilMs: clock.now() + 5_000,
      scope: 'endpoint:POST slack.example/messages',
      circuit: 'open',
    });
    clock.advance(5_000);
    const [probe, beside] = await Promise.all([
      governor.admit(sampleSubject()),
      governor.admit(sampleSubject()),
    ]);
    expect(permitOf(probe).circuit).toBe('half_open');
    expect(beside).toMatchObject({ reason: 'circuit_open', circuit: 'half_open' });
    permitOf(probe).settle(ok);
    expect(permitOf(await governor.admit(sampleSubject())).circuit).toBe('closed');
  });

  it.each([
    [{ kind: 'unanswered', durationMs: 1 }, 'open'],
    [{ kind: 'answered', status: 503, durationMs: 1 }, 'open'],
    [{ kind: 'answered', status: 501, durationMs: 1 }, 'closed'],
    [{ kind: 'answered', status: 404, durationMs: 1 }, 'closed'],
    [notSent, 'closed'],
  ] as [Signal, string][])('after %j five times it is %s', async (signal, state) => {
    const { governor } = governorOf();
    for (let n = 0; n < 5; n += 1) await run(governor, signal);
    const next = await governor.admit(sampleSubject());
    expect(next.allowed ? 'closed' : next.circuit).toBe(state);
  });

  it('is probed again if the probe was not sent', async () => {
    const { governor, clock } = governorOf();
    for (let n = 0; n < 5; n += 1) await run(governor, broken);
    clock.advance(5_000);
    await run(governor, notSent);
    expect(await governor.admit(sampleSubject())).toMatchObject({ reason: 'circuit_open', circuit: 'open' });
    clock.advance(5_000);
    expect(permitOf(await governor.admit(sampleSubject())).circuit).toBe('half_open');
  });

  it('does not wait for ever for a probe that a limit denies', async () => {
    const { governor, clock, policies } = governorOf();
    for (let n = 0; n < 5; n += 1) await run(governor, broken);
    policies.put(policyOf({ limit: 1, window: '1m' }));
    clock.advance(5_000);
    await run(governor, notSent);
    clock.advance(5_000);
    await run(governor, broken);
    clock.advance(10_000);
    expect(await governor.admit(sampleSubject())).toMatchObject({ reason: 'rate_limited', circuit: 'open' });
    clock.advance(50_000);
    expect(permitOf(await governor.admit(sampleSubject())).circuit).toBe('half_open');
  });
});

describe('the status', () => {
  it('shows a tenant only its own blocks and breakers', async () => {
    const { governor } = governorOf({ instances: () => 3 });
    const busy = { kind: 'answered', status: 429, durationMs: 1 } as const;
    for (const tenantId of ['acme', 'acme/ada']) {
      const subject = sampleSubject({ tenantId, credential: 'acme/ada/slack' });
      for (let n = 0; n < 5; n += 1) await run(governor, broken, subject);
      await run(governor, busy, { ...subject, provider: 'mail' });
    }
    const found = { provider: 'slack', credential: 'acme/ada/slack' };
    for (const tenantId of ['acme', 'acme/ada']) {
      const { breakers, blocked } = governor.tenantStatus(tenantId);
      expect([breakers, blocked.length]).toMatchObject([[found], 1]);
    }
    expect(governor.tenantStatus('globex')).toEqual({ mode: 'local', blocked: [], breakers: [] });
    expect(governor.status().breakers).toHaveLength(2);
  });

  it('is plain data', async () => {
    const { governor, policies, clock } = governorOf({ instances: () => 3 });
    policies.put(policyOf({ limit: 1, per: 'tool' }));
    for (let n = 0; n < 5; n += 1) await run(governor, broken, sampleSubject({ provider: 'crm' }));
    await run(
      governor,
      { kind: 'answered', status: 429, durationMs: 1 },
      sampleSubject({ provider: 'mail' }),
    );
    expect(JSON.parse(JSON.stringify(governor.status()))).toEqual({
      mode: 'local',
      local_periods: { begun: 1, ended: 0, since: '2026-01-01T00:00:00.000Z' },
      reason: 'there is no Redis: REDIS_URL is not set',
      instances: 3,
      limits: [
        {
          id: 'slack-per-second',
          match: { provider: 'slack' },
          per: 'tool',
          limit: 1,
          window: '1s',
          burst: 1,
          starved: true,
        },
      ],
      blocked: [
        {
          provider: 'mail',
          credential: 'acme/ada/slack',
          until: new Date(clock.now() + 1_000).toISOString(),
        },
      ],
      breakers: [
        {
          provider: 'crm',
          credential: 'acme/ada/slack',
          endpoint: 'POST slack.example/messages',
          state: 'open',
          failures: 5,
          until: new Date(clock.now() + 5_000).toISOString(),
        },
      ],
      concurrency: [
        { provider: 'crm', tool: 'slack_post_message', limit: 64, in_flight: 0 },
        { provider: 'mail', tool: 'slack_post_message', limit: 57, in_flight: 0 },
      ],
    });
  });
});

describe('forecast', () => {
  it('decides as an admission would and takes nothing (G4)', async () => {
    const { governor, policies, clock } = governorOf();
    policies.put(policyOf({ max_concurrency: 1 }));
    const scope = 'provider:slack#slack-per-second';
    for (let n = 0; n < 5; n += 1) {
      await expect(governor.forecast(sampleSubject())).resolves.toMatchObject({
        limits: [
          { kind: 'rate_limit', scope, holds: false, window: '1s' },
          { kind: 'concurrency', scope, holds: false, maxConcurrency: 1 },
        ],
      });
    }
    const permit = permitOf(await governor.admit(sampleSubject()));
    await expect(governor.forecast(sampleSubject())).resolves.toMatchObject({
      denial: { reason: 'rate_limited', untilMs: clock.now() + 100, scope, circuit: 'closed' },
      limits: [
        { kind: 'rate_limit', holds: true },
        { kind: 'concurrency', holds: true },
      ],
    });
    permit.settle(ok);
  });

  it('shows an open breaker and sends no probe (G4)', async () => {
    const { governor, clock } = governorOf();
    for (let n = 0; n < 5; n += 1) await run(governor, broken);
    const scope = `endpoint:${sampleSubject().endpoint}`;
    await expect(governor.forecast(sampleSubject())).resolves.toMatchObject({
      denial: { reason: 'circuit_open', scope, circuit: 'open' },
      limits: [{ kind: 'circuit_breaker', scope, holds: true }],
    });
    clock.advance(5_000);
    await expect(governor.forecast(sampleSubject())).resolves.toMatchObject({ limits: [{ holds: false }] });
    permitOf(await governor.admit(sampleSubject())).settle(ok);
  });
});
