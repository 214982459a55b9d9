import type { FiredTrigger } from '@action-mesh/contracts/gateway';
import { triggerSettingsSchema } from '@action-mesh/contracts/webhooks';
import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { DueSchedule, Firing, ScheduleStore } from '../../application/fire-schedules.js';

interface DueRow {
  readonly tenant_id: string;
  readonly name: string;
  readonly settings: unknown;
  readonly next_at: Date;
  readonly now: Date;
}

/** A pause until a schedule that does not exist. */
const noneMs = 3_600_000;

/** Schedules in `trigger_declaration`, and their outbox `trigger_firing`. The clock of the database decides. */
export class PostgresScheduleStore implements ScheduleStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  fireDue(
    limit: number,
    fire: (due: DueSchedule, nowMs: number) => Firing,
  ): Promise<{ readonly fired: number; readonly nextInMs: number }> {
    return transact(this.#pool, async (client) => {
      const { rows } = await client.query<DueRow>(
        `SELECT tenant_id, name, settings, next_at, clock_timestamp() AS now FROM trigger_declaration
          WHERE next_at <= clock_timestamp() ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [limit],
      );
      for (const { tenant_id: tenantId, name, settings, next_at: nextAt, now } of rows) {
        const due = {
          tenantId,
          name,
          settings: triggerSettingsSchema.parse(settings),
          nextAtMs: nextAt.getTime(),
        };
        await record(client, due, fire(due, now.getTime()));
      }
      const next = await client.query<{ ms: number | null }>(
        'SELECT extract(epoch FROM min(next_at) - clock_timestamp())::double precision * 1000 AS ms FROM trigger_declaration',
      );
      return { fired: rows.length, nextInMs: next.rows[0]?.ms ?? noneMs };
    });
  }

  async unpublished(limit: number): Promise<readonly FiredTrigger[]> {
    const { rows } = await this.#pool.query<{ event: string }>(
      'SELECT event FROM trigger_firing ORDER BY planned_at LIMIT $1',
      [limit],
    );
    return rows.map(({ event }) => JSON.parse(event) as FiredTrigger);
  }

  async published(events: readonly FiredTrigger[]): Promise<void> {
    await this.#pool.query(
      `DELETE FROM trigger_firing f USING unnest($1::text[], $2::text[], $3::text[]) AS done (tenant_id, name, id)
        WHERE f.tenant_id = done.tenant_id AND f.name = done.name AND f.event::json ->> 'trigger_id' = done.id`,
      [
        events.map(({ tenant_id: tenantId }) => tenantId),
        events.map(({ trigger }) => trigger),
        events.map(({ trigger_id: id }) => id),
      ],
    );
  }
}

async function record(client: pg.ClientBase, due: DueSchedule, firing: Firing): Promise<void> {
  const { event, plannedAtMs, nextAtMs } = firing;
  if (event !== undefined && plannedAtMs !== undefined)
    await client.query(
      'INSERT INTO trigger_firing (tenant_id, name, planned_at, event) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [due.tenantId, due.name, new Date(plannedAtMs), JSON.stringify(event)],
    );
  await client.query('UPDATE trigger_declaration SET next_at = $3 WHERE tenant_id = $1 AND name = $2', [
    due.tenantId,
    due.name,
    nextAtMs === undefined ? null : new Date(nextAtMs),
  ]);
}
