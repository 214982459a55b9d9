import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { jest } from '@jest/globals';
import pg from 'pg';

import { createPool, migrate, withTenant } from '../src/index.js';
import { isolationFaults } from './isolation-faults.js';
import { createLogin, type OwnLogin } from './login-user.js';

jest.setTimeout(120_000);

const services = fileURLToPath(new URL('../../../services', import.meta.url));

interface Schema {
  readonly schema: string;
  readonly folder: string;
}

/** Every service with migrations, and its schema. */
async function serviceSchemas(): Promise<Schema[]> {
  const schemas: Schema[] = [];
  for (const service of (await readdir(services)).sort()) {
    const folder = join(services, service, 'migrations');
    const exists = await access(folder).then(
      () => true,
      () => false,
    );
    if (exists) schemas.push({ schema: service.replaceAll('-', '_'), folder });
  }
  return schemas;
}

/** Prepares the roles of a schema as an administrator does for a login user without CREATEROLE. */
async function prepareRoles({ admin, name }: OwnLogin, schema: string): Promise<void> {
  for (const role of [`${schema}_service`, `${schema}_tenant`]) {
    // Another test may make the same role at this moment.
    await admin.query(`CREATE ROLE ${role} NOLOGIN`).catch(() => undefined);
    await admin.query(`GRANT ${role} TO ${name} WITH INHERIT FALSE`);
  }
}

let login: OwnLogin;
let schemas: Schema[];

beforeAll(async () => {
  login = await createLogin();
  schemas = await serviceSchemas();
  for (const { schema, folder } of schemas) {
    await prepareRoles(login, schema);
    await migrate({ url: login.url, schema, folder });
  }
});

afterAll(() => login[Symbol.asyncDispose]());

it('every table of every service with a column for tenants is isolated (TI1–TI4)', async () => {
  expect(schemas.map(({ schema }) => schema)).toEqual(
    expect.arrayContaining(['catalog', 'executor', 'rate_governor']),
  );
  for (const { schema } of schemas) expect(await isolationFaults(login.admin, schema)).toEqual([]);
});

it('the guide for administrators names the roles of every service', async () => {
  const guide = await readFile(join(services, '..', 'deploy', 'README.md'), 'utf8');
  const named = new Set(guide.match(/(?<=CREATE ROLE )\w+_(?:service|tenant)(?= NOLOGIN)/g));
  expect([...named]).toEqual(
    expect.arrayContaining(schemas.flatMap(({ schema }) => [`${schema}_service`, `${schema}_tenant`])),
  );
});

describe('a tenant and the rows of another', () => {
  const [mine, theirs] = ['acme', 'globex'];
  let pools: Map<string, pg.Pool>;
  let tables: TenantTable[];

  beforeAll(async () => {
    pools = new Map(
      schemas.map(({ schema }) => [
        schema,
        createPool({ url: login.url, schema, role: 'service', applicationName: 'test', maxConnections: 1 }),
      ]),
    );
    tables = [];
    for (const { schema } of schemas) tables.push(...(await tenantTables(login.admin, schema)));
    await fill(login.admin, tables, [mine, theirs]);
  });

  afterAll(() => Promise.all([...pools.values()].map((pool) => pool.end())));

  /** Runs a statement as the role of a tenant and returns the number of its rows. */
  async function rowsOf(table: TenantTable, tenant: string, statement: string): Promise<number | null> {
    const pool = pools.get(table.schema);
    if (pool === undefined) throw new Error(`no pool for ${table.schema}`);
    return withTenant(pool, tenant, async (client) => (await client.query(statement)).rowCount);
  }

  it('are apart on every table: it finds, changes and deletes none, and writes none (TI2)', async () => {
    expect(tables.length).toBeGreaterThan(15);
    for (const table of tables) {
      const { name, column } = table;
      const { rows } = await login.admin.query(`SELECT FROM ${name} WHERE ${isOf(column, theirs)}`);
      const about = (what: string): string => `${name}: ${what}`;
      // The rows are there: the table is not merely empty.
      expect([about('rows'), rows.length > 0]).toEqual([about('rows'), true]);
      const counts = [
        await rowsOf(table, theirs, `SELECT FROM ${name}`),
        await rowsOf(table, mine, `SELECT FROM ${name} WHERE ${isOf(column, theirs)}`),
        await rowsOf(table, mine, `UPDATE ${name} SET ${column} = ${column} WHERE ${isOf(column, theirs)}`),
        await rowsOf(table, mine, `DELETE FROM ${name} WHERE ${isOf(column, theirs)}`),
        await rowsOf(table, mine, `DELETE FROM ${name}`),
      ];
      expect([name, ...counts.slice(0, 4)]).toEqual([name, rows.length, 0, 0, 0]);
      await expect(rowsOf(table, mine, insertInto(table, theirs, 0))).rejects.toThrow('row-level security');
      const taken = `UPDATE ${name} SET ${column} = ${valueOf(column, mine)}`;
      // Of a partition, PostgreSQL may first find that the row belongs to another one.
      await expect(rowsOf(table, theirs, taken)).rejects.toThrow('violates');
      const after = await login.admin.query(`SELECT FROM ${name} WHERE ${isOf(column, theirs)}`);
      expect([about('rows left'), after.rowCount]).toEqual([about('rows left'), rows.length]);
    }
  });

  it('are all hidden from the owner of the tables, and all visible to the service (TI1, TI4)', async () => {
    const owner = new pg.Client({ connectionString: login.url });
    await owner.connect();
    for (const { name, schema } of tables) {
      expect([name, (await owner.query(`SELECT FROM ${name}`)).rowCount]).toEqual([name, 0]);
      const { rowCount } = await login.admin.query(`SELECT FROM ${name}`);
      expect([name, (await pools.get(schema)?.query(`SELECT FROM ${name}`))?.rowCount]).toEqual([
        name,
        rowCount,
      ]);
    }
    await owner.end();
  });
});

describe('a schema with a fault', () => {
  const schema = 'faulty_test';
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faulty-'));
    await writeFile(join(folder, '0001-first.sql'), 'CREATE TABLE thing (tenant_id text)');
    await prepareRoles(login, schema);
    await migrate({ url: login.url, schema, folder });
    await login.admin.query(`SET search_path = ${schema}`);
  });

  afterEach(async () => {
    await login.admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await login.admin.query(`DROP OWNED BY ${schema}_service, ${schema}_tenant CASCADE`);
    await login.admin.query(`DROP ROLE ${schema}_service, ${schema}_tenant`);
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      'a table behind the back of the migrations',
      'CREATE TABLE secret (tenant_id text)',
      [
        'secret does not enable and force row-level security',
        'secret has no policy for the role of tenants',
        'secret has no policy for the role of the service',
      ],
    ],
    [
      'a tenant column of another name',
      'CREATE TABLE secret (tenant text)',
      ['secret has a column for tenants with another name than tenant_id or tenants'],
    ],
    [
      'security that its owner passes',
      'ALTER TABLE thing NO FORCE ROW LEVEL SECURITY',
      ['thing does not enable and force row-level security'],
    ],
    [
      'a policy that lets a tenant write anything',
      'ALTER POLICY tenant ON thing WITH CHECK (true)',
      ['thing has no policy for the role of tenants'],
    ],
    [
      'a policy for everyone',
      'CREATE POLICY more ON thing USING (true)',
      ['thing has a policy beside these two'],
    ],
    [
      'a table of the service',
      `ALTER TABLE thing OWNER TO ${schema}_service`,
      ['thing belongs to a role of the service'],
    ],
    [
      'a function with the rights of its owner',
      'CREATE FUNCTION peek() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS $$ SELECT count(*) FROM thing $$',
      ['peek runs with the rights of its owner'],
    ],
    [
      'a view with the rights of its owner',
      'CREATE VIEW peek AS SELECT 1 AS one FROM thing',
      ['peek is a view without the rights of its reader'],
    ],
    [
      'a role that passes row-level security',
      `ALTER ROLE ${schema}_tenant BYPASSRLS`,
      [`${schema}_tenant is a role that can log in or that row-level security does not bind`],
    ],
    [
      'a role of tenants with the rights of the service',
      `GRANT ${schema}_service TO ${schema}_tenant`,
      [`${schema}_tenant is a role that can log in or that row-level security does not bind`],
    ],
  ])('is named: %s', async (_, harm, faults) => {
    expect(await isolationFaults(login.admin, schema)).toEqual([]);
    await login.admin.query(harm);
    const found = await isolationFaults(login.admin, schema);
    expect(found).toEqual(expect.arrayContaining([...faults]));
  });
});

interface TenantTable {
  readonly schema: string;
  /** With its schema. */
  readonly name: string;
  readonly column: 'tenant_id' | 'tenants';
  readonly isPartition: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly fixed: boolean }[];
}

async function tenantTables(admin: pg.Client, schema: string): Promise<TenantTable[]> {
  const { rows } = await admin.query<TenantTable>(
    `SELECT i.table_schema::text AS schema, format('%I.%I', i.table_schema, i.table_name) AS name, i.column_name AS column,
            (SELECT relispartition FROM pg_class WHERE oid = format('%I.%I', i.table_schema, i.table_name)::regclass)
              AS "isPartition",
            (SELECT json_agg(json_build_object('name', c.column_name, 'type', c.udt_name,
                                               'fixed', c.identity_generation IS NOT NULL OR c.is_generated <> 'NEVER'))
               FROM information_schema.columns c
              WHERE c.table_schema = i.table_schema AND c.table_name = i.table_name) AS columns
       FROM information_schema.columns i
      WHERE i.table_schema = $1 AND i.column_name IN ('tenant_id', 'tenants') ORDER BY 2`,
    [schema],
  );
  return rows;
}

const valueOf = (column: TenantTable['column'], tenant: string): string =>
  column === 'tenants' ? `ARRAY['${tenant}']` : `'${tenant}'`;

const isOf = (column: TenantTable['column'], tenant: string): string =>
  `${column} = ${valueOf(column, tenant)}`;

const sampleValues: Readonly<Record<string, string>> = {
  uuid: 'gen_random_uuid()',
  timestamptz: 'now()',
  bool: 'true',
  json: `'{}'`,
  jsonb: `'{}'`,
  _text: `'{}'`,
  _bytea: `'{}'`,
};

/** An insert of the row `n` of this tenant. */
function insertInto({ name, column, columns }: TenantTable, tenant: string, n: number): string {
  const written = columns.filter(({ fixed }) => !fixed);
  const values = written.map((each) => {
    if (each.name === column) return valueOf(column, tenant);
    if (each.type === 'text') return `'${tenant}-${n}'`;
    if (each.type === 'bytea') return `convert_to('${tenant}-${n}', 'UTF8')`;
    if (/^(?:int|float)/.test(each.type)) return String(n);
    const value = sampleValues[each.type];
    if (value === undefined) throw new Error(`no sample for the type ${each.type} of ${name}.${each.name}`);
    return value;
  });
  return `INSERT INTO ${name} (${written.map((each) => each.name).join(', ')}) VALUES (${values.join(', ')})`;
}

/** Rows of each tenant in every table, and in every partition: these divide their rows by their texts. */
async function fill(
  admin: pg.Client,
  tables: readonly TenantTable[],
  tenants: readonly string[],
): Promise<void> {
  // The meaning of a row does not matter here.
  await admin.query(`SET session_replication_role = replica`);
  const { rows } = await admin.query<{ statement: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS statement
       FROM pg_constraint WHERE contype IN ('c', 'f') AND coninhcount = 0 AND conrelid = ANY ($1::regclass[])`,
    [tables.map(({ name }) => name)],
  );
  for (const { statement } of rows) await admin.query(statement);
  for (const table of tables.filter(({ isPartition }) => !isPartition))
    for (const tenant of tenants)
      for (let n = 0; n < 50; n += 1)
        await admin.query(`${insertInto(table, tenant, n)} ON CONFLICT DO NOTHING`);
}
