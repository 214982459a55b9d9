import { topics } from '../topics.js';
import { RetryDue } from './retry-due.v1.js';

/** A topic whose records all fall due equally long after the broker appended them. */
export interface RetryRung {
  readonly delayMs: number;
  readonly topic: string;
  /** {@link RetryDue}, defined for the topic of this rung. */
  readonly event: typeof RetryDue;
}

/** The retry ladder, from the shortest delay to the longest. */
export const retryRungs: readonly RetryRung[] = [
  rung(1_000, topics.retry1s.name),
  rung(5_000, topics.retry5s.name),
  rung(30_000, topics.retry30s.name),
  rung(120_000, topics.retry2m.name),
  rung(600_000, topics.retry10m.name),
  rung(3_600_000, topics.retry1h.name),
];

/** How much longer than its delay a rung may be: a share of the rung, and a least time for short rungs. */
const toleratedShare = 0.05;
const toleratedMs = 100;

/**
 * The rung for a delay in milliseconds. It is never shorter than the delay, so that nothing runs early, and at most a
 * little longer. Undefined: no rung fits. The executor itself waits for delays below a second; the scheduler in
 * PostgreSQL handles all others.
 */
export function rungFor(delayMs: number): RetryRung | undefined {
  const [shortest] = retryRungs;
  if (shortest === undefined || delayMs < shortest.delayMs) return undefined;
  return retryRungs.find(
    (rung) =>
      rung.delayMs >= delayMs &&
      rung.delayMs - delayMs <= Math.max(toleratedMs, toleratedShare * rung.delayMs),
  );
}

function rung(delayMs: number, topic: string): RetryRung {
  return { delayMs, topic, event: Object.freeze({ ...RetryDue, topic }) };
}
