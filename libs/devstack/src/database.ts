import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database that nobody else uses. */
export interface OwnDatabase extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** Ends all sessions in it and drops it. */
  drop(): Promise<void>;
}

/**
 * Creates a database on the server of `databaseUrl`, empty and under a name that starts with `name` and was never
 * used before, so that tests that share a server share nothing else.
 */
export async function createDatabase(databaseUrl: string, name: string): Promise<OwnDatabase> {
  const unique = `${name}_${randomBytes(5).toString('hex')}`;
  const quoted = pg.escapeIdentifier(unique);
  // Not from the template that somebody may be connected to, which would fail.
  await execute(databaseUrl, `CREATE DATABASE ${quoted} TEMPLATE template0`);
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(unique)}`;
  const drop = () => execute(databaseUrl, `DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
  return { name: unique, url: url.href, drop, [Symbol.asyncDispose]: drop };
}

async function execute(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
