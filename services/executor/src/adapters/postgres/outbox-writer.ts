import type { Pool } from 'pg';

import type { OutboxPublisher, OutboxRecord } from '../../application/outbox-publisher.port.js';
import { executorPoints } from '../../diagnostics.js';
import type { InstanceLease } from './instance-lease.js';
import { LeftoverRows } from './leftover-rows.js';
import { Publication } from './publication.js';
import type { Leftovers } from './record-statement.js';

export interface OutboxWriterOptions {
  readonly pool: Pool;
  readonly lease: InstanceLease;
  readonly publisher: OutboxPublisher;
  /** Milliseconds that Kafka may take for records without a row. After that, the relay gets them too. */
  readonly patienceMs: number;
  readonly onPublishFailed: (error: unknown) => void;
}

/** Milliseconds that finished rows may stay while no batch runs. */
const sweepAfterMs = 200;

/**
 * Deletes without a flush of its own, which would delay the commits of calls. A crash brings the rows back, and the
 * records are published again with the same bytes (I8).
 */
const forgetLater = "SELECT forget($1, $2, $3) FROM set_config('synchronous_commit', 'off', true)";

/**
 * Publishes the records that this process has just committed, and deletes rows that are no longer needed: with the next
 * batch, or after a moment in a statement of its own. Records that it cannot publish are left to the relay (I8).
 */
export class OutboxWriter {
  readonly leftovers = new LeftoverRows();
  readonly #options: OutboxWriterOptions;
  readonly #publishing = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: OutboxWriterOptions) {
    this.#options = options;
  }

  /** Starts to publish and does not wait: the records are committed. */
  publish(due: readonly OutboxRecord[]): void {
    if (due.length === 0) return;
    const { pool, publisher, patienceMs, onPublishFailed } = this.#options;
    const publication = new Publication(due, {
      pool,
      publisher,
      patienceMs,
      leftovers: this.leftovers,
      closing: this.#closing.signal,
      onFailed: onPublishFailed,
      onFinished: () => this.sweepLater(),
    });
    const publishing = publication.run();
    this.#publishing.add(publishing);
    void publishing.finally(() => this.#publishing.delete(publishing));
  }

  /** Runs a statement that deletes leftover rows along the way. */
  async withLeftovers<R>(statement: (leftovers: Leftovers) => Promise<R>): Promise<R> {
    const instanceId = this.#options.lease.current?.id;
    const leftovers = this.leftovers.take(instanceId);
    try {
      return await statement(leftovers);
    } catch (error) {
      this.leftovers.restore(leftovers, instanceId);
      throw error;
    }
  }

  sweepLater(): void {
    this.#sweep ??= setTimeout(() => {
      this.#sweep = undefined;
      // The next batch or the next sweep deletes the leftovers of a failed sweep.
      void this.#deleteLeftovers().catch(() => undefined);
    }, sweepAfterMs);
  }

  /** Waits for publications under way and deletes the leftover rows. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#publishing);
    clearTimeout(this.#sweep);
    await this.#deleteLeftovers();
  }

  async #deleteLeftovers(): Promise<void> {
    if (this.leftovers.isEmpty) return;
    const instanceId = this.#options.lease.current?.id ?? '0';
    executorPoints.before_outbox_delete.publish(() => ({ instanceId }));
    await this.withLeftovers(({ published, finished }) =>
      this.#options.pool.query(forgetLater, [instanceId, published, finished]),
    );
  }
}
