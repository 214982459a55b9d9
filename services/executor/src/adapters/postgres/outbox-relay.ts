import { Repeater } from '@action-mesh/platform';
import type { Pool } from 'pg';

import type { OutboxPublisher } from '../../application/outbox-publisher.port.js';
import { executorPoints, type PointCalls } from '../../diagnostics.js';
import { outboxRecord, type OutboxRow } from './outbox-row.js';

export interface OutboxRelayOptions {
  readonly pool: Pool;
  readonly publisher: OutboxPublisher;
  readonly pollEveryMs: number;
  /** How old a row of a living writer must be to count as left behind: it normally publishes its own at once. */
  readonly patienceMs: number;
  readonly onError: (error: unknown) => void;
}

/** Shares a number space with nothing else in the schema. */
const relayLock = 77_001;

const batchSize = 500;

/** How long the server leaves the lock with a session from which nothing comes; Kafka has a batch far sooner. */
const silentHolderMs = 5_000;

/** The subquery is not merged into the query that reads from it, since it is volatile: the lock is asked for once. */
const lockStatement = `
  SELECT held, CASE WHEN held THEN set_config('idle_session_timeout', '${silentHolderMs}', false) END
    FROM (SELECT pg_try_advisory_lock(${relayLock}) AS held) AS tried`;
const unlockStatements = `SELECT pg_advisory_unlock(${relayLock}); RESET idle_session_timeout`;

/**
 * Publishes the records that their writer did not: because it died, or because Kafka did not take them (I8).
 *
 * - O1: one relay at a time over all instances, by an advisory lock, so that the outcomes of one call stay in order. A holder
 *   that is frozen or cut off loses its session, and the lock with it, after `silentHolderMs`; what it publishes when it
 *   comes back has been published already, with the same bytes.
 * - O2: a row is deleted only after Kafka has it; a crash in between publishes it again, with the same bytes.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #repeater: Repeater<number>;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#repeater = new Repeater({
      run: () => this.#sweep(),
      everyMs: options.pollEveryMs,
      firstAfterMs: 0,
      pauseMs: (moved) => (moved < batchSize ? options.pollEveryMs : 0),
      onError: options.onError,
    });
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Publishes up to one batch; returns how many. */
  async #sweep(): Promise<number> {
    const client = await this.#options.pool.connect();
    let failed: unknown;
    try {
      const lock = await client.query<{ held: boolean }>(lockStatement);
      if (lock.rows[0]?.held !== true) return 0;
      const { rows } = await client.query<OutboxRow>({
        name: 'left_behind',
        text: `SELECT o.id AS outbox_id, o.kind, o.key, o.call_id, o.seq, o.trace, o.value
                 FROM outbox o
                WHERE o.created_at < clock_timestamp() - $1 * interval '1 ms'
                   OR NOT EXISTS (SELECT FROM instance i
                                   WHERE i.id = o.owner AND i.ended_at IS NULL AND i.lease_until > clock_timestamp())
                ORDER BY o.id LIMIT ${batchSize}`,
        values: [this.#options.patienceMs],
      });
      if (rows.length > 0) {
        const records = rows.map(outboxRecord).filter((record) => record !== undefined);
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
      // A connection on which something failed may still hold the lock; closing it lets go.
      client.release(failed !== undefined);
    }
  }
}
