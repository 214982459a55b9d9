import { WebhookEndpointDisabled } from '@action-mesh/contracts/webhooks';
import { encodeEvent, type RecordProducer } from '@action-mesh/messaging';
import type pg from 'pg';

const source = '/services/webhooks';
const atOnce = 100;

/** Publishes recorded events on `mesh.webhooks`. An event leaves the record after Kafka has it, so it arrives at least once. */
export class EndpointEventPublisher {
  readonly #pool: pg.Pool;
  readonly #producer: RecordProducer;

  constructor(pool: pg.Pool, producer: RecordProducer) {
    this.#pool = pool;
    this.#producer = producer;
  }

  async run(): Promise<number> {
    const { rows } = await this.#pool.query<{ id: string; value: unknown }>(
      'SELECT id, value FROM webhook_event ORDER BY id LIMIT $1',
      [atOnce],
    );
    if (rows.length === 0) return 0;
    const events = rows.map(({ value }) => WebhookEndpointDisabled.schema.parse(value));
    await this.#producer.sendAll(
      events.map((event) => encodeEvent(WebhookEndpointDisabled, event, { source })),
    );
    await this.#pool.query('DELETE FROM webhook_event WHERE id = ANY ($1)', [rows.map(({ id }) => id)]);
    return rows.length;
  }
}
