import { errorMessage } from '@action-mesh/kernel';
import type pg from 'pg';

import { MigrationError } from './postgres.errors.js';

/** Commits the work of migrations, or none of it. `within` names the file of an error. */
export async function inTransaction(
  client: pg.Client,
  work: (within: (name: string) => void) => Promise<void>,
): Promise<void> {
  let current = '';
  await client.query('BEGIN');
  try {
    await work((name) => {
      current = name;
    });
    await client.query('COMMIT');
  } catch (error) {
    // A broken connection has rolled back already.
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError(`${current} failed: ${errorMessage(error)}`, { cause: error });
  }
}
