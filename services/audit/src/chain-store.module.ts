import { createPool } from '@action-mesh/postgres';

import { holdsEntries } from './adapters/postgres/history-key.js';
import { PostgresChainStore } from './adapters/postgres/postgres-chain-store.js';
import type { ChainStore } from './application/chain-store.port.js';

/** A store of chains with its own connection to the database. */
export interface OpenChainStore extends AsyncDisposable {
  readonly store: ChainStore;
}

/** Opens the store for a command that reads the history. Its owner disposes of it. */
export function openChainStore(databaseUrl: string): OpenChainStore {
  const pool = createPool({
    url: databaseUrl,
    schema: 'audit',
    role: 'service',
    applicationName: 'audit-verify',
    maxConnections: 1,
  });
  return { store: new PostgresChainStore(pool), [Symbol.asyncDispose]: () => pool.end() };
}

/** Whether a database holds a history already, so a new signing key would not be its key. */
export function hasHistory(databaseUrl: string): Promise<boolean> {
  return holdsEntries(databaseUrl);
}
