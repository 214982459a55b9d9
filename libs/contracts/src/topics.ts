/** One topic of the mesh: its shape on the broker, and who may use it. */
export interface Topic {
  readonly name: string;
  readonly holds: string;
  readonly key: string;
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /** How long a record stays, in milliseconds; compacted topics keep the newest record of each key for ever. */
  readonly retentionMs?: number;
  /**
   * Whether a record is on disk before the broker acknowledges it on a single-broker stack. Set for calls that the
   * log alone vouches for. PostgreSQL can make every other record again, or its sender waits for the ledger.
   * @default false
   */
  readonly flushEveryRecord?: boolean;
  /**
   * The largest record that the broker takes, in bytes.
   * @default what the broker takes by default, about 1 MB
   */
  readonly maxRecordBytes?: number;
  /**
   * Whose clock stamps a record: the producer's when it was made, or the broker's when it was appended.
   * @default 'producer'
   */
  readonly stampedBy?: 'producer' | 'broker';
  readonly writers: readonly Party[];
  readonly readers: readonly Party[];
}

/** Who talks to Kafka. `agent` is anybody outside who holds a principal for it. */
export type Party = 'gateway' | 'catalog' | 'executor' | 'rate-governor' | 'agent';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A rung of the retry ladder: all of its records wait equally long from the broker's stamp on, so that they fall due in
 * their order. They are kept for a day longer than that; PostgreSQL can make them again.
 */
const rung = <const Name extends string>(name: Name, delayMs: number) =>
  ({
    name,
    holds: `calls that wait for a retry, ${name.slice(name.lastIndexOf('.') + 1)} from the broker's stamp on`,
    key: 'call hash',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: delayMs + day,
    stampedBy: 'broker',
    writers: ['executor'],
    readers: ['executor'],
  }) as const satisfies Topic;

/**
 * Every topic of the mesh. Topics are created from this table, access rules and the table in the documents are generated
 * from it, and no other file names a topic.
 */
export const topics = {
  ingress: {
    name: 'mesh.ingress',
    holds: 'tool calls published straight to Kafka by agents, with a publisher token',
    key: 'any',
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
    holds:
      'accepted calls with a caller that waits; the ledger vouches for them, so the log is not flushed for each',
    key: 'call hash',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    stampedBy: 'broker',
    writers: ['gateway'],
    readers: ['executor'],
  },
  bulkCalls: {
    name: 'mesh.calls.bulk',
    holds:
      'accepted calls of tenants that have many without an outcome already, so that no other stands behind them',
    key: 'call hash',
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
    key: 'call hash, or as it came',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 90 * day,
    // Room for the headers that say why a record of the usual limit came here.
    maxRecordBytes: 1_300_000,
    writers: ['executor'],
    readers: ['agent'],
  },
  outcomes: {
    name: 'mesh.outcomes',
    holds: 'one record per call and state that matters to its caller',
    key: 'call id',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    writers: ['executor'],
    readers: ['gateway', 'agent'],
  },
  triggers: {
    name: 'mesh.triggers',
    holds: 'what happened outside: webhooks that arrived',
    key: 'trigger id',
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
    partitions: 1,
    cleanup: 'compact',
    writers: ['catalog'],
    readers: ['catalog', 'gateway', 'executor', 'agent'],
  },
  toolkits: {
    name: 'mesh.toolkits',
    holds: 'every dated toolkit, and the channels that stand at it',
    key: 'toolkit@date',
    partitions: 1,
    cleanup: 'compact',
    writers: ['catalog'],
    readers: ['catalog', 'gateway', 'executor', 'agent'],
  },
  limits: {
    name: 'mesh.limits',
    holds: 'every limit that is in force',
    key: 'limit id',
    partitions: 1,
    cleanup: 'compact',
    writers: ['rate-governor'],
    readers: ['rate-governor', 'executor'],
  },
} as const satisfies Record<string, Topic>;

/** What a broker has to be told to create a topic. */
export interface TopicConfiguration {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Partitions of a topic where there is no cluster to spread them over: each one more is a file more to flush for every
 * batch, and there are no more machines to read them.
 */
const partitionsOnFewBrokers = 2;

/**
 * The manifest as configurations for a cluster of `brokers` brokers. From three brokers on, three copies of which two
 * must be in sync; on fewer, what must survive a power cut is flushed before it is acknowledged.
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
