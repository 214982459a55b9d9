import { randomBytes } from 'node:crypto';

import { callerHeaders, topicConfigurations, topics } from '@action-mesh/contracts';
import { IdentityPublished, identityKey, type Identity } from '@action-mesh/contracts/auth-broker';
import {
  callViewSchema,
  refusedRecordPageSchema,
  type CallView,
  type RefusedRecord,
  type RefusedRecordPage,
} from '@action-mesh/contracts/executor';
import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import { eventType, newId } from '@action-mesh/kernel';
import { ensureTopics } from '@action-mesh/messaging';
import { OpenResources, type RunningService } from '@action-mesh/platform';
import { sampleTool, startProviderSimulator, waitFor, type ProviderSimulator } from '@action-mesh/testing';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import pg from 'pg';

import { executorConfig, startExecutor } from '../src/index.js';

const serviceKey = 'k'.repeat(48);

/** A record as a plain client reads it. */
export interface Seen {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * An executor under its own topic prefix, with one tool and a provider that counts requests. A plain kafkajs client,
 * independent of our libraries, publishes and reads.
 */
export class IngressStage implements AsyncDisposable {
  readonly outcomes: Seen[] = [];
  readonly letters: Seen[] = [];
  readonly database: OwnDatabase;
  readonly oracle: ProviderSimulator;
  readonly #topicPrefix = `ingress-${randomBytes(4).toString('hex')}.`;
  readonly #open = new OpenResources();
  readonly #client: Kafka;
  readonly #brokers: string;
  readonly #producer: Producer;
  readonly #executors = new Set<RunningService>();

  private constructor(brokers: string, database: OwnDatabase, oracle: ProviderSimulator) {
    this.#brokers = brokers;
    this.database = this.#open.use(database);
    this.oracle = this.#open.use(oracle);
    this.#client = new Kafka({
      clientId: 'stranger',
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
    });
    this.#producer = this.#client.producer();
  }

  /** Starts it with these identities on the topic. An executor is started by `start`. */
  static async open(...identities: readonly Identity[]): Promise<IngressStage> {
    const { KAFKA_BROKERS = '', DATABASE_URL = '' } = process.env;
    const database = await createDatabase(DATABASE_URL, 'mesh_test');
    const stage = new IngressStage(KAFKA_BROKERS, database, await startProviderSimulator());
    await stage.#begin(identities);
    return stage;
  }

  /** Starts an executor. */
  async start(): Promise<RunningService> {
    const executor = await startExecutor(
      executorConfig({
        KAFKA_BROKERS: this.#brokers,
        KAFKA_TOPIC_PREFIX: this.#topicPrefix,
        DATABASE_URL: this.database.url,
        PORT: '0',
        LOG_LEVEL: 'silent',
        MESH_SERVICE_KEY: serviceKey,
        EGRESS_ALLOW: new URL(this.oracle.url).host,
      }),
    );
    this.#executors.add(executor);
    return executor;
  }

  /** Stops an executor before the stage ends. */
  async stop(executor: RunningService): Promise<void> {
    this.#executors.delete(executor);
    await executor.close();
  }

  async publish(
    topic: string,
    value: string | Buffer | null,
    headers: Readonly<Record<string, string>> = {},
    key: string = newId(),
  ): Promise<void> {
    await this.publishAll(topic, [{ key, value }], headers);
  }

  /** Publishes records with the same headers, except for their ids. */
  async publishAll(
    topic: string,
    records: readonly { readonly key: string; readonly value: string | Buffer | null }[],
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const cloudEvent = {
      ce_type: 'mesh.call.submitted.v1',
      ce_source: '/test',
      ce_specversion: '1.0',
      'content-type': 'application/json',
    };
    await this.#producer.send({
      topic: this.#topicPrefix + topic,
      messages: records.map((record) => ({
        ...record,
        headers: { ce_id: newId(), ...cloudEvent, ...headers },
      })),
    });
  }

  /** Publishes an identity as the auth broker does. */
  async identify(identity: Identity): Promise<void> {
    const headers = { ce_type: eventType(IdentityPublished) };
    await this.publish(topics.identity.name, JSON.stringify(identity), headers, identityKey(identity));
  }

  /** Deletes, revokes or lifts an identity. */
  async forget(identity: Identity): Promise<void> {
    await this.publish(topics.identity.name, null, {}, identityKey(identity));
  }

  outcomeOf(callId: string, status?: string): Promise<Seen> {
    return waitFor(
      () =>
        this.outcomes.find(
          ({ key, value }) => key === callId && (status === undefined || value['status'] === status),
        ),
      { what: `the outcome ${status ?? ''} of ${callId}`, timeoutMs: 30_000 },
    );
  }

  /** The number of requests with exactly these arguments. */
  async effectsOf(call: Readonly<Record<string, unknown>>): Promise<number> {
    const wanted = JSON.stringify(call['arguments']);
    const requests = await this.oracle.requests({ path: '/echo' });
    return requests.filter(({ body }) => JSON.stringify(body) === wanted).length;
  }

  async refusedRecords(tenantId: string, scopes = ''): Promise<readonly RefusedRecord[]> {
    return (await this.refusedPage(tenantId, 'limit=100', scopes)).records;
  }

  async refusedPage(tenantId: string, query: string, scopes = ''): Promise<RefusedRecordPage> {
    const { body } = await this.ask('GET', `refused-records?${query}`, tenantId, { 'x-mesh-scopes': scopes });
    return refusedRecordPageSchema.parse(body);
  }

  /** Runs SQL as the owner of the database: a change that another process would make. */
  async sql(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  /** A call as its tenant sees it. Undefined: the tenant has no such call. */
  async view(tenantId: string, callId: string): Promise<CallView | undefined> {
    const { status, body } = await this.ask('GET', `calls/${callId}`, tenantId);
    return status === 404 ? undefined : callViewSchema.parse(body);
  }

  /** Asks the internal API of an executor. */
  async ask(
    method: string,
    path: string,
    tenantId: string,
    headers: Readonly<Record<string, string>> = {},
    body?: object,
  ): Promise<Answer> {
    const [executor] = this.#executors;
    const response = await fetch(`${executor?.url ?? ''}/internal/${path}`, {
      method,
      headers: {
        'x-mesh-service-key': serviceKey,
        ...callerHeaders({ tenantId, holder: 'olga', scopes: new Set() }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const executor of this.#executors) await executor.close();
    await this.#open.close();
  }

  async #begin(identities: readonly Identity[]): Promise<void> {
    const prefix = this.#topicPrefix;
    const admin = this.#open.add(this.#client.admin(), async (used) => {
      const own = (await used.listTopics()).filter((topic) => topic.startsWith(prefix));
      await used.deleteTopics({ topics: own });
      await used.disconnect();
    });
    await admin.connect();
    const brokers = this.#brokers.split(',');
    await ensureTopics({ brokers, clientId: 'test', topicPrefix: prefix }, topicConfigurations);
    this.#open.add(this.#producer, (used) => used.disconnect());
    await this.#producer.connect();
    for (const identity of identities) await this.identify(identity);
    await this.publishTool(sampleToolAt(this.oracle.url));
    for (const [topic, into] of [
      [topics.outcomes.name, this.outcomes],
      [topics.deadLetters.name, this.letters],
    ] as const)
      await this.#read(topic, into);
  }

  async publishTool(tool: ReturnType<typeof sampleTool>): Promise<void> {
    const headers = { ce_type: 'mesh.tool.published.v1' };
    await this.publish(topics.tools.name, JSON.stringify(tool), headers, `${tool.slug}@${tool.version}`);
  }

  async #read(topic: string, into: Seen[]): Promise<void> {
    const consumer = this.#open.add(
      this.#client.consumer({ groupId: newId(), maxWaitTimeInMs: 50 }),
      (used) => used.disconnect(),
    );
    await consumer.connect();
    await consumer.subscribe({ topic: this.#topicPrefix + topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { key, value, headers = {} } }) => {
        const text = Object.entries(headers).map(([name, header]) => [name, String(header)]);
        into.push({
          key: key?.toString() ?? '',
          value: readObject(value),
          headers: Object.fromEntries(text) as Record<string, string>,
        });
        return Promise.resolve();
      },
    });
  }
}

/** The tool of the stage: `crm_update_contact`, with a provider that echoes. */
export function sampleToolAt(
  url: string,
  changes: Parameters<typeof sampleTool>[0] = {},
): ReturnType<typeof sampleTool> {
  return sampleTool({
    provider: { slug: 'sim', base_url: url },
    http: { method: 'POST', path: '/echo', parameters: [], headers: {} },
    ...changes,
  });
}

/** A new call of the tool with unique arguments. */
export function submission(changes: object = {}): Record<string, unknown> & { readonly call_id: string } {
  return {
    user_id: 'u1',
    agent: { id: 'agent', run_id: newId() },
    tool: { slug: 'crm_update_contact' },
    arguments: { email: 'ada@example.com', company: newId() },
    call_id: newId(),
    ...changes,
  };
}

function readObject(value: Buffer | null): Record<string, unknown> {
  try {
    return (JSON.parse(value?.toString() ?? '') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
