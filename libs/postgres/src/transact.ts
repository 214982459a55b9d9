import type pg from 'pg';

/** Commits the work on one connection, or none of it. It runs as the role of the service, for all tenants. */
export async function transact<Result>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((broken: unknown) => {
      failure = broken instanceof Error ? broken : new Error('the rollback failed');
    });
    throw error;
  } finally {
    // A connection without a rollback is not used again.
    client.release(failure);
  }
}
