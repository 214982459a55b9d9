import type { Pool } from 'pg';

import type { OutboxPublisher, OutboxRecord } from '../../application/outbox-publisher.port.js';
import { executorPoints } from '../../diagnostics.js';
import type { InstanceLease } from './instance-lease.js';
import { LeftoverRows } from './leftover-rows.js';
import { OutboxPublication } from './outbox-publication.js';

export interface OutboxWriterOptions {
  readonly pool: Pool;
  readonly lease: InstanceLease;
  readonly publisher: OutboxPublisher;
  /** Milliseconds that Kafka may take for records without a row. After that, the relay gets them too. */
  readonly patienceMs: number;
  readonly onPublishFailed: (error: unknown) => void;
}

/** Milliseconds that rows may stay although they are no longer needed. */
const sweepAfterMs = 200;

/**
 * Deletes without a flush of its own, which would delay the commits of calls. A crash brings the rows back, and the
 * records are published again with the same bytes (I8).
 */
const forgetLater = "SELECT forget($1, $2, $3) FROM set_config('synchronous_commit', 'off', true)";

/**
 * Publishes the records that this process has just committed. Deletes rows that are no longer needed, apart from the
 * statements that callers wait for. Records that it cannot publish are left to the relay (I8).
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
    const publication = new OutboxPublication(due, {
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

  sweepLater(): void {
    this.#sweep ??= setTimeout(() => {
      this.#sweep = undefined;
      // The next sweep deletes the leftovers of a failed one.
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
    const instanceId = this.#options.lease.current?.id;
    executorPoints.before_outbox_delete.publish(() => ({ instanceId: instanceId ?? '0' }));
    const leftovers = this.leftovers.take(instanceId);
    try {
      await this.#options.pool.query({
        name: 'forget',
        text: forgetLater,
        values: [instanceId ?? '0', leftovers.published, leftovers.finished],
      });
    } catch (error) {
      this.leftovers.restore(leftovers, instanceId);
      throw error;
    }
  }
}
