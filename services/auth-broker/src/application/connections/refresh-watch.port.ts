import type { TraceContext } from '@action-mesh/kernel';

import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { RefreshResult } from './refresh-result.js';

/** Watches refreshes. It changes nothing about them. */
export interface RefreshWatch {
  /** Runs a refresh under its lease, and takes note of its end. `trace`: the span that waits for it. Absent: none does. */
  refresh(
    connection: StoredConnection,
    trace: TraceContext | undefined,
    run: () => Promise<RefreshResult>,
  ): Promise<RefreshResult>;
}

/** Refreshes that nobody watches. */
export const noRefreshWatch: RefreshWatch = { refresh: (_connection, _trace, run) => run() };
