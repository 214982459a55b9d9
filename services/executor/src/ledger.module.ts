import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

import { defined, type Clock } from '@action-mesh/kernel';
import type { Logger, OpenResources } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import type { Pool } from 'pg';

import { PostgresCallRecords } from './adapters/postgres/administration/postgres-call-records.js';
import { InstanceLease } from './adapters/postgres/instance-lease.js';
import { LedgerHealth } from './adapters/postgres/ledger-health.js';
import { OutboxRelay } from './adapters/postgres/outbox-relay.js';
import { OutboxWriter } from './adapters/postgres/outbox-writer.js';
import { PendingWorkQuery } from './adapters/postgres/pending-work-query.js';
import { PostgresApprovals } from './adapters/postgres/postgres-approvals.js';
import { PostgresAskedCalls } from './adapters/postgres/postgres-asked-calls.js';
import { PostgresAwaitingCalls } from './adapters/postgres/postgres-awaiting-calls.js';
import { PostgresHeldCalls } from './adapters/postgres/postgres-held-calls.js';
import { PostgresLedger, type PostgresLedgerOptions } from './adapters/postgres/postgres-ledger.js';
import type { LedgerObserver } from './adapters/telemetry/ledger-observer.js';
import type { OutboxPublisher } from './application/outbox-publisher.port.js';
import type { ExecutorConfig } from './config.js';

const schema = 'executor';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** Milliseconds of the lease that must be left for a request to start. */
export const leaseMarginMs = 2_000;
const renewEveryMs = 2_000;
/** Milliseconds that a committed record may stay unpublished before the relay takes it from its writer. */
const relayPatienceMs = 2_000;
/** Milliseconds for one count. A scrape waits for ten seconds. */
const countTimeoutMs = 5_000;

export interface LedgerOptions {
  readonly config: ExecutorConfig;
  readonly publisher: OutboxPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As of `PostgresLedgerOptions`. */
  readonly onParked: PostgresLedgerOptions['onParked'];
  readonly observer: LedgerObserver;
}

/** The ledger and its parts, on a current schema. */
export interface OpenLedger {
  readonly ledger: PostgresLedger;
  readonly lease: InstanceLease;
  readonly outbox: OutboxWriter;
  /** Sleeps until it is woken. */
  readonly relay: OutboxRelay;
  readonly pendingWork: PendingWorkQuery;
  readonly health: LedgerHealth;
  readonly callRecords: PostgresCallRecords;
  readonly heldCalls: PostgresHeldCalls;
  readonly awaitingCalls: PostgresAwaitingCalls;
  readonly askedCalls: PostgresAskedCalls;
  readonly approvals: PostgresApprovals;
  /** For queries outside the path of a call. */
  readonly queryPool: Pool;
  /** One connection for the counts of scrapes, so that no scrape delays a query. */
  readonly countPool: Pool;
}

/** Connects to PostgreSQL and begins an instance. `open` closes the opened resources. */
export async function openLedger(options: LedgerOptions, open: OpenResources): Promise<OpenLedger> {
  const { config, publisher, clock, logger, onParked, observer } = options;
  await migrate({ url: config.databaseUrl, schema, folder: migrations });
  const pool = (purpose: string, maxConnections: number, statementTimeoutMs?: number): Pool =>
    open.add(
      createPool({
        url: config.databaseUrl,
        schema,
        role: 'service',
        applicationName: `executor-${purpose}`,
        maxConnections,
        ...defined({ statementTimeoutMs }),
      }),
      (used) => used.end(),
    );
  const pools = { record: pool('record', 2), advance: pool('advance', 2), query: pool('query', 3) };
  const countPool = pool('count', 1, countTimeoutMs);
  const lease = open.use(
    await InstanceLease.open({
      url: config.databaseUrl,
      schema,
      name: `${hostname()}/${process.pid}`,
      leaseMs: config.leaseMs,
      renewEveryMs,
      marginMs: leaseMarginMs,
      clock,
      policy: config,
      onChange: (change, instance, reason) => {
        if (change === 'opened') logger.info({ instance }, 'lease opened');
        else if (change === 'lost') logger.warn({ instance, reason }, 'lease lost');
        else logger.error({ reason }, 'this instance takes no calls');
      },
    }),
  );
  const outbox = open.add(
    new OutboxWriter({
      pool: pools.query,
      lease,
      publisher,
      patienceMs: relayPatienceMs,
      onPublishFailed: (err) => logger.warn({ err }, 'records are left to the relay'),
    }),
    (used) => used.close(),
  );
  const health = open.use(
    new LedgerHealth({
      tryRecording: () => pools.record.query('SELECT try_recording()'),
      clock,
      onChange: (refusal) =>
        refusal === undefined
          ? logger.info('the ledger accepts calls again; the records that wait in Kafka continue')
          : logger.error(
              { reason: refusal },
              'the ledger refuses new calls: they wait in Kafka, and gateways answer 503. Check the disk, the privileges and the mode of PostgreSQL; the executor continues by itself',
            ),
    }),
  );
  const ledger = open.add(
    new PostgresLedger({ pools, lease, outbox, clock, marginMs: leaseMarginMs, onParked, health, observer }),
    (used) => used.close(),
  );
  const relay = open.use(
    new OutboxRelay({
      pool: pools.query,
      publisher,
      patienceMs: relayPatienceMs,
      onError: (err) => logger.warn({ err }, 'the outbox relay failed and will try again'),
    }),
  );
  const pendingWork = new PendingWorkQuery({ pool: pools.query, lease, health, patienceMs: relayPatienceMs });
  const callRecords = new PostgresCallRecords(pools.query);
  const heldCalls = new PostgresHeldCalls(pools.query);
  return {
    ledger,
    lease,
    outbox,
    relay,
    pendingWork,
    health,
    callRecords,
    heldCalls,
    awaitingCalls: new PostgresAwaitingCalls(pools.query),
    askedCalls: new PostgresAskedCalls(pools.query),
    approvals: new PostgresApprovals(pools.query, () => onParked(undefined)),
    queryPool: pools.query,
    countPool,
  };
}
