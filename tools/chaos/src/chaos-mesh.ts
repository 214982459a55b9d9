import { topicConfigurations } from '@action-mesh/contracts';
import { ToolPublished } from '@action-mesh/contracts/catalog';
import { CallOutcome, type OutcomeStatus } from '@action-mesh/contracts/executor';
import { AwaitedCallAccepted, BulkCallAccepted, CallAccepted } from '@action-mesh/contracts/gateway';
import { LimitPublished } from '@action-mesh/contracts/rate-governor';
import { createDatabase, OwnTopics } from '@action-mesh/devstack';
import { encodeEvent, ensureTopics, KafkaProducer, type KafkaClientOptions } from '@action-mesh/messaging';
import { OpenResources } from '@action-mesh/platform';
import type { ProviderSimulator, RecordedRequest } from '@action-mesh/testing';
import pg from 'pg';

import { MeshProcesses, type ProcessName } from '@action-mesh/mesh-processes';
import { chaosLimitRecord, chaosToolRecords, refOf, type ChaosCall } from './chaos-call.js';
import { TopicLog } from './topic-log.js';

export interface ChaosMeshOptions {
  /** How this process reaches Kafka; the executors may be given another way. */
  readonly brokers: readonly string[];
  /** A server on which a database can be made. */
  readonly databaseUrl: string;
  readonly provider: ProviderSimulator;
  /** What the topics begin with. */
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

/** What the provider saw of one call. */
export interface SeenRequests {
  readonly requests: number;
  readonly effects: number;
  /** When each request arrived, on the provider's monotonic clock. */
  readonly atMs: readonly number[];
}

interface Settlement {
  readonly seq: number;
  readonly status: OutcomeStatus;
  readonly atMs: number;
}

/** Statuses that say that nothing more happens by itself. */
const settled: ReadonlySet<OutcomeStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'needs_review',
  'dead',
]);

/**
 * A mesh to be broken: executors in processes of their own, none of them started yet, on topics and in a database that
 * nobody else uses. Calls are published as the gateway would, straight to the executors, and every outcome is kept.
 */
export class ChaosMesh implements AsyncDisposable {
  readonly client: KafkaClientOptions;
  readonly processes: MeshProcesses;
  /** The ledger, to be looked at. */
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
    // An outage of PostgreSQL breaks idle connections too; the next query says so to whoever asks.
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
   * Resolves when the calls are accepted: all in-sync replicas have them. With `partition` they go where a certain
   * executor reads, else where their keys say.
   */
  async submit(calls: readonly ChaosCall[], partition?: number): Promise<void> {
    await this.#producer.sendAll(
      calls.map(({ accepted }) => ({
        ...encodeEvent(CallAccepted, accepted, { source: '/chaos' }),
        ...(partition === undefined ? {} : { partition }),
      })),
    );
  }

  /** The same on the lane of tenants that have many calls without an outcome, as the gateway does. */
  async submitBulk(calls: readonly ChaosCall[]): Promise<void> {
    await this.#producer.sendAll(
      calls.map(({ accepted }) => encodeEvent(BulkCallAccepted, accepted, { source: '/chaos' })),
    );
  }

  /** The newest outcome of a submission, where it is one after which nothing more happens by itself. */
  settlementOf(callId: string): OutcomeStatus | undefined {
    return this.#settlement(callId)?.status;
  }

  /** When that outcome was read here, monotonic. */
  settledAtMs(callId: string): number | undefined {
    return this.#settlement(callId)?.atMs;
  }

  /** How often a process has entered the ledger: once more after each lease that it lost. */
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

  /** What the provider saw, by the call that each request belonged to. */
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

  /** Ends everything at once: nobody needs what a broken mesh would still do. */
  async destroy(): Promise<void> {
    await this.processes.killAll();
    await this.#open.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.close();
  }
}
