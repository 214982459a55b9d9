import { setTimeout as sleep } from 'node:timers/promises';

import type { Pool } from 'pg';

import type { ClaimOfCall, OutboxPublisher, OutboxRecord } from '../../application/outbox-publisher.port.js';
import { executorPoints } from '../../diagnostics.js';
import { jsonRows } from './json-rows.js';
import type { LeftoverRows } from './leftover-rows.js';

export interface OutboxPublicationOptions {
  readonly pool: Pool;
  readonly publisher: OutboxPublisher;
  /** Milliseconds that Kafka may take for records without a row. After that, the relay gets them too. */
  readonly patienceMs: number;
  readonly leftovers: LeftoverRows;
  /** Aborted when the process stops. */
  readonly closing: AbortSignal;
  readonly onFailed: (error: unknown) => void;
  /** Called when rows have become leftovers. */
  readonly onFinished: () => void;
}

/** Milliseconds between attempts to give records to the relay. */
const retryEveryMs = 500;

/**
 * The records of one commit on their way to Kafka. At every moment, an outbox row or a claim vouches for each (I8).
 *
 * - PB1: a record without a row holds its claim until Kafka has the record, or until the record has a row.
 * - PB2: a record that Kafka does not take in time gets a row, and the relay publishes it. That repeats until it works.
 *   A process that stops before that leaves the claim to the next take-over.
 */
export class OutboxPublication {
  readonly #due: readonly OutboxRecord[];
  readonly #options: OutboxPublicationOptions;
  readonly #unstored: readonly OutboxRecord[];
  #claims: readonly ClaimOfCall[];
  /** Resolves to whether the records without a row have got one. Undefined while Kafka has time. */
  #storing: Promise<boolean> | undefined;
  #isPublished = false;

  constructor(due: readonly OutboxRecord[], options: OutboxPublicationOptions) {
    this.#due = due;
    this.#options = options;
    this.#unstored = due.filter(({ claim }) => claim !== undefined);
    this.#claims = due.flatMap(({ claim }) => claim ?? []);
    for (const claim of this.#claims) options.leftovers.claimed(claim);
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { publisher, patienceMs, leftovers, onFailed, onFinished } = this.#options;
    const overdue =
      this.#unstored.length === 0 ? undefined : setTimeout(() => void this.#store(), patienceMs);
    try {
      await publisher.publish(this.#due);
      this.#isPublished = true;
    } catch (error) {
      onFailed(error);
    } finally {
      clearTimeout(overdue);
    }
    if (!this.#isPublished) {
      if (this.#unstored.length > 0) await this.#store();
      return;
    }
    executorPoints.after_publish.publish(() => ({ calls: this.#due.map(({ callId }) => ({ callId })) }));
    this.#release();
    const isStored = (await this.#storing) === true;
    const rows = isStored ? this.#due : this.#due.filter(({ claim }) => claim === undefined);
    leftovers.published(rows.map(({ outboxId }) => outboxId));
    onFinished();
  }

  /** Gives the records without a row to the relay (PB2). */
  #store(): Promise<boolean> {
    this.#storing ??= this.#storeUntilDone();
    return this.#storing;
  }

  async #storeUntilDone(): Promise<boolean> {
    const { pool, closing } = this.#options;
    const outcomes = jsonRows(
      this.#unstored.map(({ outboxId, tenantId, callId, seq, trace, value }) => ({
        id: outboxId,
        tenant_id: tenantId,
        call_id: callId,
        seq,
        trace,
        value,
      })),
    );
    for (;;) {
      try {
        await pool.query('SELECT leave_to_relay($1)', [outcomes]);
        this.#release();
        return true;
      } catch {
        // Without PostgreSQL the lease ends, which the log shows.
        await sleep(retryEveryMs, undefined, { signal: closing }).catch(() => undefined);
        if (closing.aborted || this.#isPublished) return false;
      }
    }
  }

  /** Lets go of the claims, which no longer vouch for a record (PB1). */
  #release(): void {
    const { leftovers, onFinished } = this.#options;
    for (const claim of this.#claims) leftovers.released(claim);
    this.#claims = [];
    onFinished();
  }
}
