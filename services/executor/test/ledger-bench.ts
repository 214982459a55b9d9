import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { childSpan, defined, newId, systemClock } from '@action-mesh/kernel';
import { createPool, migrate } from '@action-mesh/postgres';
import type { Pool } from 'pg';

import { InstanceLease } from '../src/adapters/postgres/instance-lease.js';
import { LedgerHealth } from '../src/adapters/postgres/ledger-health.js';
import { OutboxWriter } from '../src/adapters/postgres/outbox-writer.js';
import { PendingWorkQuery } from '../src/adapters/postgres/pending-work-query.js';
import { PostgresLedger } from '../src/adapters/postgres/postgres-ledger.js';
import type { NewCall } from '../src/application/ledger.port.js';
import type { OutboxRecord } from '../src/application/outbox-publisher.port.js';
import type { WakeBounds } from '../src/application/parked-calls.port.js';
import type { PendingWork } from '../src/application/pending-work.port.js';
import { transitions } from '../src/domain/call.js';

const schema = 'executor';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** A migrated database, and any number of ledgers on it, each like that of another executor. */
export class LedgerBench {
  readonly #ledgers: TestLedger[] = [];

  readonly database: OwnDatabase;
  readonly pool: Pool;

  private constructor(database: OwnDatabase, pool: Pool) {
    this.database = database;
    this.pool = pool;
  }

  static async open(): Promise<LedgerBench> {
    const url = process.env['DATABASE_URL'];
    if (url === undefined) throw new Error('DATABASE_URL is not set; run this through Jest');
    const database = await createDatabase(url, 'ledger_test');
    await migrate({ url: database.url, schema, folder: migrations });
    return new LedgerBench(database, poolOf(database.url));
  }

  /**
   * A ledger with its own lease. `address` is the destination of its statements: a proxy in front of the database.
   * @default the database itself
   */
  async ledger(name: string, address?: string, url = this.database.url): Promise<TestLedger> {
    const ledger = await TestLedger.open(url, name, address);
    this.#ledgers.push(ledger);
    return ledger;
  }

  /** The calls on which the list of dead calls and the ledger disagree (I9). */
  async deadDisagreements(): Promise<unknown[]> {
    const { rows } = await this.pool.query<{ call_id: string; state: string; status: string }>(`
      SELECT coalesce(c.call_id, d.call_id) AS call_id, c.state, d.status
        FROM (SELECT * FROM call WHERE state IN ('DEAD', 'NEEDS_REVIEW')) c
        FULL JOIN dead d ON d.tenant_id = c.tenant_id AND d.user_id = c.user_id AND d.hash = c.hash
       WHERE c.call_id IS DISTINCT FROM d.call_id OR lower(c.state) IS DISTINCT FROM d.status`);
    return rows;
  }

  async close(): Promise<void> {
    for (const ledger of this.#ledgers) await ledger.close();
    await this.pool.end();
    await this.database.drop();
  }
}

/** Milliseconds after which a record that Kafka does not take gets an outbox row. */
export const kafkaPatienceMs = 1_000;

/** Kafka as one executor sees it. */
interface FakeKafka {
  refusing: boolean;
  /** No record is taken before it resolves. */
  silence: Promise<void>;
  answer: () => void;
  readonly published: OutboxRecord[];
}

export class TestLedger {
  readonly published: OutboxRecord[];
  /** Called when a call is parked here. */
  onParked: (delayMs: number | undefined) => void = () => undefined;
  #closing: Promise<void> | undefined;

  readonly #kafka: FakeKafka;

  readonly ledger: PostgresLedger;
  readonly lease: InstanceLease;
  readonly outbox: OutboxWriter;
  readonly #watch: { readonly health: LedgerHealth; readonly refusals: (string | undefined)[] };
  readonly #pool: Pool;

  private constructor(
    ledger: PostgresLedger,
    lease: InstanceLease,
    outbox: OutboxWriter,
    watch: { readonly health: LedgerHealth; readonly refusals: (string | undefined)[] },
    pool: Pool,
    kafka: FakeKafka,
  ) {
    this.ledger = ledger;
    this.lease = lease;
    this.outbox = outbox;
    this.#watch = watch;
    this.#pool = pool;

    this.published = kafka.published;
    this.#kafka = kafka;
  }

  get health(): LedgerHealth {
    return this.#watch.health;
  }

  /** The refusals that the ledger reported, in their order. */
  get refusals(): readonly (string | undefined)[] {
    return this.#watch.refusals;
  }

  /** From now on Kafka takes no record from this executor. */
  refuse(): void {
    this.#kafka.refusing = true;
  }

  /** From now on Kafka answers nothing to this executor. The returned function lets it answer. */
  silence(): () => void {
    this.#kafka.silence = new Promise((resolve) => (this.#kafka.answer = resolve));
    return this.#kafka.answer;
  }

  static async open(url: string, name: string, address?: string): Promise<TestLedger> {
    const statements = new URL(url);
    if (address !== undefined) statements.host = address;
    const pool = poolOf(statements.href, 'service');
    const lease = await InstanceLease.open({
      url,
      schema,
      name,
      leaseMs: 10_000,
      renewEveryMs: 2_000,
      marginMs: 2_000,
      clock: systemClock,
      policy: { egressAllow: [], environment: 'test', credentials: [] },
      onChange: () => undefined,
    });
    const published: OutboxRecord[] = [];
    const kafka: FakeKafka = {
      refusing: false,
      silence: Promise.resolve(),
      answer: () => undefined,
      published,
    };
    const outbox = new OutboxWriter({
      pool,
      lease,
      publisher: {
        publish: async (due) => {
          await kafka.silence;
          if (kafka.refusing) throw new Error('no broker');
          published.push(...due);
        },
      },
      patienceMs: kafkaPatienceMs,
      onPublishFailed: () => undefined,
    });
    const refusals: (string | undefined)[] = [];
    const health = new LedgerHealth({
      tryRecording: () => pool.query('SELECT try_recording()'),
      clock: systemClock,
      onChange: (refusal) => refusals.push(refusal),
    });
    const ledger = new PostgresLedger({
      health,
      pools: { record: pool, advance: pool, query: pool },
      lease,
      outbox,
      clock: systemClock,
      marginMs: 2_000,
      onParked: (delayMs) => opened.onParked(delayMs),
    });
    const opened = new TestLedger(ledger, lease, outbox, { health, refusals }, pool, kafka);
    return opened;
  }

  /** The pool of this executor, as the role of the service. */
  get pool(): Pool {
    return this.#pool;
  }

  /** The background work that this executor sees. Records of living writers are left behind after `patienceMs`. */
  look(patienceMs = 2_000): Promise<PendingWork> {
    return new PendingWorkQuery({
      pool: this.#pool,
      lease: this.lease,
      health: this.health,
      patienceMs,
    }).look();
  }

  /** The outcomes published for a submission, newest last. */
  outcomesOf(callId: string): Record<string, unknown>[] {
    return this.published
      .filter((due) => due.callId === callId && due.kind === 'outcome')
      .map((due) => JSON.parse(due.value) as Record<string, unknown>);
  }

  async close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#kafka.answer();
      await this.ledger.close();
      await this.health.close();
      await this.outbox.close();
      await this.lease.close();
      await this.#pool.end();
    })();
    await this.#closing;
  }
}

/** A call with unique content, unless `overrides` replaces it. */
export function aCall(overrides: Partial<AcceptedCall> = {}): AcceptedCall {
  const content = overrides.hash ?? digest(newId());
  return {
    call_id: newId(),
    tenant_id: 'acme',
    user_id: 'ada',
    tool: { slug: 'echo', version: '1.0.0' },
    arguments: { text: 'it\'s "quoted" \\ and {braced}, ü' },
    scope: 'run:1',
    mode: 'live',
    hash: content,
    content_hash: content,
    accepted_at: new Date().toISOString(),
    ...overrides,
  };
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The call in the form of its recording, just before its request leaves. */
export function dispatching(call: AcceptedCall, validityMs = 60_000): NewCall {
  const start = transitions(undefined, { type: 'receive' }, { type: 'claim' }, { type: 'dispatch' });
  if (!start.ok) throw new Error(start.reason);
  return {
    call,
    trace: childSpan(),
    start: start.call,
    intent: { digest: Buffer.from(digest(call.call_id), 'hex'), providerKey: call.call_id },
    validityMs,
  };
}

/** Bounds that hold back only the named tenants. */
export function capacityFor(limit: number, byTenant: Readonly<Record<string, number>> = {}): WakeBounds {
  return { limit, capacity: { byTenant: new Map(Object.entries(byTenant)), others: limit } };
}

/** The pool of an executor, or with the rights of the login user. */
function poolOf(url: string, role?: 'service'): Pool {
  return createPool({ url, schema, ...defined({ role }), applicationName: 'ledger-test', maxConnections: 4 });
}
