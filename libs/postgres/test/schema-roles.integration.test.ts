import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { newId } from '@action-mesh/kernel';
import pg from 'pg';

import { createPool, migrate } from '../src/index.js';
import { createLogin, type OwnLogin } from './login-user.js';

let folder: string;
/** Roles belong to the cluster, so each test has a schema name of its own. */
let schema: string;
let login: OwnLogin;

beforeEach(async () => {
  schema = `own_${newId().replaceAll(/[^a-z]/g, '')}`;
  folder = await mkdtemp(join(tmpdir(), 'roles-'));
  await writeFile(join(folder, '0001-first.sql'), 'CREATE TABLE thing (tenant_id text, id int)');
});

afterEach(async () => {
  await login.admin.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await login.admin.query(`DROP OWNED BY ${login.name} CASCADE`);
  for (const role of [`${schema}_service`, `${schema}_tenant`])
    await login.admin.query(`DROP ROLE IF EXISTS ${role}`);
  await login[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const run = (url = login.url): Promise<string[]> => migrate({ url, schema, folder });

async function asService<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const pool = createPool({
    url: login.url,
    schema,
    role: 'service',
    applicationName: 'test',
    maxConnections: 1,
  });
  try {
    return (await pool.query<Row>(text)).rows;
  } finally {
    await pool.end();
  }
}

describe('a login user with CREATEROLE', () => {
  beforeEach(async () => {
    login = await createLogin('CREATEROLE');
  });

  it('makes the roles of its schema, and the service runs as one of them', async () => {
    expect(await run()).toEqual(['0001-first.sql']);
    expect(await run()).toEqual([]);
    await asService(`INSERT INTO thing VALUES ('acme', 1)`);
    expect(await asService('SELECT current_user AS role, id FROM thing')).toEqual([
      { role: `${schema}_service`, id: 1 },
    ]);
  });

  it('gives the service its rights on later tables, and none on the schema itself', async () => {
    await run();
    await writeFile(
      join(folder, '0002-later.sql'),
      'CREATE TABLE later (id int GENERATED ALWAYS AS IDENTITY)',
    );
    await run();
    await asService('INSERT INTO later DEFAULT VALUES');
    await expect(asService('CREATE TABLE own (id int)')).rejects.toThrow('permission denied for schema');
    await expect(asService('ALTER TABLE thing ADD more int')).rejects.toThrow('must be owner');
    await expect(asService('DELETE FROM migration')).rejects.toThrow('permission denied');
  });

  it('sees no row of a tenant itself, although it owns the tables (TI1)', async () => {
    await run();
    await asService(`INSERT INTO thing VALUES ('acme', 1)`);
    const own = new pg.Client({ connectionString: login.url });
    await own.connect();
    expect((await own.query(`SELECT * FROM ${schema}.thing`)).rows).toEqual([]);
    await own.end();
  });

  it('cannot change rows in a migration without a role that sees them', async () => {
    await run();
    await writeFile(join(folder, '0002-rows.sql'), 'UPDATE thing SET id = 2');
    await expect(run()).rejects.toThrow('would be affected by row-level security');
    await asService(`INSERT INTO thing VALUES ('acme', 1)`);
    await writeFile(
      join(folder, '0002-rows.sql'),
      `SET LOCAL ROLE ${schema}_service; SET LOCAL row_security = on; UPDATE thing SET id = 2; RESET ROLE`,
    );
    expect(await run()).toEqual(['0002-rows.sql']);
    expect(await asService('SELECT id FROM thing')).toEqual([{ id: 2 }]);
  });
});

describe('starters of several databases in one cluster', () => {
  it('make the roles together', async () => {
    login = await createLogin('CREATEROLE');
    const others = await Promise.all([createLogin(), createLogin(), createLogin()]);
    try {
      const urls = others.map(({ database }) => {
        const url = new URL(login.url);
        url.pathname = `/${database.name}`;
        return url.href;
      });
      for (const { admin, database } of others)
        await admin.query(`GRANT CREATE ON DATABASE ${database.name} TO ${login.name}`);
      const applied = await Promise.all([login.url, ...urls].map(run));
      expect(applied).toEqual([...urls, login.url].map(() => ['0001-first.sql']));
    } finally {
      for (const other of others) {
        await other.admin.query(`DROP OWNED BY ${login.name} CASCADE`);
        await other[Symbol.asyncDispose]();
      }
    }
  });
});

describe('a login user without CREATEROLE', () => {
  beforeEach(async () => {
    login = await createLogin();
  });

  it('is refused with the statements that an administrator has to run, and these suffice', async () => {
    const refused = await run().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'POSTGRES_MIGRATION_FAILED' });
    const [statements = ''] =
      /CREATE ROLE \w+ NOLOGIN; CREATE ROLE \w+ NOLOGIN; GRANT \w+, \w+ TO \w+;/.exec(String(refused)) ?? [];
    await login.admin.query(statements);
    expect(await run()).toEqual(['0001-first.sql']);
    await asService(`INSERT INTO thing VALUES ('acme', 1)`);
  });

  it('is refused while another user made the roles and has not granted them', async () => {
    await login.admin.query(`CREATE ROLE ${schema}_service; CREATE ROLE ${schema}_tenant`);
    await expect(run()).rejects.toThrow(
      `Run this as an administrator: GRANT ${schema}_service, ${schema}_tenant TO ${login.name};`,
    );
  });

  it.each([
    ['is a superuser', (role: string) => `ALTER ROLE ${role} SUPERUSER`],
    ['passes row-level security', (role: string) => `ALTER ROLE ${role} BYPASSRLS`],
    ['is a member of the role for all tenants', (role: string) => `GRANT ${schema}_service TO ${role}`],
  ])('is refused when the role of tenants %s', async (_, harm) => {
    await login.admin.query(`CREATE ROLE ${schema}_service; CREATE ROLE ${schema}_tenant`);
    await login.admin.query(`GRANT ${schema}_service, ${schema}_tenant TO ${login.name}`);
    await login.admin.query(harm(`${schema}_tenant`));
    await expect(run()).rejects.toThrow(`row-level security does not bind the role ${schema}_tenant`);
  });
});
