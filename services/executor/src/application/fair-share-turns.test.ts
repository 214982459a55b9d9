import { FakeClock } from '@action-mesh/kernel/testing';

import { FairShare, type FairShareOptions, type ShareKey } from './fair-share.js';

const patienceMs = 60_000;

function keyOf(tenantId: string, user = 'u'): ShareKey {
  return { tenantId, credential: `${tenantId}/${user}` };
}

/** A share and the calls that it started, in order. The test ends each of them. */
function stage(options: Omit<FairShareOptions, 'clock'>) {
  const clock = new FakeClock();
  const share = new FairShare({ ...options, clock });
  const started: ShareKey[] = [];
  let ended = 0;
  return {
    clock,
    share,
    started,
    async ask(key: ShareKey, count = 1): Promise<void> {
      for (let n = 0; n < count; n += 1) {
        void share.acquire(key, patienceMs).then((grant) => grant === 'granted' && started.push(key));
      }
      await Promise.resolve();
    },
    /** Ends the call that runs longest. */
    async end(): Promise<void> {
      const key = started[ended];
      if (key === undefined) throw new Error('no call runs');
      ended += 1;
      share.release(key);
      await Promise.resolve();
    },
    async drain(): Promise<void> {
      while (ended < started.length) await this.end();
    },
  };
}

describe('turns at the slots', () => {
  it('a call that runs out of patience leaves nothing behind, even without another call of its tenant', async () => {
    const { share } = stage({ total: 1 });
    expect(await share.acquire(keyOf('a'), patienceMs)).toBe('granted');
    expect(await share.acquire(keyOf('b'), 5)).toBe('later');
    share.release(keyOf('a'));
    expect(share.inUse).toBe(0);
    expect(share.capacity().byTenant.size).toBe(0);
  });

  it('the credentials of a tenant take turns, however many calls one of them has', async () => {
    const calls = stage({ total: 1 });
    await calls.ask(keyOf('a', 'many'), 4);
    await calls.ask(keyOf('a', 'one'));
    await calls.end();
    await calls.end();
    expect(calls.started.slice(0, 3)).toContainEqual(keyOf('a', 'one'));
    await calls.drain();
  });

  it('a tenant with very long calls starts one while another starts 16 short ones (F3)', async () => {
    const calls = stage({ total: 1 });
    await calls.ask(keyOf('slow'), 8);
    for (let n = 0; n < 4; n += 1) {
      calls.clock.advance(10_000);
      await calls.end();
    }
    await calls.ask(keyOf('quick'), 100);
    await calls.drain();
    const turns = calls.started.flatMap(({ tenantId }, index) => (tenantId === 'slow' ? [index] : []));
    expect(turns).toHaveLength(8);
    for (const [n, turn] of turns.entries()) expect(turn - (turns[n - 1] ?? 0)).toBeLessThanOrEqual(17);
  });

  it('the room for parked calls of a tenant shrinks by its waiting calls', async () => {
    const calls = stage({ total: 32, perCredential: 1 });
    await calls.ask(keyOf('a'), 3);
    const { byTenant, others } = calls.share.capacity();
    expect([byTenant.get('a'), others]).toEqual([27, 29]);
    await calls.drain();
  });

  it('without a free slot, a few calls are fetched ahead, less those fetched before', async () => {
    const calls = stage({ total: 1 });
    await calls.ask(keyOf('a'));
    const owned = [1, 2, 3].map(() => calls.share.join(keyOf('a')));
    const { byTenant, others } = calls.share.capacity();
    expect([byTenant.get('a'), others]).toEqual([13, 16]);
    await calls.end();
    for (const joined of owned) {
      await joined;
      calls.share.release(keyOf('a'));
    }
    expect(calls.share.inUse).toBe(0);
  });
});
