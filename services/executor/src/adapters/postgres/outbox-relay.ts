import { Repeater } from '@action-mesh/platform';
import type { Pool } from 'pg';

import type { OutboxPublisher } from '../../application/outbox-publisher.port.js';
import { executorPoints, type PointCalls } from '../../diagnostics.js';
import { outboxRecord, type OutboxRow } from './outbox-row.js';

export interface OutboxRelayOptions {
  readonly pool: Pool;
  readonly publisher: OutboxPublisher;
  /** Milliseconds to wait after a failure. @default 250 */
  readonly retryAfterMs?: number;
  /**
   * Milliseconds before a row of a living writer counts as left behind. A writer normally publishes its rows at once.
   */
  readonly patienceMs: number;
  readonly onError: (error: unknown) => void;
}

/**
 * The condition for a row `o` of the outbox: its writer is dead or late. `patience` names the parameter with the
 * milliseconds.
 */
export function leftBehind(patience: string): string {
  return `(o.created_at < clock_timestamp() - ${patience} * interval '1 ms'
           OR NOT EXISTS (SELECT FROM instance i
                           WHERE i.id = o.owner AND i.ended_at IS NULL AND i.lease_until > clock_timestamp()))`;
}

/** The number of the relay's advisory lock. No other lock of the schema uses this number space. */
const relayLock = 77_001;

const batchSize = 500;

/** Milliseconds after which the server takes the lock from a silent session. Kafka acknowledges a batch far sooner. */
const silentHolderMs = 5_000;

/** The subquery is volatile, so PostgreSQL does not merge it into the outer query and asks for the lock only once. */
const lockStatement = `
  SELECT held, CASE WHEN held THEN set_config('idle_session_timeout', '${silentHolderMs}', false) END
    FROM (SELECT pg_try_advisory_lock(${relayLock}) AS held) AS tried`;
const unlockStatements = `SELECT pg_advisory_unlock(${relayLock}); RESET idle_session_timeout`;

/**
 * Publishes the records that their writer did not publish: because it died, or because Kafka did not take them (I8).
 * It sleeps until it is woken, and then works until no record is left.
 *
 * - O1: only one relay works at a time over all instances, by an advisory lock, so the outcomes of one call stay in
 *   order. A frozen or unreachable holder loses its session after `silentHolderMs`, and the lock with it. When it comes
 *   back, it only repeats published records with the same bytes.
 * - O2: a row is deleted only after Kafka has its record. A crash in between publishes the record again, with the same
 *   bytes.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #repeater: Repeater<number>;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#repeater = new Repeater({
      run: () => this.#sweep(),
      everyMs: options.retryAfterMs ?? 250,
      firstAfterMs: Infinity,
      pauseMs: (moved) => (moved < batchSize ? Infinity : 0),
      onError: options.onError,
    });
  }

  /** Notes that records were left behind. */
  wake(): void {
    this.#repeater.wakeWithin(0);
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Publishes up to one batch. Returns the number of records. */
  async #sweep(): Promise<number> {
    const client = await this.#options.pool.connect();
    let failed: unknown;
    try {
      const lock = await client.query<{ held: boolean }>(lockStatement);
      if (lock.rows[0]?.held !== true) return 0;
      const { rows } = await client.query<OutboxRow & { readonly tenant_id: string }>({
        name: 'left_behind',
        text: `SELECT o.id AS outbox_id, o.tenant_id, o.kind, o.key, o.call_id, o.seq, o.trace, o.value
                 FROM outbox o
                WHERE ${leftBehind('$1')}
                ORDER BY o.id LIMIT ${batchSize}`,
        values: [this.#options.patienceMs],
      });
      if (rows.length > 0) {
        const records = rows
          .map((row) => outboxRecord(row, row.tenant_id))
          .filter((record) => record !== undefined);
        await this.#options.publisher.publish(records);
        const calls = (): PointCalls => ({ calls: records.map(({ callId }) => ({ callId })) });
        executorPoints.relay_after_publish.publish(calls);
        await client.query('DELETE FROM outbox WHERE id = ANY ($1)', [
          rows.map(({ outbox_id }) => outbox_id),
        ]);
        executorPoints.relay_after_delete.publish(calls);
      }
      await client.query(unlockStatements);
      return rows.length;
    } catch (error) {
      failed = error;
      throw error;
    } finally {
      // A connection with an error may still hold the lock. Closing the connection releases it.
      client.release(failed !== undefined);
    }
  }
}
