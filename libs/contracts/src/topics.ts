import { retryTopic } from './retry-topic.js';

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
export type Party =
  | 'gateway'
  | 'catalog'
  | 'executor'
  | 'rate-governor'
  | 'auth-broker'
  | 'webhooks'
  | 'audit'
  | 'flows'
  | 'agent';

const [second, minute, day] = [1_000, 60_000, 86_400_000];

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
    readers: ['executor', 'audit'],
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
    writers: ['gateway', 'webhooks', 'flows'],
    readers: ['executor', 'audit'],
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
    readers: ['executor', 'audit'],
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
    readers: ['executor', 'audit'],
  },
  retry1s: retryTopic('mesh.calls.retry.1s', second),
  retry5s: retryTopic('mesh.calls.retry.5s', 5 * second),
  retry30s: retryTopic('mesh.calls.retry.30s', 30 * second),
  retry2m: retryTopic('mesh.calls.retry.2m', 2 * minute),
  retry10m: retryTopic('mesh.calls.retry.10m', 10 * minute),
  retry1h: retryTopic('mesh.calls.retry.1h', 60 * minute),
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
    writers: ['executor', 'webhooks', 'flows'],
    readers: ['audit', 'agent'],
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
    readers: ['gateway', 'webhooks', 'audit', 'agent', 'flows'],
  },
  triggers: {
    name: 'mesh.triggers',
    holds: 'events from outside: webhooks that arrived, and planned times that came',
    key: 'trigger id',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    writers: ['gateway', 'webhooks'],
    readers: ['webhooks', 'audit', 'agent', 'flows'],
  },
  triggerDeclarations: {
    name: 'mesh.trigger-declarations',
    holds: 'the way to verify requests for each trigger, with its secrets sealed',
    key: 'tenant/trigger',
    tenant: 'member',
    partitions: 1,
    cleanup: 'compact',
    writers: ['webhooks'],
    readers: ['webhooks', 'gateway'],
  },
  webhooks: {
    name: 'mesh.webhooks',
    holds: 'changes of endpoints of outgoing webhooks that need a person',
    key: 'endpoint id',
    tenant: 'member',
    partitions: 1,
    cleanup: 'delete',
    retentionMs: 7 * day,
    writers: ['webhooks'],
    readers: ['audit', 'agent'],
  },
  administration: {
    name: 'mesh.audit',
    holds:
      'what people and programs do at administrative routes: the intent before the effect, then the result',
    key: 'tenant',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 30 * day,
    flushEveryRecord: true,
    writers: ['gateway'],
    readers: ['audit'],
  },
  tools: {
    name: 'mesh.tools',
    holds: 'every published tool version',
    key: 'slug@version',
    tenant: 'none',
    partitions: 1,
    cleanup: 'compact',
    writers: ['catalog'],
    readers: ['catalog', 'gateway', 'executor', 'agent', 'webhooks', 'flows'],
  },
  toolkits: {
    name: 'mesh.toolkits',
    holds: 'every dated toolkit, and the channels that stand at it',
    key: 'toolkit@date',
    tenant: 'none',
    partitions: 1,
    cleanup: 'compact',
    writers: ['catalog'],
    readers: ['catalog', 'gateway', 'executor', 'agent', 'webhooks', 'flows'],
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
    readers: ['auth-broker', 'gateway', 'executor', 'webhooks', 'audit'],
  },
  integrations: {
    name: 'mesh.integrations',
    holds: 'the providers that each tenant has set up, without secrets',
    key: 'tenant/integration',
    tenant: 'member',
    partitions: 1,
    cleanup: 'compact',
    writers: ['auth-broker'],
    readers: ['auth-broker', 'gateway', 'executor'],
  },
  policies: {
    name: 'mesh.policies',
    holds: 'the rules of each tenant that allow calls, deny them or ask a person',
    key: 'tenant/id',
    tenant: 'member',
    partitions: 1,
    cleanup: 'compact',
    writers: ['auth-broker'],
    readers: ['auth-broker', 'gateway', 'executor'],
  },
  connections: {
    name: 'mesh.connections',
    holds: 'changes of connections, without secrets',
    key: 'connection id',
    tenant: 'member',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 7 * day,
    writers: ['auth-broker'],
    readers: ['executor', 'audit', 'agent'],
  },
  tokenRequests: {
    name: 'mesh.tokens.requests',
    holds: 'requests of executors for the credential of a connection, signed',
    key: 'digest of tenant, user and integration',
    tenant: 'none',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 10 * minute,
    stampedBy: 'broker',
    writers: ['executor'],
    readers: ['auth-broker'],
  },
  tokenLeases: {
    name: 'mesh.tokens.leases',
    holds: 'credentials, signed and encrypted for the executor that asked',
    key: 'instance of the executor',
    tenant: 'none',
    partitions: 8,
    cleanup: 'delete',
    retentionMs: 10 * minute,
    stampedBy: 'broker',
    writers: ['auth-broker'],
    readers: ['executor'],
  },
} as const satisfies Record<string, Topic>;
