import type { Pool } from 'pg';

/** What waits in the ledger, over all tenants. */
export interface LedgerCounts {
  readonly outboxAgeSeconds: number;
  readonly deadCalls: number;
  readonly needReview: number;
  readonly waiting: readonly { readonly reason: string; readonly calls: number }[];
  /** Seconds by which the earliest call that has a time is late. */
  readonly overdueSeconds: number;
}

interface CountRow {
  readonly outbox_age: number;
  readonly dead: number;
  readonly review: number;
  readonly waiting: readonly { readonly reason: string; readonly calls: number }[] | null;
  readonly overdue: number;
}

const statement = `
  SELECT coalesce(extract(epoch FROM clock_timestamp() - (SELECT min(created_at) FROM outbox)), 0)::double precision AS outbox_age,
         (SELECT count(*) FROM dead)::integer AS dead,
         (SELECT count(*) FROM dead WHERE lower(status) = 'needs_review')::integer AS review,
         (SELECT json_agg(w) FROM (SELECT reason, count(*)::integer AS calls FROM waiting GROUP BY reason) AS w) AS waiting,
         coalesce((SELECT extract(epoch FROM clock_timestamp() - min(due_at)) FROM waiting
                    WHERE lane NOT IN ('overflow', 'held')), 0)::double precision AS overdue`;

/** Milliseconds for which one count answers all scrapes. */
const freshMs = 5_000;

/**
 * Counts what waits in the ledger. The tables hold only calls that wait or are dead, so a count never reads the history.
 * Scrapes of any number share one count.
 */
export class CountLedger {
  readonly #pool: Pool;
  #counted: Promise<LedgerCounts> | undefined;
  #countedAtMs = -Infinity;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Rejects while the ledger is unavailable. */
  read(): Promise<LedgerCounts> {
    const nowMs = performance.now();
    if (this.#counted === undefined || nowMs - this.#countedAtMs > freshMs) {
      this.#countedAtMs = nowMs;
      this.#counted = this.#count();
    }
    return this.#counted;
  }

  async #count(): Promise<LedgerCounts> {
    const { rows } = await this.#pool.query<CountRow>({ name: 'ledger_counts', text: statement });
    const [row] = rows;
    if (row === undefined) throw new Error('the ledger did not answer');
    return {
      outboxAgeSeconds: row.outbox_age,
      deadCalls: row.dead,
      needReview: row.review,
      waiting: row.waiting ?? [],
      overdueSeconds: Math.max(0, row.overdue),
    };
  }
}
