import type { ChangedConnection, ConnectionChange } from '@action-mesh/contracts/auth-broker';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import { changeOf } from '../../../domain/connections/stored-connection.js';
import { storedConnectionOf, type ConnectionRow } from './connection-row.js';

/** A committed change that may not be on `mesh.connections` yet. */
export interface CommittedChange {
  readonly id: string;
  readonly value: ChangedConnection;
}

/** Gets the changes of a transaction right after its commit. It must not throw. */
export type OnCommittedChanges = (changes: readonly CommittedChange[]) => void;

/** Records a change of a row that has its new `seq` already. It commits together with the row. */
export type RecordChange = (row: ConnectionRow, change: ConnectionChange, error?: string) => Promise<void>;

/**
 * Runs work as the role of a tenant, and tells its changes after the commit.
 *
 * - CE1: a change and its record commit together. A crash in between publishes it later.
 */
export async function withChanges<Result>(
  pool: pg.Pool,
  tenantId: string,
  onCommitted: OnCommittedChanges,
  work: (client: pg.ClientBase, record: RecordChange) => Promise<Result>,
): Promise<Result> {
  const changes: CommittedChange[] = [];
  const result = await withTenant(pool, tenantId, (client) =>
    work(client, async (row, change, error) => {
      changes.push(await insertChange(client, row, change, error));
    }),
  );
  if (changes.length > 0) onCommitted(changes);
  return result;
}

/** Inserts a change on any connection to the database. */
export async function insertChange(
  client: pg.ClientBase,
  row: ConnectionRow,
  change: ConnectionChange,
  error?: string,
): Promise<CommittedChange> {
  const value = changeOf(storedConnectionOf(row), change, error);
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO connection_event (tenant_id, connection_id, value) VALUES ($1, $2, $3) RETURNING id',
    [value.tenant_id, value.connection_id, JSON.stringify(value)],
  );
  return { id: rows[0]?.id ?? '', value };
}
