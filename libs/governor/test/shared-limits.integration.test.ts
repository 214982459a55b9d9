import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import type { Admission, MeshGovernor, Permit, Signal } from '../src/index.js';
import { GovernorHarness, ok } from './governor-harness.js';
import { policyOf, sampleSubject } from './governor-samples.js';
import { busiestWindow } from './windows.js';

jest.setTimeout(30_000);
leakCheck();

const { REDIS_URL } = process.env;

function permitOf(admission: Admission): Permit {
  if (!admission.allowed) throw new Error(`denied: ${admission.reason} by ${admission.scope}`);
  return admission.permit;
}

async function run(governor: MeshGovernor, signal: Signal): Promise<void> {
  permitOf(await governor.admit(sampleSubject())).settle(signal);
}

/** Sends requests until the credential is blocked. Settles the allowed ones. */
async function blockOf(governor: MeshGovernor): Promise<Extract<Admission, { allowed: false }>> {
  return await waitFor(
    async () => {
      const admission = await governor.admit(sampleSubject());
      if (!admission.allowed) return admission.reason === 'provider_blocked' ? admission : undefined;
      admission.permit.settle(ok);
      return undefined;
    },
    { what: 'the block to be known' },
  );
}

describe('two governors on one Redis', () => {
  it('share a limit, and use all of it', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const policy = policyOf({ limit: 40, burst: 4 });
    await harness.start([policy]);
    await harness.start([policy]);
    await harness.flood(waitFor(() => harness.leftAtMs.length >= 80, { what: 'two seconds of requests' }));
    expect(busiestWindow(harness.leftAtMs, 1_000)).toBeLessThanOrEqual(44 + 1);
    expect(harness.leftAtMs.length).toBeGreaterThanOrEqual(80);
  });

  it('look at a limit without taking from it (G4)', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const governor = await harness.start([policyOf({ limit: 2, window: '1d', burst: 2 })]);
    const holds = async (): Promise<unknown> => (await governor.forecast(sampleSubject())).limits[0]?.holds;
    for (let n = 0; n < 10; n += 1) expect(await holds()).toBe(false);
    await run(governor, ok);
    expect(await holds()).toBe(false);
    await run(governor, ok);
    expect(await holds()).toBe(true);
    expect((await governor.admit(sampleSubject())).allowed).toBe(false);
  });

  it('take tokens from all limits of a request or from none', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const wide = policyOf({ id: 'wide', limit: 100, window: '1d', burst: 5 });
    const narrow = policyOf({
      id: 'narrow',
      match: { tenant: 'acme' },
      per: 'tenant',
      limit: 1,
      window: '1d',
    });
    const one = await harness.start([wide, narrow]);
    const other = await harness.start([wide]);
    await run(one, ok);
    const denied = await Promise.all(Array.from({ length: 20 }, () => one.admit(sampleSubject())));
    for (const admission of denied) expect(admission).toMatchObject({ scope: 'tenant:acme#narrow' });
    for (let n = 0; n < 4; n += 1) await run(other, ok);
    expect(await other.admit(sampleSubject())).toMatchObject({ scope: 'provider:slack#wide' });
  });

  it('do not trust the state of another run of the server', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const policy = policyOf({ limit: 2, window: '1d', burst: 2 });
    const one = await harness.start([policy]);
    await run(one, ok);
    // Like a restart from an old copy on disk.
    const client = harness.client();
    const life = await client.get(harness.key('life'));
    await client.set(harness.key('life'), (life ?? '').replace(/^[^|]*/, 'feedc0de'));
    expect(await one.admit(sampleSubject())).toMatchObject({ reason: 'rate_limited' });
  });

  it('do not treat a flushed Redis as a new one, in any order of arrival', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const policy = policyOf({ limit: 2, window: '1d', burst: 2 });
    const one = await harness.start([policy]);
    await run(one, ok);
    await run(one, ok);
    await harness
      .client()
      .unlink(...['life', `count:${policy.id}:2/1d+2:slack`].map((name) => harness.key(name)));
    // Started after the flush. By its own count it is the only instance.
    const late = await harness.start([policy], { instances: () => 1 });
    expect(await one.admit(sampleSubject())).toMatchObject({ reason: 'rate_limited' });
    expect(await late.admit(sampleSubject())).toMatchObject({ reason: 'rate_limited' });
  });

  it('take back the tokens of unsent requests', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const policy = policyOf({ limit: 1, window: '1d', burst: 1 });
    const one = await harness.start([policy]);
    const other = await harness.start([policy]);
    await run(one, { kind: 'not_sent', durationMs: 1 });
    const admission = await waitFor(
      async () => {
        const asked = await other.admit(sampleSubject());
        return asked.allowed ? asked : undefined;
      },
      { what: 'the token to be back' },
    );
    admission.permit.settle(ok);
    expect(await one.admit(sampleSubject())).toMatchObject({ reason: 'rate_limited' });
  });

  it('both block a credential after its provider told one of them to wait', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const one = await harness.start([]);
    const other = await harness.start([]);
    await run(one, { kind: 'answered', status: 429, retryAfterMs: 47_000, durationMs: 1 });
    const denial = await blockOf(other);
    expect(denial).toMatchObject({ reason: 'provider_blocked', scope: 'provider:slack' });
    expect(denial.untilMs - Date.now()).toBeGreaterThan(40_000);
    expect(denial.untilMs - Date.now()).toBeLessThanOrEqual(47_000);
    expect(other.status().blocked).toMatchObject([{ provider: 'slack', credential: 'acme/ada/slack' }]);
  });

  it('share the present blocks with a governor that starts later', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const one = await harness.start([]);
    await run(one, { kind: 'answered', status: 429, retryAfterMs: 47_000, durationMs: 1 });
    await waitFor(() => one.status().blocked.length === 1, { what: 'the block' });
    const late = await harness.start([]);
    await expect(blockOf(late)).resolves.toMatchObject({ scope: 'provider:slack' });
  });

  it('together send one probe to a broken endpoint', async () => {
    await using harness = new GovernorHarness(REDIS_URL);
    const breaker = { firstOpenMs: 600, failuresInARow: 2 };
    const governors = [await harness.start([], { breaker }), await harness.start([], { breaker })];
    for (const governor of governors) {
      for (let n = 0; n < 2; n += 1) await run(governor, { kind: 'unanswered', durationMs: 1 });
    }
    const probes: Permit[] = [];
    const ask = async (): Promise<void> => {
      const asked = await Promise.all(governors.map((governor) => governor.admit(sampleSubject())));
      for (const admission of asked) if (admission.allowed) probes.push(admission.permit);
    };
    await waitFor(async () => (await ask(), probes.length > 0), { what: 'the probe' });
    for (let n = 0; n < 20; n += 1) await ask();
    expect(probes.map(({ circuit }) => circuit)).toEqual(['half_open']);
    // The probe fails. While the breaker stays open there, no other instance probes.
    probes[0]?.settle({ kind: 'answered', status: 500, durationMs: 1 });
    const failedAtMs = performance.now();
    await waitFor(async () => (await ask(), probes.length > 1), { what: 'the next probe' });
    expect(performance.now() - failedAtMs).toBeGreaterThanOrEqual(1_199);
    probes[1]?.settle(ok);
    // Each governor opened by itself, and closes after its own probe.
    await waitFor(
      async () => {
        for (const governor of governors) {
          const admission = await governor.admit(sampleSubject());
          if (admission.allowed) admission.permit.settle(ok);
        }
        return governors.every((governor) => governor.status().breakers.length === 0);
      },
      { what: 'both to be closed' },
    );
  });
});
