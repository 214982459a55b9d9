/** One topic of the mesh: its shape on the broker, its writers and its readers. */
export interface Topic {
  readonly name: string;
  readonly holds: string;
  readonly key: string;
  /**
   * What decides on the tenant of a record. `token`: the publisher token in its headers. `member`: the tenant that the
   * mesh wrote into it. `none`: the record concerns all tenants.
   */
  readonly tenant: 'token' | 'member' | 'none';
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /**
   * How long the broker keeps a record, in milliseconds. A compacted topic keeps the newest record of each key for
   * ever.
   */
  readonly retentionMs?: number;
  /**
   * True: on a single-broker stack, the broker writes each record to disk before it acknowledges the record. It is set for
   * calls that exist only in the log. PostgreSQL can make every other record again, or its sender waits for the ledger.
   * @default false
   */
  readonly flushEveryRecord?: boolean;
  /**
   * The largest record that the broker takes, in bytes.
   * @default the default of the broker, about 1 MB
   */
  readonly maxRecordBytes?: number;
  /**
   * The clock that stamps a record: the producer's when it made the record, or the broker's when it appended it.
   * @default 'producer'
   */
  readonly stampedBy?: 'producer' | 'broker';
  readonly writers: readonly Party[];
  readonly readers: readonly Party[];
}

/** A service or program that talks to Kafka. `agent` is any program outside that holds a Kafka principal. */
export type Party = 'gateway' | 'catalog' | 'executor' | 'rate-governor' | 'auth-broker' | 'agent';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A rung of the retry ladder. All of its records wait equally long from the broker's stamp on, so they fall due in
 * their order. The broker keeps them a day longer; PostgreSQL can make them again.
 */
const rung = <const Name extends string>(name: Name, delayMs: number) =>
  ({
    name,
    holds: `calls that wait for a retry, ${name.slice(name.lastIndexOf('.') + 1)} from the broker's stamp on`,
    key: 'call hash',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: delayMs + day,
    stampedBy: 'broker',
    writers: ['executor'],
    readers: ['executor'],
  }) as const satisfies Topic;

/**
 * Every topic of the mesh. This table creates the topics. The access rules and the table in the documents are generated
 * from it, and no other file names a topic.
 */
export const topics = {
  ingress: {
    name: 'mesh.ingress',
    holds: 'tool calls published straight to Kafka by agents, with a publisher token',
    key: 'any',
    tenant: 'token',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    flushEveryRecord: true,
    stampedBy: 'broker',
    writers: ['agent'],
    readers: ['executor'],
  },
  calls: {
    name: 'mesh.calls',
    holds: 'accepted calls',
    key: 'call hash',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    flushEveryRecord: true,
    stampedBy: 'broker',
    writers: ['gateway'],
    readers: ['executor'],
  },
  awaitedCalls: {
    name: 'mesh.calls.awaited',
    holds: 'accepted calls whose caller waits for the ledger, so the broker does not flush each record',
    key: 'call hash',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    stampedBy: 'broker',
    writers: ['gateway'],
    readers: ['executor'],
  },
  bulkCalls: {
    name: 'mesh.calls.bulk',
    holds: 'accepted calls of tenants with many open calls, so other tenants do not wait behind them',
    key: 'call hash',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    flushEveryRecord: true,
    stampedBy: 'broker',
    writers: ['gateway'],
    readers: ['executor'],
  },
  retry1s: rung('mesh.calls.retry.1s', second),
  retry5s: rung('mesh.calls.retry.5s', 5 * second),
  retry30s: rung('mesh.calls.retry.30s', 30 * second),
  retry2m: rung('mesh.calls.retry.2m', 2 * minute),
  retry10m: rung('mesh.calls.retry.10m', 10 * minute),
  retry1h: rung('mesh.calls.retry.1h', hour),
  deadLetters: {
    name: 'mesh.calls.dlq',
    holds:
      'calls that need a person; and records that could not be decoded or handled, bytes untouched, with the reason in their headers',
    key: 'call hash, or the key of the refused record',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 90 * day,
    // Room for headers with the reason, beside a record of the usual limit.
    maxRecordBytes: 1_300_000,
    writers: ['executor'],
    readers: ['agent'],
  },
  outcomes: {
    name: 'mesh.outcomes',
    holds: 'one record for each state of a call that its caller needs to know',
    key: 'call id',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    writers: ['executor'],
    readers: ['gateway', 'agent'],
  },
  triggers: {
    name: 'mesh.triggers',
    holds: 'events from outside: webhooks that arrived',
    key: 'trigger id',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    writers: ['gateway'],
    readers: ['agent'],
  },
  tools: {
    name: 'mesh.tools',
    holds: 'every published tool version',
    key: 'slug@version',
    tenant: 'none',
    partitions: 1,
    cleanup: 'compact',
    writers: ['catalog'],
    readers: ['catalog', 'gateway', 'executor', 'agent'],
  },
  toolkits: {
    name: 'mesh.toolkits',
    holds: 'every dated toolkit, and the channels that stand at it',
    key: 'toolkit@date',
    tenant: 'none',
    partitions: 1,
    cleanup: 'compact',
    writers: ['catalog'],
    readers: ['catalog', 'gateway', 'executor', 'agent'],
  },
  limits: {
    name: 'mesh.limits',
    holds: 'every limit that is in force',
    key: 'limit id',
    tenant: 'member',
    partitions: 1,
    cleanup: 'compact',
    writers: ['rate-governor'],
    readers: ['rate-governor', 'executor'],
  },
  identity: {
    name: 'mesh.identity',
    holds: 'tenants, digests of keys, and kill switches that are on',
    key: 'kind/id',
    tenant: 'member',
    partitions: 1,
    cleanup: 'compact',
    writers: ['auth-broker'],
    readers: ['auth-broker', 'gateway', 'executor'],
  },
} as const satisfies Record<string, Topic>;

/** The settings that the broker needs to create a topic. */
export interface TopicConfiguration {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * The partitions of a topic on fewer than three brokers. Each further partition is one more file to flush for every
 * batch, and no further machine would read it.
 */
const partitionsOnFewBrokers = 2;

/**
 * The manifest as configurations for a cluster of `brokers` brokers. With three or more brokers, a topic has three
 * copies, and two must be in sync. With fewer, the broker flushes records that must survive a power cut before it
 * acknowledges them.
 */
export function topicConfigurations(brokers: number): TopicConfiguration[] {
  const replicationFactor = Math.min(3, Math.max(1, brokers));
  return Object.values<Topic>(topics).map((topic) => ({
    name: topic.name,
    partitions:
      replicationFactor >= 3 ? topic.partitions : Math.min(topic.partitions, partitionsOnFewBrokers),
    replicationFactor,
    config: {
      'cleanup.policy': topic.cleanup,
      'min.insync.replicas': String(replicationFactor >= 3 ? 2 : 1),
      ...(topic.retentionMs === undefined ? {} : { 'retention.ms': String(topic.retentionMs) }),
      ...(topic.maxRecordBytes === undefined ? {} : { 'max.message.bytes': String(topic.maxRecordBytes) }),
      ...(topic.stampedBy === 'broker' ? { 'message.timestamp.type': 'LogAppendTime' } : {}),
      ...(topic.flushEveryRecord === true && replicationFactor === 1 ? { 'flush.messages': '1' } : {}),
    },
  }));
}
