import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import pg from 'pg';

import { migrate } from '../src/index.js';

let database: OwnDatabase;
let folder: string;
let client: pg.Client;

beforeEach(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'migrations_test');
  folder = await newVersion();
  client = new pg.Client({ connectionString: database.url, options: '-c search_path=sample' });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

/** A folder of migrations for one version: one ordered migration, and no function yet. */
async function newVersion(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'migrations-'));
  await mkdir(join(made, 'functions'));
  await writeFile(join(made, '0001-first.sql'), 'CREATE TABLE thing (id int)');
  return made;
}

const write = (name: string, revision: number, sql: string, inFolder = folder): Promise<void> =>
  writeFile(join(inFolder, 'functions', name), `-- Revision ${revision}.\n${sql}`);

const run = (from = folder): Promise<string[]> =>
  migrate({ url: database.url, schema: 'sample', folder: from });

const answer = (value: number): string =>
  `CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT ${value}';`;

async function value(text: string): Promise<unknown> {
  const { rows } = await client.query<{ value: unknown }>(`SELECT ${text} AS value`);
  return rows[0]?.value;
}

/** The signatures of all functions named `answer`. */
const signatures = (): Promise<unknown> =>
  value(`(SELECT array_agg(oid::regprocedure || ' ' || prorettype::regtype ORDER BY oid)::text[]
            FROM pg_proc WHERE proname = 'answer')`);

describe('a function', () => {
  it('is created once, after the tables, and replaced by its next revision', async () => {
    await write('answer.sql', 1, answer(1));
    expect(await run()).toEqual(['0001-first.sql', 'functions/answer.sql']);
    expect(await run()).toEqual([]);
    await write('answer.sql', 2, answer(2));
    expect(await run()).toEqual(['functions/answer.sql']);
    expect(await value('answer()')).toBe(2);
  });

  it('stays while its digest is the same', async () => {
    await write('answer.sql', 1, answer(1));
    await run();
    const before = await value("'answer'::regproc::oid");
    await write('other.sql', 1, 'CREATE FUNCTION other() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;');
    expect(await run()).toEqual(['functions/other.sql']);
    expect(await value("'answer'::regproc::oid")).toBe(before);
  });

  it('may change its parameters, result and name, and leaves no former signature', async () => {
    await write('answer.sql', 1, answer(1));
    await run();
    await write(
      'answer.sql',
      2,
      "CREATE FUNCTION answer(p_add integer DEFAULT 0) RETURNS text LANGUAGE sql AS 'SELECT (1 + p_add)::text';",
    );
    await run();
    expect(await signatures()).toEqual(['answer(integer) text']);
    expect(await value('answer()')).toBe('1');
    await write('answer.sql', 3, "CREATE FUNCTION reply() RETURNS integer LANGUAGE sql AS 'SELECT 3';");
    await run();
    expect(await signatures()).toBeNull();
  });

  it('serves the prepared statements of running clients in its next revision', async () => {
    await write('answer.sql', 1, answer(1));
    await run();
    const prepared = { name: 'answer', text: 'SELECT answer() AS value' };
    expect((await client.query(prepared)).rows).toEqual([{ value: 1 }]);
    await write('answer.sql', 2, answer(2));
    await run();
    expect((await client.query(prepared)).rows).toEqual([{ value: 2 }]);
  });

  it('may move to another file', async () => {
    await write(
      'both.sql',
      1,
      `${answer(1)} CREATE FUNCTION other() RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
    );
    await run();
    await write('both.sql', 2, "CREATE FUNCTION other() RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    await write('answer.sql', 1, answer(2));
    await run();
    expect([await value('answer()'), await value('other()')]).toEqual([2, 1]);
  });
});

describe('a type', () => {
  it('with another field applies again the functions that need it', async () => {
    const sum = `-- Needs pair.sql.\nCREATE FUNCTION answer(p pair) RETURNS text LANGUAGE sql AS 'SELECT p::text';`;
    await write('answer.sql', 1, sum);
    await write('pair.sql', 1, 'CREATE TYPE pair AS (a integer, b integer);');
    await run();
    await write('pair.sql', 2, 'CREATE TYPE pair AS (a integer, b integer, c integer);');
    expect(await run()).toEqual(['functions/pair.sql', 'functions/answer.sql']);
    expect(await value('answer(row(1, 2, 3))')).toBe('(1,2,3)');
  });
});

describe('beside other versions', () => {
  it('one of several starters applies the functions', async () => {
    await write('answer.sql', 1, answer(1));
    await run();
    await write('answer.sql', 2, answer(2));
    const applied = await Promise.all([run(), run(), run(), run()]);
    expect(applied.flat()).toEqual(['functions/answer.sql']);
    expect(await value('answer()')).toBe(2);
  });

  it('an older version that starts later leaves the newer functions', async () => {
    const older = await newVersion();
    await write('answer.sql', 1, answer(1), older);
    await run(older);
    await write('answer.sql', 2, answer(2));
    await write('other.sql', 1, "CREATE FUNCTION other() RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    await run();
    expect(await run(older)).toEqual([]);
    expect([await value('answer()'), await value('other()')]).toEqual([2, 1]);
    expect(await run()).toEqual([]);
    await rm(older, { recursive: true });
  });

  it('a starter that dies in the middle leaves the former functions', async () => {
    await write('answer.sql', 1, answer(1));
    await write('last.sql', 1, "CREATE FUNCTION last() RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    await run();
    await write('answer.sql', 2, answer(2));
    await write('last.sql', 2, 'SELECT pg_terminate_backend(pg_backend_pid());');
    await expect(run()).rejects.toMatchObject({ code: 'POSTGRES_MIGRATION_FAILED' });
    expect([await value('answer()'), await value('last()')]).toEqual([1, 1]);
  });
});

describe('a failure', () => {
  it('leaves all former functions, and names the file', async () => {
    await write('answer.sql', 1, answer(1));
    await run();
    await write('answer.sql', 2, answer(2));
    await write('bad.sql', 1, "CREATE FUNCTION bad() RETURNS integer LANGUAGE sql AS 'SELECT nonsense';");
    await expect(run()).rejects.toThrow('functions/bad.sql failed: column "nonsense" does not exist');
    expect(await value('answer()')).toBe(1);
    await rm(join(folder, 'functions', 'bad.sql'));
    expect(await run()).toEqual(['functions/answer.sql']);
    expect(await value('answer()')).toBe(2);
  });

  it('is a change without a new revision, before anything happens', async () => {
    await write('answer.sql', 1, answer(1));
    await run();
    await write('answer.sql', 1, answer(2));
    await expect(run()).rejects.toThrow(
      'functions/answer.sql was changed after its revision 1 had been applied',
    );
    expect(await value('answer()')).toBe(1);
  });

  it('is a table among the functions', async () => {
    await write('answer.sql', 1, 'CREATE TABLE other (id int)');
    await expect(run()).rejects.toThrow('it creates the relation other; put that into an ordered migration');
    expect(await value("to_regclass('other')")).toBeNull();
  });
});
