import { defined } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { counterOf } from '../../test/governor-samples.js';
import { FakeLimitStore } from './limit-store.fake.js';
import type { Block, Demand } from './limit-store.port.js';
import { RateLimiter, type LimiterMode } from './rate-limiter.js';

const open: RateLimiter[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((limiter) => limiter.close()));
});
leakCheck();

const demand: Demand = { counters: [counterOf(10, 4)], block: 'slack' };

function limiterOver(store: FakeLimitStore | undefined, clock: FakeClock, instances = 2) {
  const changes: [LimiterMode, string][] = [];
  const known: Block[] = [];
  const limiter = new RateLimiter({
    ...defined({ store }),
    clock,
    instances: () => instances,
    knownBlocks: () => known,
    onMode: (mode, reason) => changes.push([mode, reason]),
    watchEveryMs: 2,
  });
  open.push(limiter);
  return { limiter, changes, known };
}

async function joined(clock: FakeClock, store = new FakeLimitStore(clock)) {
  const made = limiterOver(store, clock);
  await waitFor(() => made.limiter.mode === 'shared', { what: 'the first answer of the store' });
  return { ...made, store };
}

/** Blocks the event loop, like a pause of the process. */
function standStill(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

async function takeUntilLimited(limiter: RateLimiter): Promise<number> {
  for (let taken = 0; ; taken += 1) {
    const { kind } = await limiter.ask(demand);
    if (kind !== 'granted') return taken;
  }
}

describe('with a store', () => {
  it('counts together with the others', async () => {
    const clock = new FakeClock();
    const { limiter, store } = await joined(clock);
    const other = await joined(clock, store);
    expect((await takeUntilLimited(limiter)) + (await takeUntilLimited(other.limiter))).toBe(4);
  });

  it('asks the store once for many simultaneous requests', async () => {
    const clock = new FakeClock();
    const { limiter, store } = await joined(clock);
    const before = store.decisions;
    await Promise.all(Array.from({ length: 100 }, () => limiter.ask(demand)));
    expect(store.decisions - before).toBe(1);
  });

  it('gives unused tokens back to all instances', async () => {
    const clock = new FakeClock();
    const { limiter } = await joined(clock);
    const decision = await limiter.ask(demand);
    await takeUntilLimited(limiter);
    if (decision.kind !== 'granted') throw new Error(decision.kind);
    limiter.giveBack(decision.grant);
    expect(await takeUntilLimited(limiter)).toBe(1);
  });
});

describe('when the store is lost (I10)', () => {
  it.each([
    ['gone', (store: FakeLimitStore) => (store.problem = 'the connection to Redis is lost')],
    ['silent', (store: FakeLimitStore) => (store.silent = true)],
  ])('enforces its share, starting with an empty bucket: %s', async (_, lose) => {
    const clock = new FakeClock();
    const { limiter, store, changes } = await joined(clock);
    lose(store);
    expect(await takeUntilLimited(limiter)).toBe(0);
    expect(limiter.mode).toBe('local');
    clock.advance(1_000);
    expect(await takeUntilLimited(limiter)).toBe(2);
    expect(changes.at(-1)).toEqual(['local', expect.stringContaining('Redis')]);
  });

  it('notices the loss without traffic', async () => {
    const clock = new FakeClock();
    const { limiter, store } = await joined(clock);
    store.problem = 'the connection to Redis is lost';
    await waitFor(() => limiter.mode === 'local', { what: 'the loss to be noticed' });
    expect(limiter.reason).toBe('the connection to Redis is lost');
  });

  it('stays with the store after a pause of the process during the answer (RL3, TA1)', async () => {
    const clock = new FakeClock();
    const { limiter, store, changes } = await joined(clock);
    for (let pause = 0; pause < 3; pause += 1) {
      store.answersAfterMs = 60;
      const asked = limiter.ask(demand);
      // The timer of the limiter and the answer fall due in one turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 1));
      standStill(120);
      await asked;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    store.answersAfterMs = 0;
    clock.advance(60_000);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect({ mode: limiter.mode, reconnects: store.reconnects }).toEqual({ mode: 'shared', reconnects: 0 });
    expect(changes).toEqual([['shared', 'Redis answers']]);
  });

  it('opens a new connection once, not at each check', async () => {
    const clock = new FakeClock();
    const { limiter, store } = await joined(clock);
    store.silent = true;
    await limiter.ask(demand);
    clock.advance(1_100);
    await waitFor(() => store.reconnects > 0, { what: 'the connection to be dropped' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(store.reconnects).toBe(1);
  });

  it('counts and reports each local period, and how it ended', async () => {
    const clock = new FakeClock();
    const { limiter, store, changes } = await joined(clock);
    expect(limiter.localPeriods).toEqual({ begun: 0, ended: 0 });
    for (let period = 1; period <= 2; period += 1) {
      store.problem = 'the connection to Redis is lost';
      await waitFor(() => limiter.mode === 'local', { what: 'the loss to be noticed' });
      expect(limiter.localPeriods).toEqual({ begun: period, ended: period - 1, sinceMs: clock.now() });
      store.problem = undefined;
      await waitFor(() => (clock.advance(100), limiter.mode === 'shared'), { what: 'the return' });
      expect(limiter.localPeriods).toEqual({ begun: period, ended: period });
    }
    expect(changes.map(([mode]) => mode)).toEqual(['shared', 'local', 'shared', 'local', 'shared']);
  });

  it('reports a store that was never available', async () => {
    const clock = new FakeClock();
    const store = new FakeLimitStore(clock);
    store.problem = 'Redis cannot be used: connect ECONNREFUSED';
    const { changes } = limiterOver(store, clock);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(changes).toEqual([]);
    clock.advance(2_000);
    await waitFor(() => changes.length > 0, { what: 'the news' });
    expect(changes).toEqual([['local', 'Redis cannot be used: connect ECONNREFUSED']]);
  });

  it('replaces a connection without answers', async () => {
    const clock = new FakeClock();
    const { limiter, store } = await joined(clock);
    store.silent = true;
    await limiter.ask(demand);
    clock.advance(6_000);
    await waitFor(() => store.reconnects > 0, { what: 'the connection to be dropped' });
  });
});

describe('after the store has returned', () => {
  it('stays local until all are back, then charges its tokens, then counts together (RL2)', async () => {
    const clock = new FakeClock();
    const { limiter, store } = await joined(clock);
    store.problem = 'the connection to Redis is lost';
    await takeUntilLimited(limiter);
    clock.advance(1_000);
    expect(await takeUntilLimited(limiter)).toBe(2);
    store.problem = undefined;
    await waitFor(async () => (await store.handover(0)) > 0, { what: 'the time of the handover' });
    clock.advance(800);
    expect(await takeUntilLimited(limiter)).toBe(2);
    expect(limiter.mode).toBe('local');
    clock.advance(200);
    await waitFor(() => limiter.mode === 'shared', { what: 'the return to the store' });
    // One of the two tokens has refilled in 200 ms.
    expect(store.charged).toEqual([{ counter: demand.counters[0], cost: 1 }]);
  });

  it('writes its blocks to the store, also after a flush', async () => {
    const clock = new FakeClock();
    const { store, known } = await joined(clock);
    known.push({ block: 'slack', forMs: 5_000 });
    store.flush();
    await waitFor(() => store.blocks.has('slack'), { what: 'the block to be told again' });
  });
});

describe('without a store', () => {
  it('is local from the start, reports it once, and begins with full buckets', async () => {
    const { limiter, changes } = limiterOver(undefined, new FakeClock(), 1);
    expect(await takeUntilLimited(limiter)).toBe(4);
    expect(changes).toEqual([['local', 'there is no Redis: REDIS_URL is not set']]);
  });
});
