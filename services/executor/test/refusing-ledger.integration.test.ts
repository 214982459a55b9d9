import { jest } from '@jest/globals';
import { waitFor } from '@action-mesh/testing';

import { aCall, dispatching, LedgerBench, type TestLedger } from './ledger-bench.js';

jest.setTimeout(60_000);

let bench: LedgerBench;
/** An executor without superuser rights, so privileges apply to it. */
let one: TestLedger;

beforeAll(async () => {
  bench = await LedgerBench.open();
  await bench.pool.query(`DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'refused_executor') THEN
      CREATE ROLE refused_executor LOGIN PASSWORD 'test';
    END IF;
  END $$`);
  await bench.pool.query('GRANT executor_service TO refused_executor');
  const url = new URL(bench.database.url);
  url.username = 'refused_executor';
  url.password = 'test';
  one = await bench.ledger('one', undefined, url.href);
});

afterAll(async () => {
  await one.close();
  await bench.close();
});

const unavailable = { code: 'EXECUTOR_LEDGER_UNAVAILABLE' };

it.each([
  [
    'without the privilege to insert',
    'REVOKE INSERT ON call FROM executor_service',
    'GRANT INSERT ON call TO executor_service',
    'permission denied',
  ],
  [
    'that is read-only',
    'ALTER ROLE refused_executor SET default_transaction_read_only = on',
    'ALTER ROLE refused_executor RESET default_transaction_read_only',
    'read-only',
  ],
  [
    'without a table',
    'ALTER TABLE submission RENAME TO elsewhere',
    'ALTER TABLE elsewhere RENAME TO submission',
    'does not exist',
  ],
])(
  'a ledger %s keeps its calls in Kafka, reports that, and recovers by itself (I1, I7)',
  async (_, harm, mend, reason) => {
    const told = one.refusals.length;
    await bench.pool.query(harm);
    try {
      // PostgreSQL reads the defaults of a role when a connection opens.
      await dropConnections();
      await waitFor(
        async () => {
          await expect(one.ledger.record(dispatching(aCall()))).rejects.toMatchObject(unavailable);
          return one.health.refusal !== undefined && one.health.refusal.includes(reason);
        },
        { timeoutMs: 20_000, what: 'the refusal' },
      );
    } finally {
      await bench.pool.query(mend);
    }
    await dropConnections();
    await waitFor(() => one.health.refusal === undefined, {
      timeoutMs: 20_000,
      what: 'the ledger to accept',
    });
    expect(one.refusals.slice(told)).toEqual([expect.any(String), undefined]);
    await waitFor(() => one.lease.current !== undefined, { timeoutMs: 20_000, what: 'a lease' });
    expect((await one.ledger.record(dispatching(aCall()))).verdict).toBe('fresh');
    const { rows } = await bench.pool.query(`SELECT FROM call WHERE tenant_id = ''`);
    expect(rows).toEqual([]);
  },
);

async function dropConnections(): Promise<void> {
  await bench.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'refused_executor'`,
  );
}
