import { ConfigError } from '@action-mesh/platform';
import { createClient } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ChainPublicKeys } from '../../domain/signing-keys.js';

/** The chains whose last signature is compared with the keys. One that somebody changed is a matter of a verification. */
const compared = 100;

interface SignedEndRow {
  readonly tenant_id: string;
  readonly seq: string;
  readonly hash: Buffer;
  readonly signature: Buffer;
}

/**
 * Rejects with `ConfigError` when the history was signed with other keys alone. Entries of a wrong key would make the
 * history unverifiable from then on.
 */
export async function requireKeyOfHistory(pool: pg.Pool, keys: ChainPublicKeys): Promise<void> {
  const { rows } = await pool.query<SignedEndRow>(
    `SELECT c.tenant_id, c.seq, c.hash, e.signature
       FROM chain c JOIN entry e ON e.tenant_id = c.tenant_id AND e.seq = c.seq
      WHERE e.signature IS NOT NULL LIMIT ${compared}`,
  );
  const isOurs = rows.some(({ tenant_id: tenantId, seq, hash, signature }) =>
    keys.isCheckpoint({ tenantId, seq: Number(seq), hash }, signature),
  );
  if (rows.length === 0 || isOurs) return;
  throw new ConfigError([
    {
      variable: 'AUDIT_SIGNING_KEY',
      problem:
        'is not the key that signed the history in this database; restore the former key, or add its public key to AUDIT_FORMER_PUBLIC_KEYS',
    },
  ]);
}

/** Whether a database holds an entry. */
export async function holdsEntries(databaseUrl: string): Promise<boolean> {
  const client = createClient({ url: databaseUrl, schema: 'audit', applicationName: 'audit-key' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ is_there: boolean }>(
      `SELECT to_regclass('audit.entry') IS NOT NULL AS is_there`,
    );
    if (rows[0]?.is_there !== true) return false;
    // Row-level security shows no row to the login user, so the role of the service asks.
    await client.query('SET ROLE audit_service');
    const { rowCount } = await client.query('SELECT FROM entry LIMIT 1');
    return rowCount !== 0;
  } finally {
    await client.end();
  }
}
