import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import pg from 'pg';

import { MigrationError } from './postgres.errors.js';

export interface MigrationOptions {
  readonly url: string;
  /** Made when it is missing; must be a plain lower-case identifier. */
  readonly schema: string;
  /** Holds `NNNN-name.sql` files, applied in the order of their names. */
  readonly folder: string;
}

/**
 * Brings a service's schema up to date and returns the names of what it applied. Each file runs once, in a transaction of
 * its own, under a lock that makes concurrent starters wait for each other. A file that changed after it was applied is
 * refused: what ran in production cannot be edited.
 */
export async function migrate(options: MigrationOptions): Promise<string[]> {
  const { schema } = options;
  if (!/^[a-z][a-z_]*$/.test(schema)) throw new MigrationError(`"${schema}" is not a usable schema name`);
  const files = (await readdir(options.folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  const client = new pg.Client({
    connectionString: options.url,
    application_name: `migrate-${schema}`,
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [`migrate:${schema}`]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`SET search_path = ${schema}`);
    await client.query(`CREATE TABLE IF NOT EXISTS migration (
      name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const applied: string[] = [];
    for (const name of files) {
      const sql = await readFile(join(options.folder, name), 'utf8');
      if (await applyOnce(client, name, sql)) applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

async function applyOnce(client: pg.Client, name: string, sql: string): Promise<boolean> {
  const digest = createHash('sha256').update(sql).digest('hex');
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
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO migration (name, digest) VALUES ($1, $2)', [name, digest]);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw new MigrationError(`${name} failed: ${error instanceof Error ? error.message : 'unknown'}`, {
      cause: error,
    });
  }
}
