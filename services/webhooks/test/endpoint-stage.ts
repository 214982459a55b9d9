import { callerHeaders, topics } from '@action-mesh/contracts';
import type { OutcomeStatus } from '@action-mesh/contracts/executor';
import { newId } from '@action-mesh/kernel';
import { CloudEventHeader, KafkaProducer } from '@action-mesh/messaging';
import type { RunningService } from '@action-mesh/platform';
import pg from 'pg';

import { internalKey, WebhooksHarness } from './webhooks-harness.js';

/** The answer of the internal API. */
export interface EndpointAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** An outcome to publish. */
export interface SampleOutcome {
  readonly callId?: string;
  readonly tenantId?: string;
  readonly userId?: string;
  readonly agentId?: string;
  readonly runId?: string;
  readonly tool?: string;
  readonly status?: OutcomeStatus;
  readonly seq?: number;
  /** The exact text of the result. */
  readonly result?: string;
}

/** A webhooks service on topics and a database of its own, and outcomes for it. */
export class EndpointStage implements AsyncDisposable {
  readonly harness: WebhooksHarness;
  service: RunningService;
  readonly #producer: KafkaProducer;
  readonly #client: pg.Client;

  private constructor(
    harness: WebhooksHarness,
    service: RunningService,
    producer: KafkaProducer,
    client: pg.Client,
  ) {
    this.harness = harness;
    this.service = service;
    this.#producer = producer;
    this.#client = client;
  }

  static async open(): Promise<EndpointStage> {
    const harness = await WebhooksHarness.start();
    const service = await harness.service({ EGRESS_ALLOW: '127.0.0.1:*', LOG_LEVEL: 'warn' });
    const { kafka } = harness.config();
    const producer = new KafkaProducer({ client: kafka, topics: [topics.outcomes.name] });
    const client = new pg.Client({ connectionString: harness.database.url });
    await client.connect();
    return new EndpointStage(harness, service, producer, client);
  }

  async restart(): Promise<void> {
    await this.service.close();
    this.service = await this.harness.service({ EGRESS_ALLOW: '127.0.0.1:*', LOG_LEVEL: 'warn' });
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    tenantId = 'acme',
    isAdmin = true,
  ): Promise<EndpointAnswer> {
    const scopes = new Set(isAdmin ? (['webhooks:admin'] as const) : (['calls:read'] as const));
    const caller = { tenantId, holder: 'ada', scopes };
    const response = await fetch(`${this.service.url}/internal${path}`, {
      method,
      headers: {
        'x-mesh-service-key': internalKey,
        ...callerHeaders(caller),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  }

  /** Creates an endpoint and returns its id and secret. */
  async endpoint(
    url: string,
    filter: Readonly<Record<string, readonly string[]>> = {},
    tenantId = 'acme',
  ): Promise<{ readonly id: string; readonly secret: string }> {
    const { status, body } = await this.ask('POST', '/webhook-endpoints', { url, filter }, tenantId);
    if (status !== 201) throw new Error(`no endpoint was created: ${JSON.stringify(body)}`);
    return { id: String(body['id']), secret: String(body['secret']) };
  }

  /** Publishes an outcome as an executor does. Returns the id of its call. */
  async publish(outcome: SampleOutcome = {}): Promise<string> {
    const {
      callId = newId(),
      tenantId = 'acme',
      userId = 'ada',
      agentId = 'writer',
      runId = 'run-1',
    } = outcome;
    const { tool = 'slack_post', status = 'succeeded', seq = 1, result = '{"ok":true}' } = outcome;
    const at = new Date().toISOString();
    const text = JSON.stringify({
      call_id: callId,
      replayed: false,
      seq,
      tenant_id: tenantId,
      user_id: userId,
      agent: { id: agentId, run_id: runId },
      tool: { slug: tool, version: '1.0.0' },
      status,
      attempts: 1,
      recovered: false,
      at,
      duration_ms: 5,
    });
    await this.#producer.send({
      topic: topics.outcomes.name,
      key: callId,
      value: Buffer.from(`${text.slice(0, -1)},"result":${result}}`),
      headers: {
        [CloudEventHeader.id]: newId(),
        [CloudEventHeader.source]: '/services/executor',
        [CloudEventHeader.specversion]: '1.0',
        [CloudEventHeader.time]: at,
        [CloudEventHeader.type]: 'mesh.call.outcome.v1',
        'content-type': 'application/json',
      },
    });
    return callId;
  }

  async query(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    return (await this.#client.query<Record<string, unknown>>(text, [...values])).rows;
  }

  /** Makes every waiting delivery due, as if its wait were over. */
  async passTime(): Promise<void> {
    await this.query(`UPDATE webhooks.webhook_delivery SET next_attempt_at = now() WHERE status = 'pending'`);
  }

  /** The deliveries of an endpoint, the newest first. */
  async deliveries(id: string, query = ''): Promise<readonly Record<string, unknown>[]> {
    const { body } = await this.ask('GET', `/webhook-endpoints/${id}/deliveries${query}`);
    return body['deliveries'] as readonly Record<string, unknown>[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.close();
    await this.#producer.close();
    await this.#client.end();
    await this.harness[Symbol.asyncDispose]();
  }
}
