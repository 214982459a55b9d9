import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import type pg from 'pg';

import { createPool, migrate, withTenant } from '../src/index.js';

const schema = 'with_tenant_test';
let database: OwnDatabase;
let folder: string;
/** One connection, so each use of the pool finds the state that the former one left. */
let pool: pg.Pool;

beforeAll(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'tenant_test');
  folder = await mkdtemp(join(tmpdir(), 'tenant-'));
  await writeFile(
    join(folder, '0001-first.sql'),
    `CREATE TABLE thing (tenant_id text, id int PRIMARY KEY);
     CREATE TABLE batch (tenants text[], id int);
     CREATE TABLE shared (id int)`,
  );
  await migrate({ url: database.url, schema, folder });
  pool = createPool({
    url: database.url,
    schema,
    role: 'service',
    applicationName: 'test',
    maxConnections: 1,
  });
});

beforeEach(async () => {
  await pool.query('DELETE FROM thing; DELETE FROM batch');
  await pool.query(`INSERT INTO thing VALUES ('acme', 1), ('globex', 2), (NULL, 3), ('', 4)`);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

const things = async (database: pg.Pool | pg.ClientBase): Promise<number[]> =>
  (await database.query<{ id: number }>('SELECT id FROM thing ORDER BY id')).rows.map(({ id }) => id);

describe('withTenant', () => {
  it('finds the rows of its tenant alone (TI2)', async () => {
    expect(await withTenant(pool, 'acme', things)).toEqual([1]);
    expect(await withTenant(pool, 'globex', things)).toEqual([2]);
    expect(await withTenant(pool, 'acme%', things)).toEqual([]);
    expect(await things(pool)).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['a new row of another tenant', `INSERT INTO thing VALUES ('globex', 9)`],
    ['a new row without a tenant', 'INSERT INTO thing VALUES (NULL, 9)'],
    ['its row as another tenant’s', `UPDATE thing SET tenant_id = 'globex'`],
  ])('does not write %s (TI2)', async (_, statement) => {
    const written = withTenant(pool, 'acme', (client) => client.query(statement));
    await expect(written).rejects.toThrow('violates row-level security policy');
  });

  it('finds a row of several tenants only if it names no other (TI2)', async () => {
    await pool.query(
      `INSERT INTO batch VALUES ('{acme,acme}', 1), ('{acme,globex}', 2), ('{}', 3), (NULL, 4)`,
    );
    const found = await withTenant(pool, 'acme', (client) => client.query('SELECT id FROM batch'));
    expect(found.rows).toEqual([{ id: 1 }]);
  });

  it('has no right on a table without a tenant (TI3)', async () => {
    const reading = withTenant(pool, 'acme', (client) => client.query('SELECT FROM shared'));
    await expect(reading).rejects.toThrow('permission denied for table shared');
    await expect(pool.query('SELECT FROM shared')).resolves.toMatchObject({ rows: [] });
  });

  it('finds nothing without the setting, before and after a transaction with it (TI2)', async () => {
    const unset = async (): Promise<number[]> => {
      const client = await pool.connect();
      await client.query(`BEGIN; SET LOCAL ROLE ${schema}_tenant`);
      const found = await things(client);
      await client.query('ROLLBACK');
      client.release();
      return found;
    };
    expect(await unset()).toEqual([]);
    await withTenant(pool, 'acme', things);
    expect(await unset()).toEqual([]);
  });

  it.each([
    ['succeeded', () => Promise.resolve()],
    ['failed', () => Promise.reject(new Error('no'))],
  ])('leaves neither role nor tenant on its connection after the work %s', async (_, work) => {
    await withTenant(pool, 'acme', work).catch(() => undefined);
    const { rows } = await pool.query(
      `SELECT current_user AS role, nullif(current_setting('mesh.tenant', true), '') AS tenant`,
    );
    expect(rows).toEqual([{ role: `${schema}_service`, tenant: null }]);
  });

  it('rolls back failed work, and tells of a failed statement that the work ignored', async () => {
    const failing = withTenant(pool, 'acme', async (client) => {
      await client.query(`INSERT INTO thing VALUES ('acme', 5)`);
      throw new Error('the work failed');
    });
    await expect(failing).rejects.toThrow('the work failed');
    const ignoring = withTenant(pool, 'acme', async (client) => {
      await client.query(`INSERT INTO thing VALUES ('acme', 5)`);
      await client.query('SELECT nonsense').catch(() => undefined);
    });
    await expect(ignoring).rejects.toThrow('it was rolled back');
    expect(await things(pool)).not.toContain(5);
  });

  it('replaces a connection that broke', async () => {
    const breaking = withTenant(pool, 'acme', (client) =>
      client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
    );
    await expect(breaking).rejects.toThrow();
    expect(await withTenant(pool, 'acme', things)).toEqual([1]);
  });

  it('refuses an empty tenant', async () => {
    await expect(withTenant(pool, '', things)).rejects.toThrow('needs the id of a tenant');
  });
});
