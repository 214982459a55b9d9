import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import pg from 'pg';

import { createPool, isTransient, migrate, sqlState } from '../src/index.js';

let database: OwnDatabase;
let folder: string;

beforeEach(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'migrations_test');
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  await writeFile(join(folder, '0001-first.sql'), 'CREATE TABLE thing (id int)');
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const run = (): Promise<string[]> => migrate({ url: database.url, schema: 'sample', folder });

async function query(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  it('run once, in order; a second run applies only new files', async () => {
    await writeFile(join(folder, '0002-second.sql'), 'ALTER TABLE thing ADD name text');
    expect(await run()).toEqual(['0001-first.sql', '0002-second.sql']);
    expect(await run()).toEqual([]);
    await writeFile(join(folder, '0003-third.sql'), 'ALTER TABLE thing ADD size int');
    expect(await run()).toEqual(['0003-third.sql']);
  });

  it('run in only one of several starters', async () => {
    const applied = await Promise.all([run(), run(), run(), run()]);
    expect(applied.flat()).toEqual(['0001-first.sql']);
  });

  it('undo a file that fails, and name it', async () => {
    await writeFile(join(folder, '0002-bad.sql'), 'CREATE TABLE half (id int); SELECT nonsense');
    await expect(run()).rejects.toMatchObject({ code: 'POSTGRES_MIGRATION_FAILED' });
    expect(
      await query("SELECT to_regclass('sample.half') AS half, to_regclass('sample.thing') AS thing"),
    ).toEqual([{ half: null, thing: 'sample.thing' }]);
  });

  it('refuse a file that changed after it ran', async () => {
    await run();
    await writeFile(join(folder, '0001-first.sql'), 'CREATE TABLE other (id int)');
    await expect(run()).rejects.toThrow('0001-first.sql was changed');
  });
});

describe('a pool', () => {
  it("uses its schema and commits to disk, despite the server's settings", async () => {
    await run();
    const pool = createPool({
      url: database.url,
      schema: 'sample',
      applicationName: 'test',
      maxConnections: 1,
    });
    const { rows } = await pool.query(
      "SELECT current_schema() AS schema, current_setting('synchronous_commit') AS sync",
    );
    await pool.end();
    expect(rows).toEqual([{ schema: 'sample', sync: 'on' }]);
  });

  it('tells transient errors from mistakes', async () => {
    const pool = createPool({
      url: database.url,
      schema: 'sample',
      applicationName: 'test',
      maxConnections: 1,
    });
    const failure = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );
    const killed = await failure(pool.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    expect(isTransient(killed)).toBe(true);
    const mistaken = await failure(pool.query('SELECT nonsense'));
    expect([isTransient(mistaken), sqlState(mistaken)]).toEqual([false, '42703']);
    await pool.end();
    const nowhere = createPool({
      url: 'postgres://127.0.0.1:1/x',
      schema: 'x',
      applicationName: 'x',
      maxConnections: 1,
    });
    expect(isTransient(await failure(nowhere.query('SELECT 1')))).toBe(true);
    await nowhere.end();
  });
});
