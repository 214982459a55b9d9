import type pg from 'pg';

import type { ChainEnd, Person } from '../../domain/chain-record.js';
import { nextRecord } from '../../domain/chain-record.js';
import type { NewEntry } from '../../domain/new-entry.js';
import type { ChainSigner } from '../../domain/signing-keys.js';
import { entryRow, insertEntries } from './entry-row.js';

/** Locks the chain of a tenant until the end of the transaction. Undefined: it has none. */
export async function lockChain(client: pg.ClientBase, tenantId: string): Promise<ChainEnd | undefined> {
  const { rows } = await client.query<{ seq: string; hash: Buffer }>(
    'SELECT seq, hash FROM chain WHERE tenant_id = $1 FOR UPDATE',
    [tenantId],
  );
  return rows.map(({ seq, hash }) => ({ seq: Number(seq), hash }))[0];
}

/** Appends one entry of audit itself behind the lock of its chain. Resolves with its place. */
export async function appendOwnEntry(
  client: pg.ClientBase,
  signer: ChainSigner,
  entry: NewEntry,
  end: ChainEnd,
  person?: Person,
): Promise<number> {
  const { tenantId, at } = entry;
  const record = nextRecord(entry, { end, person, recordedAt: at, keepContent: true });
  const row = entryRow(entry, record, person?.person, at);
  row.signature = signer.signCheckpoint({ tenantId, seq: record.seq, hash: record.hash }).toString('hex');
  await insertEntries(client, [row]);
  await client.query('UPDATE chain SET seq = $2, hash = $3 WHERE tenant_id = $1', [
    tenantId,
    record.seq,
    record.hash,
  ]);
  return record.seq;
}
