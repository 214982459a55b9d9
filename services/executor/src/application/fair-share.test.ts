import { FakeClock } from '@action-mesh/kernel/testing';
import fc from 'fast-check';

import { FairShare, type FairShareOptions, type SlotDecision, type ShareKey } from './fair-share.js';

const patienceMs = 60_000;

function keyOf(tenantId: string, user = 'u'): ShareKey {
  return { tenantId, credential: `${tenantId}/${user}` };
}

/** A share and the slots that it gave out, in order. The end of the test releases calls that never got a turn. */
class Stage {
  readonly clock = new FakeClock();
  readonly share: FairShare;
  readonly started: ShareKey[] = [];
  readonly #running: ShareKey[] = [];
  waiting = 0;

  constructor(options: Omit<FairShareOptions, 'clock'>) {
    this.share = new FairShare({ ...options, clock: this.clock });
  }

  get running(): readonly ShareKey[] {
    return this.#running;
  }

  async ask(key: ShareKey): Promise<'granted' | 'overflow' | 'waits'> {
    let answer: SlotDecision | undefined;
    this.waiting += 1;
    void this.share.acquire(key, patienceMs).then((grant) => {
      answer = grant;
      this.waiting -= 1;
      if (grant === 'granted') this.#start(key);
    });
    await settled();
    return answer === 'granted' || answer === 'overflow' ? answer : 'waits';
  }

  async join(key: ShareKey): Promise<void> {
    this.waiting += 1;
    void this.share.join(key).then(() => {
      this.waiting -= 1;
      this.#start(key);
    });
    await settled();
  }

  force(key: ShareKey): void {
    this.share.force(key);
    this.#start(key);
  }

  /** Ends the call that runs longest, of the given tenant if there is one. */
  async end(tenantId?: string): Promise<boolean> {
    const index = this.#running.findIndex((key) => tenantId === undefined || key.tenantId === tenantId);
    const [key] = index === -1 ? [] : this.#running.splice(index, 1);
    if (key === undefined) return false;
    this.share.release(key);
    await settled();
    return true;
  }

  runningOf(tenantId: string): number {
    return this.#running.filter((key) => key.tenantId === tenantId).length;
  }

  async drain(): Promise<void> {
    while (await this.end());
  }

  #start(key: ShareKey): void {
    this.started.push(key);
    this.#running.push(key);
  }
}

async function settled(): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
}

describe('a share of the slots', () => {
  it('gives a lone tenant all slots but the reserve', async () => {
    const stage = new Stage({ total: 32 });
    for (let n = 0; n < 40; n += 1) await stage.ask(keyOf('a'));
    expect(stage.share.inUse).toBe(30);
    expect(await stage.ask(keyOf('b'))).toBe('granted');
    await stage.drain();
    expect(stage.started).toHaveLength(41);
  });

  it('gives a tenant no further slot beyond half while another waits', async () => {
    const stage = new Stage({ total: 4 });
    for (let n = 0; n < 8; n += 1) await stage.ask(keyOf('a'));
    expect(stage.runningOf('a')).toBe(4);
    for (let n = 0; n < 8; n += 1) await stage.ask(keyOf('b'));
    expect(await stage.end('a')).toBe(true);
    expect(await stage.end('a')).toBe(true);
    expect([stage.runningOf('a'), stage.runningOf('b')]).toEqual([2, 2]);
    // Also when only one of the two ends its calls.
    for (let n = 0; n < 4; n += 1) await stage.end('b');
    expect([stage.runningOf('a'), stage.runningOf('b')]).toEqual([2, 2]);
    await stage.drain();
  });

  it('gives a tenant fewer slots while others run and commits are slow, and all again later (I11)', async () => {
    const stage = new Stage({ total: 128 });
    const commits = (tookMs: number): void => {
      for (let n = 0; n < 150; n += 1) {
        stage.clock.advance(10);
        stage.share.committed(tookMs);
      }
    };
    commits(5);
    for (let n = 0; n < 64; n += 1) await stage.ask(keyOf('flood', `u${n}`));
    commits(200);
    await stage.ask(keyOf('quiet'));
    expect(await stage.ask(keyOf('flood'))).toBe('waits');
    for (let n = 0; n < 64 - 16; n += 1) await stage.end('flood');
    expect(stage.runningOf('flood')).toBe(16);
    expect(await stage.ask(keyOf('quiet'))).toBe('granted');
    // No other tenant has come for a while: the flood may use all slots again.
    stage.clock.advance(2_001);
    await stage.end('flood');
    expect(await stage.ask(keyOf('flood', 'last'))).toBe('granted');
    await stage.drain();
  });

  it('bounds the calls with one credential, and holds up no other for it', async () => {
    const stage = new Stage({ total: 10, perCredential: 2 });
    for (let n = 0; n < 4; n += 1) await stage.ask(keyOf('a', 'busy'));
    expect(stage.share.inUse).toBe(2);
    expect(await stage.ask(keyOf('a', 'quiet'))).toBe('granted');
    expect(stage.runningOf('a')).toBe(3);
    await stage.drain();
    expect(stage.started).toHaveLength(5);
  });

  it('reports at once that a tenant has too many waiting, and affects no other tenant', async () => {
    const stage = new Stage({ total: 1, waitingPerTenant: 2 });
    await stage.ask(keyOf('a'));
    expect([await stage.ask(keyOf('a')), await stage.ask(keyOf('a'))]).toEqual(['waits', 'waits']);
    expect(await stage.ask(keyOf('a'))).toBe('overflow');
    expect(await stage.ask(keyOf('b'))).toBe('waits');
    await stage.drain();
  });

  it('answers `later` when no slot becomes free in time, and gives up the turn in the queue', async () => {
    const { share } = new Stage({ total: 1 });
    expect(await share.acquire(keyOf('a'), 1_000)).toBe('granted');
    expect(await share.acquire(keyOf('a'), 5)).toBe('later');
    share.release(keyOf('a'));
    expect(share.inUse).toBe(0);
    expect(share.capacity().byTenant.size).toBe(0);
  });

  it('starts waiting calls when the tenant that they made room for loses patience', async () => {
    const stage = new Stage({ total: 2, perCredential: 1 });
    stage.force(keyOf('b', 'other'));
    stage.force(keyOf('b', 'other'));
    const impatient = stage.share.acquire(keyOf('b'), 20);
    await stage.ask(keyOf('a', '1'));
    await stage.end();
    expect(stage.runningOf('a')).toBe(1);
    await stage.ask(keyOf('a', '2'));
    expect(await impatient).toBe('later');
    await stage.drain();
    expect(stage.runningOf('a')).toBe(0);
    expect(stage.started).toHaveLength(4);
  });

  it('lets forced work be paid back before any other call starts (F2)', async () => {
    const stage = new Stage({ total: 1 });
    stage.force(keyOf('a'));
    stage.force(keyOf('a'));
    expect(await stage.ask(keyOf('b'))).toBe('waits');
    await stage.end();
    expect(stage.runningOf('b')).toBe(0);
    await stage.end();
    expect(stage.runningOf('b')).toBe(1);
    await stage.drain();
  });

  it('resolves idle when no slot is in use', async () => {
    const stage = new Stage({ total: 2 });
    await stage.share.idle();
    await stage.ask(keyOf('a'));
    const idle = stage.share.idle();
    await stage.drain();
    await idle;
  });

  it('gives tenants equal parts of the slots when the calls of one take ten times as long', async () => {
    const stage = new Stage({ total: 8, perCredential: 8, waitingPerTenant: 1_000 });
    const tenants = { quick: 100, slow: 1_000, other: 100 } as const;
    const names = Object.keys(tenants) as (keyof typeof tenants)[];
    const ends: { atMs: number; tenantId: string }[] = [];
    const held = { quick: 0, slow: 0, other: 0 };
    let seen = 0;
    for (let n = 0; n < 400; n += 1) for (const name of names) await stage.ask(keyOf(name));
    for (let tick = 0; tick < 280; tick += 1) {
      for (; seen < stage.started.length; seen += 1) {
        const tenantId = (stage.started[seen] as ShareKey).tenantId as keyof typeof tenants;
        ends.push({ atMs: stage.clock.monotonicMs() + tenants[tenantId], tenantId });
      }
      stage.clock.advance(50);
      for (const name of names) held[name] += tick < 80 ? 0 : stage.runningOf(name);
      for (const end of ends.splice(0)) {
        if (end.atMs > stage.clock.monotonicMs()) ends.push(end);
        else await stage.end(end.tenantId);
      }
    }
    const all = held.quick + held.slow + held.other;
    for (const name of names) expect(held[name] / all).toBeGreaterThan(0.25);
    await stage.drain();
  });
});

describe('any history of calls', () => {
  const anyKey = fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'))
    .map(([tenantId, user]) => keyOf(tenantId, user));
  const anyStep = fc.oneof(
    { weight: 5, arbitrary: anyKey.map((key) => ({ type: 'ask' as const, key })) },
    { weight: 1, arbitrary: anyKey.map((key) => ({ type: 'join' as const, key })) },
    { weight: 1, arbitrary: anyKey.map((key) => ({ type: 'force' as const, key })) },
    { weight: 4, arbitrary: fc.constant({ type: 'end' as const }) },
    { weight: 1, arbitrary: fc.nat(2_000).map((ms) => ({ type: 'pass' as const, ms })) },
  );

  it('exceeds no bound, leaves no usable slot free, and gets every slot back (F1, F2, F4)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(anyStep, { maxLength: 120 }),
        async (total, perCredential, steps) => {
          const stage = new Stage({ total, perCredential, waitingPerTenant: 5 });
          const waiting: ShareKey[] = [];
          let forced = 0;
          let overflown = 0;
          for (const step of steps) {
            const before = stage.started.length;
            if (step.type === 'force') {
              stage.force(step.key);
              forced += 1;
            } else if (step.type === 'end') await stage.end();
            else if (step.type === 'pass') stage.clock.advance(step.ms);
            else {
              waiting.push(step.key);
              if (step.type === 'join') await stage.join(step.key);
              else if ((await stage.ask(step.key)) === 'overflow') {
                waiting.pop();
                overflown += 1;
                expect(
                  waiting.filter(({ tenantId }) => tenantId === step.key.tenantId).length,
                ).toBeGreaterThanOrEqual(5);
              }
            }
            const started = stage.started.slice(before).filter(() => step.type !== 'force');
            for (const key of started) {
              const index = waiting.findIndex(({ credential }) => credential === key.credential);
              expect(index).not.toBe(-1);
              waiting.splice(index, 1);
            }
            expect(stage.share.inUse).toBe(stage.running.length);
            const ofCredential = (key: ShareKey): number =>
              stage.running.filter(({ credential }) => credential === key.credential).length;
            if (started.length > 0) {
              expect(stage.share.free).toBeGreaterThanOrEqual(0);
              for (const key of started) expect(ofCredential(key)).toBeLessThanOrEqual(perCredential);
            }
            if (stage.share.free > 0) {
              const able = waiting.filter((key) => ofCredential(key) < perCredential);
              const tenants = new Set(able.map(({ tenantId }) => tenantId));
              const bound = tenants.size > 1 ? Math.ceil(total / 2) : total - Math.floor(total / 16);
              for (const tenantId of tenants) expect(stage.runningOf(tenantId)).toBeGreaterThanOrEqual(bound);
            }
          }
          await stage.drain();
          expect(stage.waiting).toBe(0);
          expect(stage.started.length + overflown).toBe(
            forced + steps.filter(({ type }) => type === 'ask' || type === 'join').length,
          );
          expect(stage.share.inUse).toBe(0);
          expect(stage.share.capacity().byTenant.size).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('starves no tenant: a waiting tenant starts before the others have had 16 turns each (F3)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.tuple(fc.constantFrom('b', 'c', 'd'), fc.nat(1_500)), { minLength: 10, maxLength: 150 }),
        async (total, noise) => {
          const stage = new Stage({ total, waitingPerTenant: 1_000 });
          for (const [tenantId, ms] of noise) {
            await stage.ask(keyOf(tenantId));
            stage.clock.advance(ms);
          }
          stage.force(keyOf('e'));
          await stage.join(keyOf('a'));
          const before = stage.started.length;
          for (let ended = 0; stage.runningOf('a') === 0; ended += 1) {
            expect(await stage.end()).toBe(true);
            stage.clock.advance(1_000);
          }
          expect(stage.started.length - before).toBeLessThanOrEqual(3 * 16 + 1);
          await stage.drain();
        },
      ),
      { numRuns: 100 },
    );
  });
});
