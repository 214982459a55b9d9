import pg from 'pg';

import { readOrdered, readRepeatable, type OrderedMigration } from './migration-files.js';
import { MigrationError } from './postgres.errors.js';
import { inTransaction } from './migration-transaction.js';
import { applyRepeatable } from './repeatable-migrations.js';
import { ensureRoles } from './schema-roles.js';
import { grantServiceRights, isolateTenants } from './tenant-isolation.js';

export interface MigrationOptions {
  readonly url: string;
  /** Created if it is missing. Must be a plain lower-case identifier. */
  readonly schema: string;
  /** Holds `NNNN-name.sql` files for tables, and a subfolder `functions` with a file per function or group of functions. */
  readonly folder: string;
}

/**
 * Brings a service's schema up to date and returns the names of the applied files. A lock makes concurrent starters wait
 * for each other. The roles of the schema come first; every table with a tenant column is isolated in the transaction
 * that creates it.
 *
 * An ordered file runs once, in its own transaction. A file that changed after it was applied is refused, because its
 * effects are already in the data. The files of `functions` follow, all in one transaction; see `applyRepeatable`.
 */
export async function migrate(options: MigrationOptions): Promise<string[]> {
  const { schema, folder } = options;
  if (!/^[a-z][a-z_]*$/.test(schema)) throw new MigrationError(`"${schema}" is not a usable schema name`);
  const ordered = await readOrdered(folder);
  const repeatable = await readRepeatable(folder);
  const client = new pg.Client({
    connectionString: options.url,
    application_name: `migrate-${schema}`,
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks fails its statement; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [`migrate:${schema}`]);
    await ensureRoles(client, schema);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`SET search_path = ${schema}`);
    // Only the files of functions have a revision and objects. The objects are the signatures to drop before the next
    // revision.
    await client.query(`CREATE TABLE IF NOT EXISTS migration (
      name text PRIMARY KEY, digest text NOT NULL, revision integer, objects text[],
      applied_at timestamptz NOT NULL DEFAULT now())`);
    await grantServiceRights(client, schema);
    const applied: string[] = [];
    for (const migration of ordered) {
      if (await applyOnce(client, schema, migration)) applied.push(migration.name);
    }
    await isolateTenants(client, schema);
    return [...applied, ...(await applyRepeatable(client, repeatable))];
  } finally {
    await client.end();
  }
}

async function applyOnce(
  client: pg.Client,
  schema: string,
  { name, sql, digest }: OrderedMigration,
): Promise<boolean> {
  const known = await client.query<{ digest: string }>('SELECT digest FROM migration WHERE name = $1', [
    name,
  ]);
  const [row] = known.rows;
  if (row !== undefined) {
    if (row.digest === digest) return false;
    throw new MigrationError(
      `${name} was changed after it had been applied; restore it and put the change in a new file`,
    );
  }
  await inTransaction(client, async (within) => {
    within(name);
    // Statements that would change only the visible rows of a table fail instead.
    await client.query('SET LOCAL row_security = off');
    await client.query(sql);
    await isolateTenants(client, schema);
    await client.query('INSERT INTO migration (name, digest) VALUES ($1, $2)', [name, digest]);
  });
  return true;
}
