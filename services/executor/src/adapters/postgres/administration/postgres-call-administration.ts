import type {
  DeadCallView,
  DeadPage,
  DeadQuery,
  WaitingPage,
  WaitingQuery,
} from '@action-mesh/contracts/executor';
import type { ClientBase, Pool } from 'pg';

import type {
  CallAdministration,
  DeadSelection,
  AdministeredCall,
  SelectedDead,
} from '../../../application/administration/call-administration.port.js';
import type { Move } from '../../../application/ledger.port.js';
import { advanceCalls, type Advanced } from '../advance-statement.js';
import type { InstanceLease } from '../instance-lease.js';
import type { OutboxWriter } from '../outbox-writer.js';
import { persist } from '../sql-batch.js';
import { readDead, readDeadCall, selectDead } from './dead-page.js';
import { knownCall, knownColumns, type KnownRow } from './known-call.js';
import { readWaiting } from './waiting-page.js';

export interface PostgresCallAdministrationOptions {
  readonly pool: Pool;
  readonly lease: InstanceLease;
  readonly outbox: OutboxWriter;
  readonly marginMs: number;
  /** Called for each parked call, with the milliseconds of its delay. */
  readonly onParked: (delayMs: number) => void;
}

/** Milliseconds of repetition after PostgreSQL rolled back for another writer. Then a person sees the error. */
const patienceMs = 2_000;

/** The administration of calls on the ledger's tables. People use it, so no statement is batched. */
export class PostgresCallAdministration implements CallAdministration {
  readonly #options: PostgresCallAdministrationOptions;

  constructor(options: PostgresCallAdministrationOptions) {
    this.#options = options;
  }

  async find(tenantId: string, callId: string): Promise<AdministeredCall | undefined> {
    const { rows } = await this.#options.pool.query<KnownRow>({
      name: 'administration_find',
      text: `SELECT ${knownColumns}
               FROM submission s
               JOIN call c ON c.tenant_id = s.tenant_id AND c.user_id = s.user_id AND c.hash = s.hash
                          AND c.call_id = coalesce(s.original_id, s.call_id)
               LEFT JOIN waiting w ON w.tenant_id = c.tenant_id AND w.user_id = c.user_id AND w.hash = c.hash
              WHERE s.tenant_id = $1 AND s.call_id = $2`,
      values: [tenantId, callId],
    });
    return rows[0] === undefined ? undefined : knownCall(rows[0]);
  }

  async advance(move: Move): Promise<boolean> {
    const advanced = await persist(() => this.#advance(this.#options.pool, [move]), patienceMs);
    this.#tell([move], advanced);
    return advanced.moved[0] === true;
  }

  waiting(tenantId: string, query: WaitingQuery): Promise<WaitingPage> {
    return readWaiting(this.#options.pool, tenantId, query);
  }

  dead(tenantId: string, query: DeadQuery): Promise<DeadPage> {
    return readDead(this.#options.pool, tenantId, query);
  }

  deadCall(tenantId: string, callId: string): Promise<DeadCallView | undefined> {
    return readDeadCall(this.#options.pool, tenantId, callId);
  }

  select(tenantId: string, selection: DeadSelection, limit: number): Promise<SelectedDead> {
    return selectDead(this.#options.pool, tenantId, selection, limit);
  }

  async takenBefore(
    tenantId: string,
    redriveId: string,
    callIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const { rows } = await this.#options.pool.query<{ call_id: string }>(
      'SELECT call_id FROM redriven WHERE tenant_id = $1 AND redrive_id = $2 AND call_id = ANY ($3)',
      [tenantId, redriveId, callIds],
    );
    return new Set(rows.map(({ call_id }) => call_id));
  }

  async redrive(tenantId: string, redriveId: string, moves: readonly Move[]): Promise<readonly string[]> {
    return moves.length === 0 ? [] : persist(() => this.#redrive(tenantId, redriveId, moves), patienceMs);
  }

  async #redrive(tenantId: string, redriveId: string, moves: readonly Move[]): Promise<readonly string[]> {
    const client = await this.#options.pool.connect();
    let failed = true;
    try {
      await client.query('BEGIN');
      // Waits for another request with this id that is under way, and then finds its rows.
      const { rows } = await client.query<{ call_id: string }>(
        `INSERT INTO redriven (tenant_id, redrive_id, call_id) SELECT $1, $2, unnest($3::uuid[])
             ON CONFLICT DO NOTHING RETURNING call_id`,
        [tenantId, redriveId, moves.map(({ known }) => known.call.call_id)],
      );
      const mine = new Set(rows.map(({ call_id }) => call_id));
      const wanted = moves.filter(({ known }) => mine.has(known.call.call_id));
      const advanced = await this.#advance(client, wanted);
      const moved = wanted.filter((_, index) => advanced.moved[index] === true);
      const ids = moved.map(({ known }) => known.call.call_id);
      await client.query(
        'DELETE FROM redriven WHERE tenant_id = $1 AND redrive_id = $2 AND call_id = ANY ($3) AND call_id <> ALL ($4)',
        [tenantId, redriveId, [...mine], ids],
      );
      await client.query('COMMIT');
      failed = false;
      this.#tell(moved, advanced);
      return ids;
    } finally {
      // Closing a connection in the middle of a transaction rolls it back.
      client.release(failed);
    }
  }

  async saga(tenantId: string, sagaId: string): Promise<readonly string[]> {
    const { rows } = await this.#options.pool.query<{ call_id: string }>(
      `SELECT g.call_id FROM saga g
         JOIN call c ON c.tenant_id = g.tenant_id AND c.user_id = g.user_id AND c.hash = g.hash AND c.call_id = g.call_id
        WHERE g.tenant_id = $1 AND g.saga_id = $2 AND c.state = 'SUCCEEDED'
        ORDER BY c.ended_at DESC, g.call_id DESC LIMIT 1000`,
      [tenantId, sagaId],
    );
    return rows.map(({ call_id }) => call_id);
  }

  #advance(database: Pool | ClientBase, moves: readonly Move[]): Promise<Advanced> {
    const { lease, marginMs } = this.#options;
    const options = { instanceId: lease.current?.id ?? '0', marginMs, unparks: true };
    return advanceCalls(database, options, moves);
  }

  #tell(moves: readonly Move[], { due }: Advanced): void {
    this.#options.outbox.publish(due);
    for (const { park } of moves) if (park !== undefined) this.#options.onParked(park.delayMs);
  }
}
