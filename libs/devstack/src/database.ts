import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database for the caller alone. */
export interface OwnDatabase extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** Ends all sessions in the database and drops it. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the server of `databaseUrl`. Its new name starts with `name`, so tests on a shared
 * server share nothing else.
 */
export async function createDatabase(databaseUrl: string, name: string): Promise<OwnDatabase> {
  const unique = `${name}_${randomBytes(5).toString('hex')}`;
  const quoted = pg.escapeIdentifier(unique);
  // The default template fails while another session is connected to it.
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
