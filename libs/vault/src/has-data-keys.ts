import { createClient } from '@action-mesh/postgres';

/** Whether the schema of a service holds secrets already, so a new key-encryption key could not open them. */
export async function hasDataKeys(databaseUrl: string, schema: string): Promise<boolean> {
  const client = createClient({
    url: databaseUrl,
    schema,
    applicationName: `${schema}-keys`,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ is_there: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS is_there',
      [`${schema}.data_key`],
    );
    if (rows[0]?.is_there !== true) return false;
    // Row-level security shows no row to the login user, so the role of the service asks.
    await client.query(`SET ROLE ${client.escapeIdentifier(`${schema}_service`)}`);
    const { rowCount } = await client.query('SELECT FROM data_key LIMIT 1');
    return rowCount !== 0;
  } finally {
    await client.end();
  }
}
