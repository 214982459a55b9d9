import { makeSchedule } from './schedule.js';
import { SeededRandom } from './seeded-random.js';

describe('the schedule of faults', () => {
  it('is decided by its seed alone', () => {
    expect(makeSchedule(7, 600_000, true)).toEqual(makeSchedule(7, 600_000, true));
    expect(makeSchedule(8, 600_000, true)).not.toEqual(makeSchedule(7, 600_000, true));
  });

  it('has every kind in ten minutes, and no fault of Redis without Redis', () => {
    const kinds = (withRedis: boolean): Set<string> =>
      new Set([1, 2, 3].flatMap((seed) => makeSchedule(seed, 600_000, withRedis).map(({ kind }) => kind)));
    expect(kinds(true).size).toBe(12);
    expect([...kinds(false)].filter((kind) => kind.startsWith('redis'))).toEqual([]);
  });

  it('never breaks one target twice at the same time', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const ends = new Map<string, number>();
      for (const { kind, instance, atMs, forMs } of makeSchedule(seed, 600_000, true)) {
        if (kind !== 'kill' && kind !== 'freeze') continue;
        expect(atMs).toBeGreaterThanOrEqual(ends.get(instance) ?? 0);
        ends.set(instance, atMs + forMs);
      }
    }
  });
});

describe('SeededRandom', () => {
  it('stays in its bounds and meets its weights', () => {
    const random = new SeededRandom(1);
    const counts = { a: 0, b: 0 };
    for (let draw = 0; draw < 10_000; draw += 1) {
      counts[
        random.weighted([
          ['a', 1],
          ['b', 3],
        ] as const)
      ] += 1;
      const value = random.between(3, 5);
      expect(value).toBeGreaterThanOrEqual(3);
      expect(value).toBeLessThanOrEqual(5);
    }
    expect(counts.b / counts.a).toBeGreaterThan(2.5);
    expect(counts.b / counts.a).toBeLessThan(3.5);
  });
});
