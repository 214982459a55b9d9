import pg from 'pg';

import { serviceRoleOf } from './schema-roles.js';

export interface PoolOptions {
  readonly url: string;
  /** The schema of unqualified names; the service's own schema. */
  readonly schema: string;
  /** The name in pg_stat_activity. */
  readonly applicationName: string;
  readonly maxConnections: number;
  /**
   * The role of all statements. `service`: the role of the schema's service, which `migrate` makes.
   * @default the login user of `url`
   */
  readonly role?: 'service';
  /**
   * The longest time of one statement, in milliseconds.
   * @default 10000
   */
  readonly statementTimeoutMs?: number;
}

/**
 * A connection pool for one purpose. Purposes do not share pools, so one cannot starve another. The pool sets
 * `synchronous_commit` itself, because every promise of the mesh depends on commits that are on disk.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(options),
    max: options.maxConnections,
    idleTimeoutMillis: 0,
    allowExitOnIdle: false,
  });
  // A broken idle connection is replaced at the next use. Without a listener, its error would end the process.
  pool.on('error', () => undefined);
  // The pool stops listening while a connection is in use. Between two statements, only this listener catches an error.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A single connection, for work that must not wait behind queries: leases, locks, notifications. */
export function createClient(options: Omit<PoolOptions, 'maxConnections'>): pg.Client {
  return new pg.Client(connectionConfig(options));
}

function connectionConfig(options: Omit<PoolOptions, 'maxConnections'>): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  const settings = [`search_path=${options.schema}`, 'synchronous_commit=on', 'jit=off'];
  // A setting of the connection itself: RESET ROLE and the end of a transaction return to it.
  if (options.role === 'service') settings.push(`role=${serviceRoleOf(options.schema)}`);
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: 5_000,
    // The server's timeout comes first. The client's is for a server that does not answer at all.
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
  };
}
