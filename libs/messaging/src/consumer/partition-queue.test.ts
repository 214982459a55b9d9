import fc from 'fast-check';

import { fakeRecord } from '../adapter/kafka-client.fake.js';
import { PartitionQueue, type Work } from './partition-queue.js';

function filled(keys: readonly string[], ordered = true): PartitionQueue {
  const queue = new PartitionQueue(0, ordered);
  queue.tracker.fetchedFrom(0);
  keys.forEach((key, offset) => {
    queue.tracker.admit(offset);
    queue.push(fakeRecord('t', 0, offset, key), offset);
  });
  return queue;
}

const takeAll = (queue: PartitionQueue): Work[] => {
  const taken: Work[] = [];
  for (let work = queue.take(); work !== undefined; work = queue.take()) taken.push(work);
  return taken;
};

describe('PartitionQueue', () => {
  it('lets one record of each key out at a time, and other keys pass', () => {
    const queue = filled(['a', 'a', 'b', 'a', 'c']);
    const taken = takeAll(queue);
    expect(taken.map(({ offset }) => offset)).toEqual([0, 2, 4]);
    queue.release(taken[0] as Work);
    expect(takeAll(queue).map(({ offset }) => offset)).toEqual([1]);
  });

  it('keeps no order for unordered handlers', () => {
    expect(takeAll(filled(['a', 'a', 'a'], false))).toHaveLength(3);
  });

  it('keeps a key waiting while its record is retried', () => {
    const queue = filled(['a', 'a']);
    const [work] = takeAll(queue);
    queue.runAgain(work as Work);
    expect(takeAll(queue)).toEqual([work]);
  });

  it('gives out every record once and each key in order, in any order of completion (M17, M18)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        (keys, picks) => {
          const queue = filled(keys);
          const out: Work[] = [];
          const done: number[] = [];
          while (done.length < keys.length) {
            out.push(...takeAll(queue));
            expect(new Set(out.map(({ orderKey }) => orderKey)).size).toBe(out.length);
            const [work] = out.splice((picks.next().value as number) % out.length, 1);
            queue.release(work as Work);
            done.push((work as Work).offset);
          }
          for (const key of ['a', 'b', 'c']) {
            const ofKey = done.filter((offset) => keys[offset] === key);
            expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
          }
          expect([queue.held, queue.heldBytes, queue.tracker.open]).toEqual([0, 0, 0]);
        },
      ),
    );
  });

  it('survives more records than it copies at a time', () => {
    const queue = filled(Array.from({ length: 5_000 }, (_, n) => `key-${n}`));
    expect(takeAll(queue).map(({ offset }) => offset)).toEqual(Array.from({ length: 5_000 }, (_, n) => n));
  });
});
