import { setTimeout as delay } from 'node:timers/promises';

import { startRedis, type RedisHandle } from '@action-mesh/devstack';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import type { MeshGovernor } from '../src/index.js';
import { RedisLimitStore } from '../src/rate/redis-limit-store.js';
import { GovernorHarness, ok } from './governor-harness.js';
import { policyOf, sampleSubject } from './governor-samples.js';
import { busiestWindow } from './windows.js';

jest.setTimeout(60_000);

/** A Redis server for this test alone, which breaks it. */
let redis: RedisHandle;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

leakCheck();

const policy = policyOf({ limit: 20, burst: 6 });

interface Trouble {
  readonly harness: GovernorHarness;
  readonly governors: readonly MeshGovernor[];
  /** Waits until that many more requests have left. */
  readonly more: (count: number) => Promise<unknown>;
}

/** Runs two governors under flood during trouble with Redis. Returns the times at which requests left. */
async function during(trouble: (about: Trouble) => Promise<void>): Promise<readonly number[]> {
  await using harness = new GovernorHarness(redis.redisUrl);
  const governors = [await harness.start([policy]), await harness.start([policy])];
  const more = (count: number): Promise<unknown> => {
    const before = harness.leftAtMs.length;
    return waitFor(() => harness.leftAtMs.length >= before + count, {
      timeoutMs: 20_000,
      what: `${count} more requests`,
    });
  };
  const story = async (): Promise<void> => {
    await more(20);
    await trouble({ harness, governors, more });
    await more(30);
  };
  await harness.flood(story());
  return harness.leftAtMs;
}

const areLocal = (governors: readonly MeshGovernor[]): Promise<unknown> =>
  waitFor(() => governors.every((governor) => governor.status().mode === 'local'), {
    what: 'both to be local',
  });
const areShared = (governors: readonly MeshGovernor[]): Promise<unknown> =>
  waitFor(() => governors.every((governor) => governor.status().mode === 'shared'), {
    what: 'both to be back on Redis',
  });

function standStill(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

/** The time between a permit and its note here. It is noise of this process and does not belong to the limit. */
const noise = 1;

describe('a limit of 20 a second and a burst of 6, over two instances (I10)', () => {
  it('holds when Redis is flushed', async () => {
    const times = await during(async ({ harness, more }) => {
      const client = harness.client();
      for (let n = 0; n < 3; n += 1) {
        await client.flushall();
        await more(8);
      }
    });
    expect(busiestWindow(times, 1_000)).toBeLessThanOrEqual(26 + noise);
  });

  it('holds after Redis is killed and comes back empty, and requests go on in between', async () => {
    const times = await during(async ({ governors, more }) => {
      await redis.stop({ signal: 'SIGKILL' });
      await areLocal(governors);
      await more(20);
      expect(governors[0]?.status().reason).toMatch(/Redis/);
      await redis.restart();
      await areShared(governors);
    });
    expect(busiestWindow(times, 1_000)).toBeLessThanOrEqual(26 + noise);
  });

  it('holds while Redis is slow, and requests go on in between', async () => {
    const times = await during(async ({ harness, governors, more }) => {
      const client = harness.client();
      await client.client('PAUSE', 3_000);
      await areLocal(governors);
      await more(15);
      await areShared(governors);
    });
    expect(busiestWindow(times, 1_000)).toBeLessThanOrEqual(26 + noise);
  });

  it('holds when Redis freezes and thaws', async () => {
    const times = await during(async ({ governors, more }) => {
      await redis.pause();
      await areLocal(governors);
      await more(15);
      await redis.resume();
      await areShared(governors);
    });
    expect(busiestWindow(times, 1_000)).toBeLessThanOrEqual(26 + noise);
  });

  it.each<[string, () => Promise<void>, () => Promise<void>]>([
    ['froze for six seconds', () => redis.pause(), () => redis.resume()],
    ['was away for six seconds', () => redis.stop({ signal: 'SIGKILL' }), () => redis.restart()],
  ])('is shared again within two seconds of a healthy Redis, after Redis %s', async (_what, lose, heal) => {
    await during(async ({ governors, more }) => {
      await lose();
      await areLocal(governors);
      await delay(6_000);
      await heal();
      const healthyAtMs = performance.now();
      await areShared(governors);
      expect(performance.now() - healthyAtMs).toBeLessThan(2_000);
      const periods = governors.map((governor) => governor.status().local_periods);
      expect(periods).toEqual([
        { begun: 1, ended: 1 },
        { begun: 1, ended: 1 },
      ]);
      await more(10);
    });
  });

  it('stays shared over pauses of the process, on one connection (RL3, TA1)', async () => {
    await using harness = new GovernorHarness(redis.redisUrl);
    const governor = await harness.start([policy], { timeoutMs: 50, instances: () => 2 });
    const client = harness.client();
    const connections = async (): Promise<string[]> => {
      const list = String(await client.client('LIST'));
      return list
        .split('\n')
        .flatMap((line) => (/ name=action-mesh-governor /.test(line) ? [line.split(' ')[0] ?? ''] : []));
    };
    const before = await connections();
    for (let pause = 0; pause < 12; pause += 1) {
      const asked = governor.admit(sampleSubject());
      // Acts like a stopped process or a long computation: the answer waits in the socket when the timer fires.
      await new Promise((resolve) => setImmediate(resolve));
      standStill(60 + pause * 20);
      const admission = await asked;
      if (admission.allowed) admission.permit.settle(ok);
    }
    await delay(3_000);
    expect(governor.status()).toMatchObject({ mode: 'shared', local_periods: { begun: 0, ended: 0 } });
    expect(await connections()).toEqual(before);
  });

  it('answers every question that was under way when Redis died', async () => {
    const store = new RedisLimitStore({ url: redis.redisUrl, namespace: 'dying', instances: () => 1 });
    try {
      await waitFor(() => store.problem === undefined, { what: 'the connection' });
      await redis.pause();
      const asked = store.decide([], []);
      const answered = expect(asked).rejects.toThrow();
      await redis.stop({ signal: 'SIGKILL' });
      await answered;
    } finally {
      await redis.restart();
      await store.close();
    }
  });

  it('gives the reason why Redis cannot be used', async () => {
    const url = new URL(redis.redisUrl);
    url.password = 'wrong';
    const stranger = new RedisLimitStore({ url: url.href, namespace: 'stranger', instances: () => 1 });
    url.port = '1';
    const lost = new RedisLimitStore({ url: url.href, namespace: 'lost', instances: () => 1 });
    try {
      await waitFor(() => stranger.problem?.includes('WRONGPASS'), { what: 'the wrong password to show' });
      await waitFor(() => lost.problem?.includes('ECONNREFUSED'), { what: 'the refusal to show' });
    } finally {
      await stranger.close();
      await lost.close();
    }
  });

  it('lets an instance start without Redis and join later', async () => {
    await redis.stop({ signal: 'SIGKILL' });
    await using harness = new GovernorHarness(redis.redisUrl);
    const started = harness.start([policy]);
    await delay(0);
    await redis.restart();
    await expect(started).resolves.toBeDefined();
  });
});
