import fc from 'fast-check';

import { OffsetTracker } from './offset-tracker.js';

/** A step of a partition: a fetch of some records, with the gaps that compaction leaves, or a completion. */
type Step =
  | { readonly kind: 'fetch'; readonly gaps: number[] }
  | { readonly kind: 'complete'; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('fetch' as const), gaps: fc.array(fc.nat(3), { maxLength: 6 }) }),
  fc.record({ kind: fc.constant('complete' as const), pick: fc.nat() }),
);

describe('OffsetTracker', () => {
  it('commits up to the first incomplete record, in any order of completion (M13, M16)', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(step, { maxLength: 60 }), (start, steps) => {
        const tracker = new OffsetTracker();
        const delivered = new Set<number>();
        const completed = new Set<number>();
        let next = start;
        let lastCommit = start;
        tracker.fetchedFrom(start);
        for (const { kind, ...rest } of steps) {
          if (kind === 'fetch') {
            expect(tracker.fetchedFrom(next)).toBe(true);
            for (const gap of (rest as { gaps: number[] }).gaps) {
              next += gap;
              expect(tracker.admit(next)).toBe(true);
              delivered.add(next);
              next += 1;
            }
            tracker.skipTo(next);
          } else {
            const open = [...delivered].filter((offset) => !completed.has(offset));
            const chosen = open[(rest as { pick: number }).pick % Math.max(1, open.length)];
            if (chosen === undefined) continue;
            expect(tracker.complete(chosen)).toBe(true);
            completed.add(chosen);
          }
          const open = [...delivered].filter((offset) => !completed.has(offset));
          expect(tracker.lowWater).toBe(open.length === 0 ? next : Math.min(...open));
          expect(tracker.open).toBe(open.length);
          const point = tracker.commitPoint;
          if (point === undefined) continue;
          expect(point).toBeGreaterThan(lastCommit);
          expect(
            [...delivered].filter((offset) => offset < point).every((offset) => completed.has(offset)),
          ).toBe(true);
          tracker.markCommitted(point);
          lastCommit = point;
        }
      }),
    );
  });

  // The names of the next three tests are bugs of other consumers with concurrency.

  it('does not commit the highest offset when it is completed first (a loss elsewhere)', () => {
    const tracker = new OffsetTracker();
    tracker.fetchedFrom(10);
    for (const offset of [10, 11, 12]) tracker.admit(offset);
    tracker.complete(12);
    expect(tracker.commitPoint).toBeUndefined();
    tracker.complete(10);
    expect(tracker.commitPoint).toBe(11);
    tracker.complete(11);
    expect(tracker.commitPoint).toBe(13);
  });

  it('ignores work left over from an earlier assignment (a skipped record elsewhere)', () => {
    const before = new OffsetTracker();
    before.fetchedFrom(5);
    before.admit(5);
    const now = new OffsetTracker();
    now.fetchedFrom(5);
    // The new assignment fetches the record again. The old one does not occupy its place.
    expect(now.admit(5)).toBe(true);
    before.complete(5);
    expect(now.commitPoint).toBeUndefined();
    expect(now.complete(4)).toBe(false);
    now.complete(5);
    expect(now.commitPoint).toBe(6);
  });

  it('goes on after a rebalance refused a commit (a stall elsewhere)', () => {
    const tracker = new OffsetTracker();
    tracker.fetchedFrom(0);
    tracker.admit(0);
    tracker.complete(0);
    expect(tracker.commitPoint).toBe(1);
    // The broker refused, so the offset is not marked. More records complete meanwhile.
    tracker.admit(1);
    tracker.complete(1);
    expect(tracker.commitPoint).toBe(2);
    tracker.markCommitted(2);
    // The answer to the older commit comes late.
    tracker.markCommitted(1);
    expect(tracker.commitPoint).toBeUndefined();
  });

  it('admits a record once (M14)', () => {
    const tracker = new OffsetTracker();
    tracker.fetchedFrom(0);
    expect([0, 1, 0, 1, 2].map((offset) => tracker.admit(offset))).toEqual([true, true, false, false, true]);
    expect(tracker.fetchedFrom(0)).toBe(true);
  });

  it('detects a fetch that skipped records', () => {
    const tracker = new OffsetTracker();
    expect(tracker.fetchedFrom(7)).toBe(true);
    tracker.admit(7);
    expect(tracker.fetchedFrom(8)).toBe(true);
    expect(tracker.fetchedFrom(9)).toBe(false);
  });

  it('has no commit point before the first completion', () => {
    const tracker = new OffsetTracker();
    expect(tracker.commitPoint).toBeUndefined();
    tracker.fetchedFrom(42);
    expect(tracker.commitPoint).toBeUndefined();
  });
});
