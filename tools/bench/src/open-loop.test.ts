import { dueAfterMs, openLoop, type LoopClock } from './open-loop.js';

/** A clock that only waits and `pass` move. */
class HandClock implements LoopClock {
  #nowMs = 1_000;
  now(): number {
    return this.#nowMs;
  }
  async until(timeMs: number): Promise<void> {
    // Calls that have ended are counted first.
    await Promise.resolve();
    this.#nowMs = Math.max(this.#nowMs, timeMs);
  }
  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

const signal = new AbortController().signal;

describe('the open loop', () => {
  it('has a call due every 50 ms at 20 calls a second, without a drift', () => {
    expect([0, 1, 2, 399].map((index) => dueAfterMs(index, 20))).toEqual([0, 50, 100, 19_950]);
    expect(dueAfterMs(300, 3)).toBe(100_000);
  });

  it('starts a call on time while earlier calls are under way', async () => {
    const clock = new HandClock();
    const startedAtMs: number[] = [];
    const ends: (() => void)[] = [];
    const run = openLoop({
      perSecond: 20,
      calls: 5,
      signal,
      clock,
      perform: (index) => {
        startedAtMs.push(clock.now());
        if (index === 14) for (const end of ends) end();
        return index === 14 ? Promise.resolve() : new Promise((resolve) => ends.push(resolve));
      },
    });
    await run;
    expect(startedAtMs).toEqual(Array.from({ length: 15 }, (_, index) => 1_000 + index * 50));
  });

  it('counts the delay of a call that starts late', async () => {
    const clock = new HandClock();
    const sample = await openLoop({
      perSecond: 20,
      calls: 4,
      signal,
      clock,
      perform: (index) => {
        // The first measured call delays all others for three intervals.
        clock.pass(index === 10 ? 150 : 0);
        return Promise.resolve();
      },
    });
    expect(sample).toEqual({ calls: 4, p50Ms: 50, p99Ms: 150 });
  });

  it('leaves out the first ten calls', async () => {
    const clock = new HandClock();
    const perform = (index: number): Promise<void> => {
      clock.pass(index < 10 ? 40 : 5);
      return Promise.resolve();
    };
    expect(await openLoop({ perSecond: 20, calls: 20, signal, clock, perform })).toEqual({
      calls: 20,
      p50Ms: 5,
      p99Ms: 5,
    });
  });

  it('rejects when a call does', async () => {
    const clock = new HandClock();
    const perform = (index: number): Promise<void> =>
      index === 3 ? Promise.reject(new Error('no answer')) : Promise.resolve();
    await expect(openLoop({ perSecond: 20, calls: 1, signal, clock, perform })).rejects.toThrow('no answer');
  });
});
