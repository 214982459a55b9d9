import pg from 'pg';

export interface PoolOptions {
  readonly url: string;
  /** The schema that unqualified names mean; the service's own. */
  readonly schema: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly maxConnections: number;
  /**
   * The longest that one statement may take, in milliseconds.
   * @default 10000
   */
  readonly statementTimeoutMs?: number;
}

/**
 * A connection pool for one purpose. Purposes do not share pools, so that none can starve another. `synchronous_commit` is
 * set, not assumed: every promise of the mesh rests on commits that are on disk.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(options),
    max: options.maxConnections,
    idleTimeoutMillis: 0,
    allowExitOnIdle: false,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // The pool stops listening while a connection is lent out, and between two statements nobody else does.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A single connection of its own, for work that must not wait behind queries: leases, locks, notifications. */
export function createClient(options: Omit<PoolOptions, 'maxConnections'>): pg.Client {
  return new pg.Client(connectionConfig(options));
}

function connectionConfig(options: Omit<PoolOptions, 'maxConnections'>): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: 5_000,
    // The server's timeout answers first; the client's is for a server that answers nothing at all.
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    options: `-c search_path=${options.schema} -c synchronous_commit=on -c jit=off`,
  };
}
