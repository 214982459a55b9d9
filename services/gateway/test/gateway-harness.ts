import { topicConfigurations, topics } from '@action-mesh/contracts';
import { identityKey, scopeNames, type Identity, type KeyIdentity } from '@action-mesh/contracts/auth-broker';
import type { Tool } from '@action-mesh/contracts/catalog';
import { startKafka, type KafkaHandle } from '@action-mesh/devstack';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { newId } from '@action-mesh/kernel';
import { ensureTopics } from '@action-mesh/messaging';
import type { RunningService } from '@action-mesh/platform';
import { Kafka, logLevel, type Consumer, type KafkaMessage, type Producer } from 'kafkajs';

import { gatewayConfig, startGateway } from '../src/index.js';
import { ExecutorApi } from './executor-api.js';
import { sampleTool } from './sample-tool.js';

const platformKey = sampleKey('default', { scopes: [...scopeNames], holder: 'ada' });

/** A key of the tenant `default` with every scope. */
export const apiKey = platformKey.key;

/** The call that holds the idempotency key in every key conflict. */
export const keyHolder = newId();

/** The fake executor's behaviour for a call. The argument `company` selects it. */
export type ExecutorBehaviour =
  | 'succeed'
  | 'fail'
  | 'never'
  | 'key_conflict'
  | 'park'
  | 'hold'
  | 'connect'
  | 'exact'
  | 'approve'
  | 'die'
  | 'unsure_then_succeed';

export interface SeenRecord {
  readonly key: string;
  /** The value as JSON; empty when the record has none. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A gateway on a broker of its own. A plain kafkajs client, independent of our libraries, plays the rest of the mesh:
 * it publishes a tool, answers calls, and reads the topics.
 */
export class GatewayHarness implements AsyncDisposable {
  readonly #consumers: Consumer[] = [];
  readonly #seen = new Map<string, SeenRecord[]>();

  readonly kafka: KafkaHandle;
  readonly client: Kafka;
  readonly producer: Producer;
  readonly executor: ExecutorApi;

  private constructor(kafka: KafkaHandle, client: Kafka, producer: Producer, executor: ExecutorApi) {
    this.kafka = kafka;
    this.client = client;
    this.producer = producer;
    this.executor = executor;
  }

  static async start(): Promise<GatewayHarness> {
    const kafka = await startKafka();
    await ensureTopics({ brokers: kafka.brokers, clientId: 'test' }, topicConfigurations(1));
    const client = new Kafka({
      brokers: [...kafka.brokers],
      clientId: 'stranger',
      logLevel: logLevel.NOTHING,
    });
    const producer = client.producer();
    await producer.connect();
    const harness = new GatewayHarness(kafka, client, producer, await ExecutorApi.start());
    await harness.publishTool(sampleTool());
    await harness.publishIdentity(sampleTenant('default'));
    await harness.publishIdentity(platformKey.identity);
    await harness.#playExecutor();
    return harness;
  }

  environment(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      KAFKA_BROKERS: this.kafka.brokers.join(','),
      PORT: '0',
      LOG_LEVEL: 'silent',
      MESH_SERVICE_KEY: 'k'.repeat(48),
      EXECUTOR_URL: this.executor.url,
      ...changes,
    };
  }

  startGateway(
    changes: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<RunningService> {
    return startGateway(gatewayConfig(this.environment(changes)), signal);
  }

  /** The executor's views of calls, by their ids. */
  get views(): Map<string, unknown> {
    return this.executor.views;
  }

  async publishTool(tool: Tool): Promise<void> {
    await this.producer.send({
      topic: topics.tools.name,
      messages: [
        {
          key: `${tool.slug}@${tool.version}`,
          value: JSON.stringify(tool),
          headers: cloudEvent('mesh.tool.published.v1'),
        },
      ],
    });
  }

  /** Publishes a tenant, a key or a kill switch as the auth broker would. */
  async publishIdentity(identity: Identity): Promise<void> {
    await this.#identity(identityKey(identity), JSON.stringify(identity));
  }

  /** Deletes a tenant, revokes a key, or lifts a kill switch. */
  async withdrawIdentity(identity: Pick<Identity, 'kind' | 'id'>): Promise<void> {
    await this.#identity(identityKey(identity), null);
  }

  /** Makes a key that every gateway of this broker learns. */
  async makeKey(tenantId: string, more: Partial<KeyIdentity> = {}): Promise<string> {
    const { key, identity } = sampleKey(tenantId, { scopes: [...scopeNames], ...more });
    await this.publishIdentity(identity);
    return key;
  }

  async #identity(key: string, value: string | null): Promise<void> {
    await this.producer.send({
      topic: topics.identity.name,
      messages: [{ key, value, headers: cloudEvent('mesh.identity.published.v1') }],
    });
  }

  /** Publishes the outcome of a call as the executor would. */
  async answer(
    call: Readonly<Record<string, unknown>>,
    behaviour: Exclude<ExecutorBehaviour, 'never'>,
    traceparent = '',
  ): Promise<void> {
    await this.producer.send({
      topic: topics.outcomes.name,
      messages: outcomesOf(call, behaviour).map((outcome) => ({
        key: String(call['call_id']),
        // A number beyond the exact integers of JavaScript.
        value: JSON.stringify(outcome).replace('"@exact"', exactNumber),
        headers: { ...cloudEvent('mesh.call.outcome.v1'), traceparent },
      })),
    });
  }

  /** All records on some topics so far. The first request starts a consumer, which follows the topics afterwards. */
  async seen(names: string | readonly string[]): Promise<readonly SeenRecord[]> {
    const topic = String(names);
    const known = this.#seen.get(topic);
    if (known !== undefined) return known;
    const records: SeenRecord[] = [];
    this.#seen.set(topic, records);
    await this.#consume([names].flat(), (message) => {
      records.push(readRecord(message));
    });
    return records;
  }

  /**
   * Disconnects the kafkajs clients before a broker stops for good. They would look for the broker long after the test.
   */
  async disconnectClients(): Promise<void> {
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.disconnect()));
    await this.producer.disconnect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnectClients();
    await this.executor[Symbol.asyncDispose]();
    await this.kafka[Symbol.asyncDispose]();
  }

  async #playExecutor(): Promise<void> {
    await this.#consume(callTopics, async (message) => {
      const { value: call, headers } = readRecord(message);
      const { company } = call['arguments'] as { company?: ExecutorBehaviour };
      if (company === 'never') return;
      await this.answer(call, company ?? 'succeed', headers['traceparent']);
    });
  }

  async #consume(
    names: readonly string[],
    onMessage: (message: KafkaMessage) => void | Promise<void>,
  ): Promise<void> {
    const consumer = this.client.consumer({ groupId: `test-${newId()}`, maxWaitTimeInMs: 20 });
    this.#consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [...names], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => onMessage(message) });
  }
}

function cloudEvent(type: string): Record<string, string> {
  return {
    ce_id: newId(),
    ce_type: type,
    ce_source: '/test',
    ce_specversion: '1.0',
    'content-type': 'application/json',
  };
}

/** The topics of single calls: with a waiting caller, and without. */
export const callTopics = [topics.calls.name, topics.awaitedCalls.name] as const;

/** The id in the result of `exact`. */
export const exactNumber = '12345678901234567890';

/** The connect link of every call that waits for its user. */
export const connectUrl = 'http://127.0.0.1:8080/connect/link/sample';

/** The wait of a parked call, milliseconds. */
const parkedMs = 3_600_000;

function outcomesOf(
  call: Readonly<Record<string, unknown>>,
  behaviour: Exclude<ExecutorBehaviour, 'never'>,
): Record<string, unknown>[] {
  const about = {
    call_id: call['call_id'],
    replayed: false,
    seq: 1,
    tenant_id: call['tenant_id'],
    user_id: call['user_id'],
    tool: call['tool'],
    attempts: 1,
    recovered: false,
    at: new Date().toISOString(),
    ended_at: new Date().toISOString(),
    duration_ms: 1,
  };
  const success = { ...about, seq: 9, status: 'succeeded', result: { echo: call['arguments'] } };
  const error = { code: 'provider_refused', category: 'request', message: 'no' };
  switch (behaviour) {
    case 'succeed':
      return [success];
    case 'fail':
      return [{ ...about, status: 'failed', error }];
    case 'key_conflict':
      return [
        {
          ...about,
          status: 'failed',
          error: { ...error, code: 'idempotency_key_conflict', conflicts_with: keyHolder },
        },
      ];
    case 'die':
      return [{ ...about, status: 'dead', error }];
    case 'park': {
      const until = new Date(Date.now() + parkedMs).toISOString();
      return [{ ...about, status: 'waiting', waiting: { reason: 'rate_limited', until } }];
    }
    case 'hold':
      return [
        { ...about, status: 'waiting', waiting: { reason: 'switched_off', scope: `switch:${newId()}` } },
      ];
    case 'exact':
      return [{ ...success, result: { id: '@exact' } }];
    case 'connect':
      return [{ ...about, status: 'waiting', waiting: { reason: 'awaiting_auth', connect_url: connectUrl } }];
    case 'approve': {
      const approval = {
        id: newId(),
        reason: 'Deletions need a second person.',
        expires_at: new Date(Date.now() + parkedMs).toISOString(),
        arguments_digest: 'a'.repeat(64),
      };
      return [{ ...about, status: 'waiting', waiting: { reason: 'awaiting_approval', approval } }];
    }
    case 'unsure_then_succeed': {
      const waiting = { reason: 'retry', until: new Date().toISOString() };
      return [
        { ...about, status: 'indeterminate' },
        { ...about, seq: 2, status: 'waiting', waiting },
        success,
      ];
    }
  }
}

function readRecord({ key, value, headers = {} }: KafkaMessage): SeenRecord {
  return {
    key: key?.toString() ?? '',
    value: readObject(value),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
  };
}

function readObject(value: Buffer | null): Record<string, unknown> {
  try {
    return (JSON.parse(value?.toString() ?? '') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
