import { createPool } from '@action-mesh/postgres';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import type { Pool } from 'pg';

import { PostgresDeliveryStore } from '../src/adapters/postgres/postgres-delivery-store.js';
import { EndpointStage } from './endpoint-stage.js';
import { WebhookReceiver } from './webhook-receiver.js';

jest.setTimeout(120_000);

/** More than one statement changes. */
const many = 12_000;

let stage: EndpointStage;
let receiver: WebhookReceiver;
let pool: Pool;

beforeAll(async () => {
  stage = await EndpointStage.open();
  receiver = await WebhookReceiver.start();
  const { url } = stage.harness.database;
  pool = createPool({ url, schema: 'webhooks', role: 'service', applicationName: 'test', maxConnections: 1 });
});
afterAll(async () => {
  await pool.end();
  await receiver[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});
afterEach(() => stage.query('DELETE FROM webhooks.webhook_endpoint'));

/** Adds deliveries to an endpoint. Pending ones are due in an hour. */
async function add(endpointId: string, status: 'pending' | 'delivered', count = many): Promise<void> {
  await stage.query(
    `INSERT INTO webhooks.webhook_delivery
       (id, tenant_id, endpoint_id, call_id, seq, type, body, status, next_attempt_at, ended_at)
     SELECT gen_random_uuid(), 'acme', $1, gen_random_uuid(), 1, 'call.succeeded', '{}', $2::text,
            CASE WHEN $2 = 'pending' THEN now() + interval '1 hour' END,
            CASE WHEN $2 <> 'pending' THEN now() - interval '1 hour' END
       FROM generate_series(1, $3)`,
    [endpointId, status, count],
  );
}

async function count(status: string): Promise<number> {
  const [row] = await stage.query(
    'SELECT count(*)::integer AS n FROM webhooks.webhook_delivery WHERE status = $1',
    [status],
  );
  return Number(row?.['n']);
}

describe('an endpoint with many deliveries', () => {
  it('loses all old ones in one run, and no newer one', async () => {
    const { id } = await stage.endpoint(receiver.url);
    await add(id, 'delivered', 5);
    await add(id, 'pending', 1);
    const store = new PostgresDeliveryStore(pool);
    expect(await store.prune(new Date(Date.now() - 2 * 3_600_000), 2)).toBe(0);
    expect(await store.prune(new Date(), 2)).toBe(5);
    expect(await count('pending')).toBe(1);
  });

  it('is disabled, and all that wait are skipped (WH4)', async () => {
    const { id } = await stage.endpoint(receiver.url);
    await add(id, 'pending');
    receiver.answer = 410;
    await stage.publish();
    await waitFor(async () => (await count('skipped')) === many, {
      what: 'skipped deliveries',
      timeoutMs: 60_000,
    });
    expect((await stage.ask('GET', `/webhook-endpoints/${id}`)).body).toMatchObject({ status: 'disabled' });
    expect(await count('pending')).toBe(0);
  });

  it('gets those of a time again in parts, also when each part arrives before the next', async () => {
    const { id } = await stage.endpoint(receiver.url);
    await add(id, 'delivered', 3);
    await stage.query(`UPDATE webhooks.webhook_endpoint SET disabled_at = now() WHERE id = $1`, [id]);
    const store = new PostgresDeliveryStore(pool);
    const time = { tenantId: 'acme', id, to: undefined, statuses: ['delivered'], most: 2 };
    let from = '2026-01-01T00:00:00Z';
    const parts: number[] = [];
    for (;;) {
      const part = await store.redeliverTime({ ...time, from });
      parts.push(part?.count ?? 0);
      await stage.query(
        `UPDATE webhooks.webhook_delivery SET status = 'delivered', next_attempt_at = NULL, ended_at = now(), attempts = 1
          WHERE status = 'pending'`,
      );
      if (part?.nextFrom === undefined || parts.length > 9) break;
      from = part.nextFrom;
    }
    expect(parts.length).toBeLessThan(9);
    expect(await stage.query('SELECT FROM webhooks.webhook_delivery WHERE attempts = 0')).toEqual([]);
  });

  it('is removed with all of them', async () => {
    const { id } = await stage.endpoint(receiver.url);
    await add(id, 'pending');
    await add(id, 'delivered');
    expect((await stage.ask('DELETE', `/webhook-endpoints/${id}`)).status).toBe(204);
    expect(await stage.query('SELECT FROM webhooks.webhook_delivery')).toEqual([]);
  });
});

describe('a tenant with many slow endpoints', () => {
  it('delays no other tenant by the slots that it holds (WH1)', async () => {
    // Nothing is due for the service itself, since these rows roll back.
    const client = await pool.connect();
    try {
      const theirs = await Promise.all(Array.from({ length: 3 }, () => stage.endpoint(receiver.url)));
      const other = await stage.endpoint(receiver.url, {}, 'globex');
      await client.query('BEGIN');
      for (const { id } of [...theirs, other])
        await client.query(
          `INSERT INTO webhook_delivery (id, tenant_id, endpoint_id, type, body, status, next_attempt_at)
           SELECT gen_random_uuid(), e.tenant_id, e.id, 'call.succeeded', '{}', 'pending',
                  now() - CASE e.tenant_id WHEN 'globex' THEN 1 ELSE 60 END * interval '1 second'
             FROM webhook_endpoint e, generate_series(1, 4) WHERE e.id = $1`,
          [id],
        );
      const store = new PostgresDeliveryStore(client as unknown as Pool);
      const underWay = new Map([[theirs[0]?.id ?? '', 2]]);
      const claimed = await store.claim({ underWay, perEndpoint: 4, most: 4, claimMs: 30_000 });
      expect(claimed.map(({ tenantId }) => tenantId).sort()).toEqual(['acme', 'globex', 'globex', 'globex']);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
