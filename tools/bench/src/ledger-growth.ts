import pg from 'pg';

/** The rows of one insert. It keeps memory flat and shows progress. */
const chunk = 50_000;

/**
 * Fills the ledger with ended calls until it holds `rows` of them. Empties it first if it holds more. The calls have
 * the shapes and indexes of a mesh in use, and belong to a thousand users.
 */
export async function growLedger(
  databaseUrl: string,
  rows: number,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=executor' });
  await client.connect();
  try {
    let held = Number(
      (await client.query<{ count: string }>('SELECT count(*) FROM call')).rows[0]?.count ?? 0,
    );
    if (held > rows) {
      await client.query('TRUNCATE call, submission, call_history, idempotency_key');
      held = 0;
    }
    while (held < rows) {
      signal.throwIfAborted();
      const more = Math.min(chunk, rows - held);
      await client.query(
        `WITH made AS (
           SELECT gen_random_uuid() AS call_id, 'grown-user-' || (n % 1000) AS user_id,
                  sha256(convert_to('grown ' || n, 'UTF8')) AS hash
             FROM generate_series($1::int, $2::int) AS n),
         submitted AS (
           INSERT INTO submission (call_id, tenant_id, user_id, hash, trace, received_at)
           SELECT call_id, 'default', user_id, hash, '', now() FROM made)
         INSERT INTO call (tenant_id, user_id, hash, call_id, state, fence, attempt, seq, owner, request, trace,
                           provider_key, digest, dispatched_at, received_at, ended_at, validity_ms, valid_until, outcome)
         SELECT 'default', user_id, hash, call_id, 'SUCCEEDED', 1, 1, 1, 0, repeat('x', 500), '', call_id::text, hash,
                now(), now(), now(), 86400000, now() + interval '1 day', repeat('y', 400) FROM made`,
        [held, held + more - 1],
      );
      held += more;
      say(`  the ledger holds ${held.toLocaleString('en')} calls`);
    }
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}
