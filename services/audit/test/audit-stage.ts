import { fileURLToPath } from 'node:url';

import { createDatabase, OwnTopics, type OwnDatabase } from '@action-mesh/devstack';
import { newId, systemClock } from '@action-mesh/kernel';
import type { Environment, RunningService } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import type pg from 'pg';

import { PostgresChainStore } from '../src/adapters/postgres/postgres-chain-store.js';
import { PostgresHistoryLog } from '../src/adapters/postgres/postgres-history-log.js';
import {
  VerifyChain,
  type ChainVerification,
  type VerificationRequest,
} from '../src/application/verify-chain.js';
import { ChainPublicKeys, ChainSigner, newSigningKey } from '../src/domain/signing-keys.js';
import { entryId, type NewEntry } from '../src/domain/new-entry.js';
import { auditConfig, startAudit, type AuditConfig } from '../src/index.js';

/** The key of the internal API in all tests. */
export const auditServiceKey = 'k'.repeat(48);

const poolSize = 4;

/** A place for audit: topics and a database of its own, and a signing key. */
export class AuditStage implements AsyncDisposable {
  readonly database: OwnDatabase;
  readonly topics: OwnTopics;
  readonly signingKey = newSigningKey();
  readonly signer = new ChainSigner(this.signingKey);
  readonly pool: pg.Pool;

  private constructor(database: OwnDatabase, topics: OwnTopics) {
    this.database = database;
    this.topics = topics;
    this.pool = this.newPool();
  }

  static async start(): Promise<AuditStage> {
    const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
    const database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_audit');
    await migrate({
      url: database.url,
      schema: 'audit',
      folder: fileURLToPath(new URL('../migrations', import.meta.url)),
    });
    const stage = new AuditStage(database, new OwnTopics(brokers, 'audit'));
    // A connection that a test opens would look like a leak of that test.
    await Promise.all(Array.from({ length: poolSize }, () => stage.pool.query('SELECT pg_sleep(0.05)')));
    return stage;
  }

  newPool(): pg.Pool {
    return createPool({
      url: this.database.url,
      schema: 'audit',
      role: 'service',
      applicationName: 'audit-test',
      maxConnections: poolSize,
    });
  }

  log(pool = this.pool, keepContent = true): PostgresHistoryLog {
    return new PostgresHistoryLog({ pool, signer: this.signer, clock: systemClock, keepContent });
  }

  verify(request: VerificationRequest): Promise<ChainVerification | undefined> {
    const keys = new ChainPublicKeys([this.signer.publicKey]);
    return new VerifyChain(new PostgresChainStore(this.pool), keys).run(request);
  }

  config(variables: Environment = {}): AuditConfig {
    return auditConfig({
      KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
      KAFKA_TOPIC_PREFIX: this.topics.prefix,
      DATABASE_URL: this.database.url,
      MESH_SERVICE_KEY: auditServiceKey,
      AUDIT_SIGNING_KEY: this.signingKey,
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...variables,
    });
  }

  service(variables: Environment = {}): Promise<RunningService> {
    return startAudit(this.config(variables));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.end();
    await this.topics[Symbol.asyncDispose]();
    await this.database.drop();
  }
}

/** An entry about one call, different from every other. */
export function sampleEntry(changed: Partial<NewEntry> = {}): NewEntry {
  const callId = newId();
  return {
    tenantId: 't1',
    id: entryId('sample', callId),
    kind: 'call.succeeded',
    at: '2026-11-30T10:00:00.123Z',
    source: { topic: 'mesh.outcomes', partition: 3, offset: '12' },
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    callId,
    agentId: 'lead-agent',
    runId: 'run-1',
    step: 1,
    tool: 'crm_update_contact',
    toolVersion: '1.4.0',
    status: 'succeeded',
    userId: 'ada',
    facts: { attempts: 1, duration_ms: 42, tried: [{ attempt: 1, kind: 'request' }], missing: undefined },
    content: '{"arguments":{"email":"ada@example.com"},"result":{"id":12345678901234567890}}',
    ...changed,
  };
}
