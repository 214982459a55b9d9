import { topicConfigurations } from '@action-mesh/contracts';
import { ToolPublished } from '@action-mesh/contracts/catalog';
import { CallOutcome, type OutcomeStatus } from '@action-mesh/contracts/executor';
import { AwaitedCallAccepted, BulkCallAccepted, CallAccepted } from '@action-mesh/contracts/gateway';
import { LimitPublished } from '@action-mesh/contracts/rate-governor';
import { createDatabase, OwnTopics } from '@action-mesh/devstack';
import { defined } from '@action-mesh/kernel';
import { encodeEvent, ensureTopics, KafkaProducer, type KafkaClientOptions } from '@action-mesh/messaging';
import { OpenResources } from '@action-mesh/platform';
import type { ProviderSimulator, RecordedRequest } from '@action-mesh/testing';
import pg from 'pg';

import { MeshProcesses, type ProcessName } from '@action-mesh/mesh-processes';
import { chaosLimitRecord, chaosToolRecords, refOf, type ChaosCall } from './chaos-call.js';
import { TopicLog } from './topic-log.js';

export interface ChaosMeshOptions {
  /** The Kafka addresses of this process. The executors may use others. */
  readonly brokers: readonly string[];
  /** A server on which a database can be made. */
  readonly databaseUrl: string;
  readonly provider: ProviderSimulator;
  /** The prefix of the topics. */
  readonly purpose: string;
  readonly onUnexpectedExit: (error: Error, name: ProcessName) => void;
}

interface Parts {
  readonly client: KafkaClientOptions;
  readonly processes: MeshProcesses;
  readonly ledger: pg.Pool;
  readonly databaseUrl: string;
  readonly outcomes: TopicLog;
  readonly producer: KafkaProducer;
  readonly provider: ProviderSimulator;
}

/** The requests of one call that the provider saw. */
export interface SeenRequests {
  readonly requests: number;
  readonly effects: number;
  /** The arrival of each request, on the provider's monotonic clock. */
  readonly atMs: readonly number[];
}

interface Settlement {
  readonly seq: number;
  readonly status: OutcomeStatus;
  readonly atMs: number;
}

/** Statuses that change no more by themselves. */
const settled: ReadonlySet<OutcomeStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'needs_review',
  'dead',
]);

/**
 * A mesh to break: executors in their own processes, none of them started yet, with unshared topics and an unshared
 * database. It publishes calls directly to the executors, like the gateway, and keeps every outcome.
 */
export class ChaosMesh implements AsyncDisposable {
  readonly client: KafkaClientOptions;
  readonly processes: MeshProcesses;
  /** A connection to the ledger, for checks. */
  readonly ledger: pg.Pool;
  readonly databaseUrl: string;
  readonly outcomes: TopicLog;
  readonly #open: OpenResources;
  readonly #producer: KafkaProducer;
  readonly #provider: ProviderSimulator;

  private constructor(open: OpenResources, parts: Parts) {
    this.#open = open;
    this.client = parts.client;
    this.processes = parts.processes;
    this.ledger = parts.ledger;
    this.databaseUrl = parts.databaseUrl;
    this.outcomes = parts.outcomes;
    this.#producer = parts.producer;
    this.#provider = parts.provider;
  }

  static async start(options: ChaosMeshOptions): Promise<ChaosMesh> {
    const open = new OpenResources();
    try {
      return await ChaosMesh.#start(options, open);
    } catch (error) {
      await open.close().catch(() => undefined);
      throw error;
    }
  }

  static async #start(options: ChaosMeshOptions, open: OpenResources): Promise<ChaosMesh> {
    const { brokers, provider } = options;
    const { prefix: topicPrefix } = open.use(new OwnTopics(brokers, options.purpose));
    const client = { brokers, clientId: 'chaos', topicPrefix };
    const database = open.use(await createDatabase(options.databaseUrl, 'mesh_chaos'));
    const ledger = open.add(new pg.Pool({ connectionString: database.url, max: 2 }), (used) => used.end());
    // An outage of PostgreSQL also breaks idle connections. The next query reports it to its caller.
    ledger.on('error', () => undefined);
    await ensureTopics(client, topicConfigurations);
    const producer = open.add(
      new KafkaProducer({
        client,
        topics: [
          CallAccepted.topic,
          AwaitedCallAccepted.topic,
          BulkCallAccepted.topic,
          ToolPublished.topic,
          LimitPublished.topic,
        ],
      }),
      (used) => used.close(),
    );
    await producer.sendAll([...chaosToolRecords(provider.url), chaosLimitRecord()]);
    const outcomes = open.use(await TopicLog.follow(client, CallOutcome.topic));
    const processes = open.use(
      new MeshProcesses({
        devstack: { kafkaBrokers: brokers },
        topicPrefix,
        databaseUrl: database.url,
        tools: '',
        providerUrls: {},
        egressAllow: [new URL(provider.url).host],
        onUnexpectedExit: options.onUnexpectedExit,
      }),
    );
    return new ChaosMesh(open, {
      client,
      processes,
      ledger,
      databaseUrl: database.url,
      outcomes,
      producer,
      provider,
    });
  }

  /**
   * Resolves when the calls are accepted: all in-sync replicas have them. With `partition` they go to one executor,
   * else to the partitions of their keys.
   */
  async submit(calls: readonly ChaosCall[], partition?: number): Promise<void> {
    await this.#producer.sendAll(
      calls.map(({ accepted }) => ({
        ...encodeEvent(CallAccepted, accepted, { source: '/chaos' }),
        ...defined({ partition }),
      })),
    );
  }

  /** Publishes calls on the topic for tenants with many unfinished calls, as the gateway does. */
  async submitBulk(calls: readonly ChaosCall[]): Promise<void> {
    await this.#producer.sendAll(
      calls.map(({ accepted }) => encodeEvent(BulkCallAccepted, accepted, { source: '/chaos' })),
    );
  }

  /** The newest outcome of a submission, if it changes no more by itself. */
  settlementOf(callId: string): OutcomeStatus | undefined {
    return this.#settlement(callId)?.status;
  }

  /** The monotonic time at which this process read that outcome. */
  settledAtMs(callId: string): number | undefined {
    return this.#settlement(callId)?.atMs;
  }

  /** The number of times that a process has entered the ledger: once more after each lost lease. */
  async livesOf(name: ProcessName): Promise<number> {
    const { rows } = await this.ledger.query<{ lives: number }>(
      `SELECT count(*)::integer AS lives FROM executor.instance WHERE name LIKE '%/' || $1`,
      [String(this.processes.pidOf(name))],
    );
    return rows[0]?.lives ?? 0;
  }

  #settlement(callId: string): Settlement | undefined {
    let newest: Settlement | undefined;
    for (const { value, readAtMs } of this.outcomes.of(callId)) {
      const { seq, status } = JSON.parse(value) as { seq: number; status: OutcomeStatus };
      if (newest === undefined || seq > newest.seq) newest = { seq, status, atMs: readAtMs };
    }
    return newest !== undefined && settled.has(newest.status) ? newest : undefined;
  }

  /** Every request that the provider saw, oldest first. */
  requests(): Promise<readonly RecordedRequest[]> {
    return this.#provider.requests({ limit: 200_000 });
  }

  /** The requests that the provider saw, by call. */
  async requestsByRef(only?: readonly string[]): Promise<ReadonlyMap<string, SeenRequests>> {
    const seen = new Map<string, { requests: number; effects: number; atMs: number[] }>();
    for (const request of await this.requests()) {
      const ref = refOf(request);
      if (ref === undefined || only?.includes(ref) === false) continue;
      const entry = seen.get(ref) ?? { requests: 0, effects: 0, atMs: [] };
      entry.requests += 1;
      if (request.effect === 'new') entry.effects += 1;
      entry.atMs.push(request.atMs);
      seen.set(ref, entry);
    }
    return seen;
  }

  /** Ends all processes at once, without a drain. */
  async destroy(): Promise<void> {
    await this.processes.killAll();
    await this.#open.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.close();
  }
}
