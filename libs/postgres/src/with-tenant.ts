import type pg from 'pg';

/** Both settings end with the transaction, so no later user of the connection inherits them. */
const become = `SELECT set_config('role', current_schema() || '_tenant', true), set_config('mesh.tenant', $1, true)`;

/**
 * Runs `work` in one transaction as the role of tenants. Row-level security hides the rows of every other tenant, and
 * refuses to write them. The transaction rolls back if `work` fails.
 */
export async function withTenant<Result>(
  pool: pg.Pool,
  tenantId: string,
  work: (client: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  if (tenantId === '') throw new TypeError('withTenant needs the id of a tenant');
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query('BEGIN');
    await client.query({ name: 'become_tenant', text: become, values: [tenantId] });
    const result = await work(client);
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction with a failed statement.
    if (command !== 'COMMIT') throw new Error('a statement of the transaction failed, so it was rolled back');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    client.release(isBroken);
  }
}
