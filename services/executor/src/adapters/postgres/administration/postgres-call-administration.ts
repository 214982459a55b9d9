import type {
  DeadCallView,
  DeadPage,
  DeadQuery,
  WaitingPage,
  WaitingQuery,
} from '@action-mesh/contracts/executor';
import { withTenant } from '@action-mesh/postgres';
import type { ClientBase, Pool } from 'pg';

import type {
  CallAdministration,
  DeadSelection,
  AdministeredCall,
  SelectedDead,
} from '../../../application/administration/call-administration.port.js';
import type { Move } from '../../../application/ledger.port.js';
import type { LedgerObserver } from '../../telemetry/ledger-observer.js';
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
  /** Sees every commit. @default nobody does */
  readonly observer?: Pick<LedgerObserver, 'moved'>;
}

/** The dead calls that one request takes. */
interface Redrive {
  readonly tenantId: string;
  readonly redriveId: string;
  readonly moves: readonly Move[];
}

/** Milliseconds of repetition after PostgreSQL rolled back for another writer. Then a person sees the error. */
const patienceMs = 2_000;

/**
 * The administration of calls on the ledger's tables. People use it, so no statement is batched, and each runs as the
 * role of its tenant.
 */
export class PostgresCallAdministration implements CallAdministration {
  readonly #options: PostgresCallAdministrationOptions;

  constructor(options: PostgresCallAdministrationOptions) {
    this.#options = options;
  }

  async find(tenantId: string, callId: string): Promise<AdministeredCall | undefined> {
    const { rows } = await this.#asTenant(tenantId, (client) =>
      client.query<KnownRow>({
        name: 'administration_find',
        text: `SELECT ${knownColumns}
               FROM submission s
               JOIN call c ON c.tenant_id = s.tenant_id AND c.user_id = s.user_id AND c.hash = s.hash
                          AND c.call_id = coalesce(s.original_id, s.call_id)
               LEFT JOIN waiting w ON w.tenant_id = c.tenant_id AND w.user_id = c.user_id AND w.hash = c.hash
              WHERE s.tenant_id = $1 AND s.call_id = $2`,
        values: [tenantId, callId],
      }),
    );
    return rows[0] === undefined ? undefined : knownCall(rows[0]);
  }

  async advance(move: Move): Promise<boolean> {
    const { tenant_id: tenantId } = move.known.call;
    const advanced = await persist(
      () => this.#asTenant(tenantId, (client) => this.#advance(client, [move])),
      patienceMs,
    );
    const isMoved = advanced.moved[0] === true;
    this.#tell(isMoved ? [move] : [], advanced);
    return isMoved;
  }

  waiting(tenantId: string, query: WaitingQuery): Promise<WaitingPage> {
    return this.#asTenant(tenantId, (client) => readWaiting(client, tenantId, query));
  }

  dead(tenantId: string, query: DeadQuery): Promise<DeadPage> {
    return this.#asTenant(tenantId, (client) => readDead(client, tenantId, query));
  }

  deadCall(tenantId: string, callId: string): Promise<DeadCallView | undefined> {
    return this.#asTenant(tenantId, (client) => readDeadCall(client, tenantId, callId));
  }

  select(tenantId: string, selection: DeadSelection, limit: number): Promise<SelectedDead> {
    return this.#asTenant(tenantId, (client) => selectDead(client, tenantId, selection, limit));
  }

  async takenBefore(
    tenantId: string,
    redriveId: string,
    callIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const { rows } = await this.#asTenant(tenantId, (client) =>
      client.query<{ call_id: string }>(
        'SELECT call_id FROM redriven WHERE tenant_id = $1 AND redrive_id = $2 AND call_id = ANY ($3)',
        [tenantId, redriveId, callIds],
      ),
    );
    return new Set(rows.map(({ call_id }) => call_id));
  }

  async redrive(tenantId: string, redriveId: string, moves: readonly Move[]): Promise<readonly string[]> {
    if (moves.length === 0) return [];
    const { moved, advanced } = await persist(
      () => this.#asTenant(tenantId, (client) => this.#redrive(client, { tenantId, redriveId, moves })),
      patienceMs,
    );
    this.#tell(moved, advanced);
    return moved.map(callIdOf);
  }

  async #redrive(
    client: ClientBase,
    { tenantId, redriveId, moves }: Redrive,
  ): Promise<{ readonly moved: readonly Move[]; readonly advanced: Advanced }> {
    // Waits for another request with this id that is under way, and then finds its rows.
    const { rows } = await client.query<{ call_id: string }>(
      `INSERT INTO redriven (tenant_id, redrive_id, call_id) SELECT $1, $2, unnest($3::uuid[])
           ON CONFLICT DO NOTHING RETURNING call_id`,
      [tenantId, redriveId, moves.map(callIdOf)],
    );
    const mine = new Set(rows.map(({ call_id }) => call_id));
    const wanted = moves.filter((move) => mine.has(callIdOf(move)));
    const advanced = await this.#advance(client, wanted);
    const moved = wanted.filter((_, index) => advanced.moved[index] === true);
    await client.query(
      'DELETE FROM redriven WHERE tenant_id = $1 AND redrive_id = $2 AND call_id = ANY ($3) AND call_id <> ALL ($4)',
      [tenantId, redriveId, [...mine], moved.map(callIdOf)],
    );
    return { moved, advanced };
  }

  async saga(tenantId: string, sagaId: string): Promise<readonly string[]> {
    const { rows } = await this.#asTenant(tenantId, (client) =>
      client.query<{ call_id: string }>(
        `SELECT g.call_id FROM saga g
         JOIN call c ON c.tenant_id = g.tenant_id AND c.user_id = g.user_id AND c.hash = g.hash AND c.call_id = g.call_id
        WHERE g.tenant_id = $1 AND g.saga_id = $2 AND c.state = 'SUCCEEDED'
        ORDER BY c.ended_at DESC, g.call_id DESC LIMIT 1000`,
        [tenantId, sagaId],
      ),
    );
    return rows.map(({ call_id }) => call_id);
  }

  #asTenant<Result>(tenantId: string, work: (client: ClientBase) => Promise<Result>): Promise<Result> {
    return withTenant(this.#options.pool, tenantId, work);
  }

  #advance(client: ClientBase, moves: readonly Move[]): Promise<Advanced> {
    const { lease, marginMs } = this.#options;
    const options = { instanceId: lease.current?.id ?? '0', marginMs, unparks: true };
    return advanceCalls(client, options, moves);
  }

  #tell(moves: readonly Move[], { due }: Advanced): void {
    this.#options.outbox.publish(due);
    this.#options.observer?.moved(
      moves,
      moves.map(() => true),
    );
    for (const { park } of moves) if (park !== undefined) this.#options.onParked(park.delayMs);
  }
}

function callIdOf({ known }: Move): string {
  return known.call.call_id;
}
