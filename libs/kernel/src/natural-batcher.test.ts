import fc from 'fast-check';
import { NaturalBatcher } from './natural-batcher.js';
import type { BatchLimits } from './natural-batcher.js';

interface Flush {
  readonly items: readonly string[];
  succeed(): void;
  fail(error: unknown): void;
}

/** A batcher with flushes that the test ends by hand. Each item's answer is the item in capitals. */
function handDriven(limits: BatchLimits<string>): {
  batcher: NaturalBatcher<string, string>;
  flushes: Flush[];
} {
  const flushes: Flush[] = [];
  const batcher = new NaturalBatcher<string, string>(
    limits,
    (items) =>
      new Promise((resolve, reject) => {
        flushes.push({
          items,
          succeed: () => resolve(items.map((item) => item.toUpperCase())),
          fail: reject,
        });
      }),
  );
  return { batcher, flushes };
}

/**
 * Waits until everything has happened that only needs turns of the event loop. The result of a flush may take one
 * more.
 */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function itemsOf(flushes: readonly Flush[]): string[] {
  return flushes.map(({ items }) => items.join(''));
}

describe('gathering', () => {
  it('flushes items that one callback adds together at once', async () => {
    const { batcher, flushes } = handDriven({ maxItems: 10 });
    const results = Promise.all([batcher.add('a'), batcher.add('b')]);
    await settle();
    expect(itemsOf(flushes)).toEqual(['ab']);
    flushes[0]?.succeed();
    expect(await results).toEqual(['A', 'B']);
  });

  it('gathers items that arrive during a flush into the next one (B1, B2)', async () => {
    const { batcher, flushes } = handDriven({ maxItems: 10 });
    void batcher.add('a');
    await settle();
    void batcher.add('b');
    await settle();
    void batcher.add('c');
    await settle();
    expect(itemsOf(flushes)).toEqual(['a']);
    flushes[0]?.succeed();
    await settle();
    expect(itemsOf(flushes)).toEqual(['a', 'bc']);
  });

  it('splits by count, in order', async () => {
    const { batcher, flushes } = handDriven({ maxItems: 2 });
    for (const item of 'abcde') void batcher.add(item);
    for (let flush = 0; flush < 3; flush += 1) {
      await settle();
      flushes[flush]?.succeed();
    }
    expect(itemsOf(flushes)).toEqual(['ab', 'cd', 'e']);
  });

  it('splits by bytes, and sends an item larger than the limit alone', async () => {
    const limits = { maxItems: 10, maxBytes: 4, sizeOf: (item: string) => item.length };
    const { batcher, flushes } = handDriven(limits);
    for (const item of ['aa', 'bb', 'c', 'dddddd', 'e']) void batcher.add(item);
    for (let flush = 0; flush < 4; flush += 1) {
      await settle();
      flushes[flush]?.succeed();
    }
    expect(itemsOf(flushes)).toEqual(['aabb', 'c', 'dddddd', 'e']);
  });

  it('keeps up to `concurrency` flushes under way, and starts the next when one of them ends (B1)', async () => {
    const { batcher, flushes } = handDriven({ maxItems: 1, concurrency: 2 });
    const results = Promise.all(Array.from('abcd', (item) => batcher.add(item)));
    await settle();
    expect(itemsOf(flushes)).toEqual(['a', 'b']);
    flushes[1]?.succeed();
    await settle();
    expect(itemsOf(flushes)).toEqual(['a', 'b', 'c']);
    flushes[0]?.succeed();
    flushes[2]?.succeed();
    await settle();
    flushes[3]?.succeed();
    expect(await results).toEqual(['A', 'B', 'C', 'D']);
  });

  it('holds B1 to B3 and its limits for any arrivals', async () => {
    const arrival = fc.record({ size: fc.integer({ min: 0, max: 6 }), turns: fc.nat({ max: 2 }) });
    const fails = (id: number): boolean => id % 7 === 6;
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (arrivals, maxItems, concurrency) => {
          let underWay = 0;
          let mostUnderWay = 0;
          const batches: { id: number; size: number }[][] = [];
          const batcher = new NaturalBatcher<{ id: number; size: number }, string>(
            { maxItems, maxBytes: 8, sizeOf: (item) => item.size, concurrency },
            async (items) => {
              batches.push([...items]);
              underWay += 1;
              mostUnderWay = Math.max(mostUnderWay, underWay);
              for (let turn = items.length % 3; turn > 0; turn -= 1) await Promise.resolve();
              underWay -= 1;
              if (items.some(({ id }) => fails(id))) throw new Error('down');
              return items.map(({ id }) => `done ${id}`);
            },
          );
          const answers: Promise<string>[] = [];
          for (const [id, { size, turns }] of arrivals.entries()) {
            answers.push(batcher.add({ id, size }).catch(() => `failed ${id}`));
            for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
          }
          await batcher.idle();

          expect(batcher.pending).toBe(0);
          expect(mostUnderWay).toBeLessThanOrEqual(concurrency);
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(maxItems);
            expect(batch.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(8);
          }
          expect(batches.flat().map(({ id }) => id)).toEqual(arrivals.map((_, id) => id));
          expect(await Promise.all(answers)).toEqual(
            batches.flatMap((batch) => {
              const verdict = batch.some(({ id }) => fails(id)) ? 'failed' : 'done';
              return batch.map(({ id }) => `${verdict} ${id}`);
            }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('failures', () => {
  it('fails every item of the batch and none of the next (B3)', async () => {
    const { batcher, flushes } = handDriven({ maxItems: 2 });
    const results = Promise.allSettled(Array.from('abc', (item) => batcher.add(item)));
    await settle();
    const down = new Error('the broker is down');
    flushes[0]?.fail(down);
    await settle();
    flushes[1]?.succeed();
    expect(await results).toEqual([
      { status: 'rejected', reason: down },
      { status: 'rejected', reason: down },
      { status: 'fulfilled', value: 'C' },
    ]);
  });

  it('survives a flush that throws before it is under way', async () => {
    let calls = 0;
    const batcher = new NaturalBatcher<string, string>({ maxItems: 1 }, (items) => {
      calls += 1;
      if (calls === 1) throw new Error('not connected');
      return Promise.resolve(items);
    });
    await expect(batcher.add('a')).rejects.toThrow('not connected');
    await expect(batcher.add('b')).resolves.toBe('b');
  });

  it('fails a batch with too few results instead of leaving items waiting', async () => {
    const batcher = new NaturalBatcher<string, string>({ maxItems: 9 }, () => Promise.resolve(['only one']));
    const results = await Promise.allSettled([batcher.add('a'), batcher.add('b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('fails only the item with an unmeasurable size', async () => {
    const sizeOf = (item: string): number => {
      if (item === 'bad') throw new Error('no size');
      return 1;
    };
    const batcher = new NaturalBatcher<string, string>({ maxItems: 9, maxBytes: 9, sizeOf }, (items) =>
      Promise.resolve(items),
    );
    const [good, bad] = await Promise.allSettled([batcher.add('good'), batcher.add('bad')]);
    expect(good.status).toBe('fulfilled');
    expect(bad.status).toBe('rejected');
    expect(batcher.pending).toBe(0);
  });

  it.each<[string, BatchLimits<string>]>([
    ['no items', { maxItems: 0 }],
    ['NaN items', { maxItems: Number.NaN }],
    ['no concurrency', { maxItems: 1, concurrency: 0 }],
    ['bytes that nobody counts', { maxItems: 1, maxBytes: 100 }],
  ])('refuses limits with %s, which would never flush or bound nothing', (_, limits) => {
    expect(() => new NaturalBatcher<string, string>(limits, (items) => Promise.resolve(items))).toThrow(
      RangeError,
    );
  });
});

describe('draining', () => {
  it('counts the items that wait and the items in a flush', async () => {
    const { batcher, flushes } = handDriven({ maxItems: 3 });
    for (const item of 'abcde') void batcher.add(item);
    expect(batcher.pending).toBe(5);
    await settle();
    expect(batcher.pending).toBe(5);
    flushes[0]?.succeed();
    await settle();
    expect(batcher.pending).toBe(2);
  });

  it('is idle at once when it is empty', async () => {
    const { batcher } = handDriven({ maxItems: 1 });
    await expect(batcher.idle()).resolves.toBeUndefined();
  });

  it('is idle after the last batch, even when that batch fails', async () => {
    const { batcher, flushes } = handDriven({ maxItems: 1 });
    let idle = false;
    const results = Promise.allSettled([batcher.add('a'), batcher.add('b')]);
    const drained = batcher.idle().then(() => (idle = true));
    await settle();
    flushes[0]?.succeed();
    await settle();
    expect(idle).toBe(false);
    flushes[1]?.fail(new Error('down'));
    await drained;
    await results;
  });

  it('is not idle while the answer to one item adds the next', async () => {
    const seen: string[] = [];
    const batcher = new NaturalBatcher<string, string>({ maxItems: 1 }, (items) => {
      seen.push(...items);
      return Promise.resolve(items);
    });
    void batcher.add('a').then(() => batcher.add('b'));
    await batcher.idle();
    expect(seen).toEqual(['a', 'b']);
    expect(batcher.pending).toBe(0);
  });
});
