import type { Pool } from 'pg';

import type { PendingWork } from '../../application/pending-work.port.js';
import type { InstanceLease } from './instance-lease.js';
import type { LedgerHealth } from './ledger-health.js';
import { liveInstance } from './live-instance.js';
import { leftBehind } from './outbox-relay.js';
import { nextDueAt } from './take-statements.js';

export interface PendingWorkQueryOptions {
  readonly pool: Pool;
  readonly lease: Pick<InstanceLease, 'current'>;
  readonly health: Pick<LedgerHealth, 'refused'>;
  /** Milliseconds before a record of a living writer counts as left behind. */
  readonly patienceMs: number;
}

interface PendingRow {
  readonly unpublished: boolean;
  readonly orphans: boolean;
  readonly due_in_ms: number | null;
  readonly overflow: boolean;
  readonly held: boolean;
  readonly instances: number;
}

const live = 'i.ended_at IS NULL AND i.lease_until > clock_timestamp()';

/** As in end_dead_instances: the lease has ended, or the lock is free. Holds the lock until the end of the statement. */
const deadInstance = `
  EXISTS (SELECT FROM instance i
           WHERE i.ended_at IS NULL AND i.id <> $2
             AND (i.lease_until < clock_timestamp()
                  OR pg_try_advisory_xact_lock_shared(advisory_class(), i.id::integer)))`;

/** As in take_over_calls. */
const orphanedClaim = `
  EXISTS (SELECT FROM claim c WHERE NOT EXISTS (SELECT FROM instance i WHERE i.id = c.owner AND ${live}))`;

/** The conditions are those of the workers' own statements, so a woken worker finds what this statement saw. */
const statement = `
  SELECT EXISTS (SELECT FROM outbox o WHERE ${leftBehind('$1')}) AS unpublished,
         ${deadInstance} OR ${orphanedClaim} AS orphans,
         (extract(epoch FROM ${nextDueAt} - clock_timestamp()) * 1000)::double precision AS due_in_ms,
         EXISTS (SELECT FROM waiting WHERE lane = 'overflow') AS overflow,
         EXISTS (SELECT FROM waiting WHERE reason = 'switched_off') AS held,
         (SELECT count(*) FROM instance i WHERE ${live})::integer AS instances`;

/** Looks for all background work with one statement, which writes nothing. */
export class PendingWorkQuery {
  readonly #options: PendingWorkQueryOptions;

  constructor(options: PendingWorkQueryOptions) {
    this.#options = options;
  }

  /** Throws `LedgerUnavailableError` while this process has no instance. */
  async look(): Promise<PendingWork> {
    const { pool, lease, health, patienceMs } = this.#options;
    const { id } = liveInstance(lease, health);
    const { rows } = await pool.query<PendingRow>({
      name: 'pending_work',
      text: statement,
      values: [patienceMs, id],
    });
    const [row] = rows;
    if (row === undefined) throw new Error('the ledger did not answer');
    return {
      hasUnpublished: row.unpublished,
      hasOrphans: row.orphans,
      untilDueMs: row.due_in_ms ?? undefined,
      hasOverflow: row.overflow,
      hasHeld: row.held,
      instances: row.instances,
    };
  }
}
