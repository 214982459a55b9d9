import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { migrate } from '@action-mesh/postgres';

import { LedgerUnavailableError } from '../src/domain/executor.errors.js';
import { aCall, dispatching, LedgerBench, type TestLedger } from './ledger-bench.js';

let bench: LedgerBench;
let a: TestLedger;
let folder: string;

beforeEach(async () => {
  bench = await LedgerBench.open();
  a = await bench.ledger('a');
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  await cp(fileURLToPath(new URL('../migrations', import.meta.url)), folder, { recursive: true });
});

afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

/** Starts a version of the executor with another revision of a function. */
async function startVersion(name: string, revision: number): Promise<void> {
  const file = join(folder, 'functions', name);
  const sql = await readFile(file, 'utf8');
  await writeFile(file, sql.replace(/^-- Revision \d+\.$/m, `-- Revision ${revision}.`));
  const applied = await migrate({ url: bench.database.url, schema: 'executor', folder });
  expect(applied).toContain(`functions/${name}`);
}

it('calls are recorded and settled by a running instance while newer versions replace its functions', async () => {
  const over = new AbortController();
  const recording = (async () => {
    let count = 0;
    for (; !over.signal.aborted; count += 1) {
      const entry = dispatching(aCall());
      const recorded = await repeat(() => a.ledger.record(entry));
      if (recorded.verdict !== 'fresh') throw new Error(recorded.verdict);
      const { owned } = recorded;
      const to = { ...owned.state, state: 'SUCCEEDED' as const };
      const move = { known: owned, from: owned.state, to, outcome: '{"status":"succeeded"}', evidence: true };
      if (!(await repeat(() => a.ledger.advance(move)))) throw new Error('the call has another owner');
      a.ledger.release(owned);
    }
    return count;
  })();
  for (let revision = 100; revision < 130; revision += 1) {
    await startVersion('record-calls.sql', revision);
    await startVersion('advance-calls.sql', revision);
    await startVersion('forget.sql', revision);
  }
  over.abort();
  expect(await recording).toBeGreaterThan(0);
});

/** Offers a call again until the ledger takes it, like the consumers. */
async function repeat<R>(work: () => Promise<R>): Promise<R> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
    }
  }
}
