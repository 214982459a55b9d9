import { fileURLToPath } from 'node:url';

import { topicConfigurations } from '@action-mesh/contracts';
import { systemClock } from '@action-mesh/kernel';
import { IdentityDirectory } from '@action-mesh/identity';
import { ensureTopics, type KafkaTransport } from '@action-mesh/messaging';
import { HealthChecks, LogBudget, OpenResources, Repeater, type Logger } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { CheckpointsFile } from './adapters/files/checkpoints-file.js';
import { ExportController } from './adapters/http/export.controller.js';
import { InternalHistoryController } from './adapters/http/internal-history.controller.js';
import { StepLog } from './adapters/log/step-log.js';
import { SubmissionsController } from './adapters/kafka/submissions.controller.js';
import { HistoryRecordsController } from './adapters/kafka/history.controller.js';
import { requireKeyOfHistory } from './adapters/postgres/history-key.js';
import { HistoryRetention } from './adapters/postgres/history-retention.js';
import { PostgresChainStore } from './adapters/postgres/postgres-chain-store.js';
import { PostgresExportSource } from './adapters/postgres/postgres-export-source.js';
import { PostgresHistoryLog } from './adapters/postgres/postgres-history-log.js';
import { PostgresHistoryReader } from './adapters/postgres/postgres-history-reader.js';
import { PostgresPersonEraser } from './adapters/postgres/postgres-person-eraser.js';
import { AskHistory } from './application/ask-history.js';
import { ExportHistory } from './application/export-history.js';
import { PersonEraser } from './application/person-eraser.port.js';
import { RecordEntries } from './application/record-entries.js';
import { StepLines } from './application/step-lines.js';
import { VerifyChain } from './application/verify-chain.js';
import type { AuditConfig } from './config.js';
import { historyServer } from './history-server.module.js';
import { followIdentities } from './identity.module.js';
import type { NewEntry } from './domain/new-entry.js';
import { ChainPublicKeys, ChainSigner } from './domain/signing-keys.js';

const schema = 'audit';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

const minuteMs = 60_000;
const retentionEveryMs = 60 * minuteMs;

/** The parts of the service, ready to be bound into Nest. */
export interface AuditParts {
  readonly module: DynamicModule;
  /** Takes records from Kafka. */
  readonly server: KafkaTransport;
  /** Closes all open resources, if the start fails before the module takes over. */
  readonly close: () => Promise<void>;
}

class AuditModule {}
Module({})(AuditModule);

/** Binds ports to adapters. If a resource is missing, it rejects and leaves nothing open. */
export async function composeAudit(config: AuditConfig, logger: Logger): Promise<AuditParts> {
  const open = new OpenResources();
  try {
    return await compose(config, logger, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(config: AuditConfig, logger: Logger, open: OpenResources): Promise<AuditParts> {
  await ensureTopics(config.kafka, topicConfigurations);
  await migrate({ url: config.databaseUrl, schema, folder: migrations });
  const pool = (applicationName: string, maxConnections: number): Pool =>
    open.add(
      createPool({ url: config.databaseUrl, schema, role: 'service', applicationName, maxConnections }),
      (used) => used.end(),
    );
  const signer = new ChainSigner(config.signingKey);
  const log = new PostgresHistoryLog({
    pool: pool('audit-append', 1),
    signer,
    clock: systemClock,
    keepContent: config.keepContent,
  });
  const { publicKey } = signer;
  const keys = new ChainPublicKeys([publicKey, ...config.formerPublicKeys]);
  // Each purpose has its own connections: none waits for another one, and recording waits for none of them.
  const reading = pool('audit', 4);
  await requireKeyOfHistory(reading, keys);
  const verifying = pool('audit-verify', 2);
  const tidying = pool('audit-tidy', 1);
  const steps = new StepLog(config.logLevel, process.stdout);
  const lines = new StepLines(config.keepContent);
  const onNew = (entry: NewEntry): void => steps.write(lines.line(entry));
  const waiting = open.add(
    new LogBudget<unknown>({
      most: 1,
      everyMs: minuteMs,
      line: (err) => logger.warn({ err }, 'the database takes no entries of the history; their records wait'),
      rest: () => undefined,
    }),
    (used) => used.close(),
  );
  const onUnavailable = (err: unknown): void => waiting.add(err);
  const observers = steps.isOn ? { onNew, onUnavailable } : { onUnavailable };
  const recordEntries = open.add(new RecordEntries(log, observers), (used) => used.idle());
  const directory = followIdentities(config.kafka, config.environment, logger, open);
  const askHistory = new AskHistory({
    reader: new PostgresHistoryReader(reading),
    verifyChain: new VerifyChain(new PostgresChainStore(verifying), keys),
    publicKey,
  });
  const server = historyServer(config.kafka, logger, open, recordEntries);
  repeatWork(config, logger, open, tidying, signer);
  const close = (): Promise<void> => open.close();
  const shutdown: OnApplicationShutdown = { onApplicationShutdown: close };
  return {
    close,
    server,
    module: {
      module: AuditModule,
      controllers: [
        HistoryRecordsController,
        SubmissionsController,
        InternalHistoryController,
        ExportController,
      ],
      providers: [
        { provide: RecordEntries, useValue: recordEntries },
        { provide: IdentityDirectory, useValue: directory },
        { provide: AskHistory, useValue: askHistory },
        {
          provide: ExportHistory,
          useValue: new ExportHistory(new PostgresExportSource(reading), publicKey),
        },
        {
          provide: PersonEraser,
          useValue: new PostgresPersonEraser(pool('audit-erase', 1), signer, systemClock),
        },
        { provide: 'shutdown', useValue: shutdown },
        healthOf(pool('audit-health', 1), server),
      ],
    },
  };
}

/** Deletes old entries and gives out checkpoints, if the configuration asks for it. */
function repeatWork(
  { retentionDays, checkpointsFile }: AuditConfig,
  logger: Logger,
  open: OpenResources,
  pool: Pool,
  signer: ChainSigner,
): void {
  if (retentionDays > 0) {
    const retention = new HistoryRetention(pool, signer, systemClock, retentionDays);
    open.use(
      new Repeater({
        run: () => retention.run(),
        everyMs: retentionEveryMs,
        firstAfterMs: minuteMs,
        pauseMs: (deleted) => (deleted === 0 ? retentionEveryMs : 0),
        onError: (err) => logger.warn({ err }, 'old entries could not be deleted and will be tried again'),
      }),
    );
  }
  if (checkpointsFile !== undefined) {
    const file = new CheckpointsFile(pool, checkpointsFile);
    open.use(
      new Repeater({
        run: () => file.run(),
        everyMs: minuteMs,
        firstAfterMs: 1_000,
        onError: (err) => logger.error({ err }, 'checkpoints could not be written to AUDIT_CHECKPOINTS_FILE'),
      }),
    );
  }
}

function healthOf(pool: Pool, server: KafkaTransport): Provider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({
        name: 'database',
        ready: () =>
          pool.query('SELECT 1').then(
            () => undefined,
            () => 'PostgreSQL does not answer',
          ),
      });
      health.register({
        name: 'history',
        ready: () => (server.state.ready ? undefined : 'has not joined its consumer groups'),
        live: () => (server.state.live ? undefined : 'lost a consumer group'),
      });
    },
  };
}
