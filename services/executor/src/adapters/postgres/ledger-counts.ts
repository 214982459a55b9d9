import type { Pool } from 'pg';

/** Calls of one kind, and the age of the oldest. */
export interface WaitingCount {
  readonly calls: number;
  /** Zero when there is none. */
  readonly oldestSeconds: number;
}

/** What waits in the ledger, over all tenants. */
export interface LedgerCounts {
  readonly outboxAgeSeconds: number;
  readonly deadCalls: number;
  /** Dead calls of unknown effect: a person has to say what happened. */
  readonly needReview: WaitingCount;
  /** Calls of unknown effect that wait for a probe. Their age counts from the request with the unknown answer. */
  readonly indeterminate: WaitingCount;
  /** Waiting calls by reason. The age of an approval counts from its question, however often its call came back to it. */
  readonly waiting: readonly (WaitingCount & { readonly reason: string })[];
  /** Seconds by which the earliest call that has a time is late. */
  readonly overdueSeconds: number;
}

interface CountRow {
  readonly outbox_age: number;
  readonly dead: number;
  readonly review: number;
  readonly review_age: number | null;
  readonly probed_age: number | null;
  readonly waiting:
    | readonly { readonly reason: string; readonly calls: number; readonly age: number }[]
    | null;
  readonly overdue: number;
}

const statement = `
  SELECT coalesce(extract(epoch FROM clock_timestamp() - (SELECT min(created_at) FROM outbox)), 0)::double precision AS outbox_age,
         (SELECT count(*) FROM dead)::integer AS dead,
         review.calls AS review, review.age AS review_age,
         (SELECT extract(epoch FROM clock_timestamp() - min(coalesce(c.sent_at, w.since)))::double precision
            FROM waiting w
            JOIN call c ON c.tenant_id = w.tenant_id AND c.user_id = w.user_id AND c.hash = w.hash
           WHERE w.reason = 'probe') AS probed_age,
         (SELECT json_agg(r) FROM (
            SELECT w.reason, count(*)::integer AS calls,
                   extract(epoch FROM clock_timestamp() - min(coalesce(a.asked_at, w.since)))::double precision AS age
              FROM waiting w
              LEFT JOIN approval a ON w.reason = 'awaiting_approval' AND a.decision IS NULL
                                  AND a.tenant_id = w.tenant_id AND a.call_id = w.call_id
             GROUP BY w.reason) AS r) AS waiting,
         coalesce((SELECT extract(epoch FROM clock_timestamp() - min(due_at)) FROM waiting
                    WHERE lane NOT IN ('overflow', 'held')), 0)::double precision AS overdue
    FROM (SELECT count(*)::integer AS calls,
                 extract(epoch FROM clock_timestamp() - min(died_at))::double precision AS age
            FROM dead WHERE lower(status) = 'needs_review') AS review`;

/** Milliseconds for which one count answers all scrapes. */
const freshMs = 5_000;

/**
 * Counts what waits in the ledger. The tables hold only calls that wait or are dead, so a count never reads the history.
 *
 * - LG1: scrapes of any number share one count.
 * - LG2: a count begins when the one before has ended, however long that takes. A slow database gets no second one.
 * - LG3: counts have a connection of their own, so they never take one from the work on calls.
 */
export class CountLedger {
  readonly #pool: Pick<Pool, 'query'>;
  #newest: Promise<LedgerCounts> | undefined;
  #isRunning = false;
  #endedAtMs = -Infinity;

  /** `pool`: one connection, for nothing else. */
  constructor(pool: Pick<Pool, 'query'>) {
    this.#pool = pool;
  }

  /** Rejects while the ledger is unavailable. */
  read(): Promise<LedgerCounts> {
    const isFresh = this.#isRunning || performance.now() - this.#endedAtMs <= freshMs;
    if (this.#newest !== undefined && isFresh) return this.#newest;
    this.#isRunning = true;
    this.#newest = this.#count().finally(() => {
      this.#isRunning = false;
      this.#endedAtMs = performance.now();
    });
    return this.#newest;
  }

  async #count(): Promise<LedgerCounts> {
    const { rows } = await this.#pool.query<CountRow>({ name: 'ledger_counts', text: statement });
    const [row] = rows;
    if (row === undefined) throw new Error('the ledger did not answer');
    const waiting = (row.waiting ?? []).map(({ reason, calls, age }) => ({ reason, ...counted(calls, age) }));
    // A call of unknown effect waits for its next probe.
    const probed = waiting.find(({ reason }) => reason === 'probe')?.calls ?? 0;
    return {
      outboxAgeSeconds: row.outbox_age,
      deadCalls: row.dead,
      needReview: counted(row.review, row.review_age),
      indeterminate: counted(probed, row.probed_age),
      waiting,
      overdueSeconds: Math.max(0, row.overdue),
    };
  }
}

function counted(calls: number, age: number | null): WaitingCount {
  return { calls, oldestSeconds: Math.max(0, age ?? 0) };
}
