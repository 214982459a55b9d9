import type pg from 'pg';

import type { SchedulePlan } from '../../application/plan-runs.js';

/** Planned times as rows. */
export class PostgresSchedulePlan implements SchedulePlan {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async nextAtMs(tenantId: string, flow: string, schedule: string): Promise<number | undefined> {
    const { rows } = await this.#pool.query<{ next_at: Date }>(
      'SELECT next_at FROM flow_schedule WHERE tenant_id = $1 AND flow = $2 AND schedule = $3',
      [tenantId, flow, schedule],
    );
    return rows[0]?.next_at.getTime();
  }

  async move(
    tenantId: string,
    flow: string,
    schedule: string,
    { from, to }: { readonly from: number | undefined; readonly to: number },
  ): Promise<void> {
    await this.#pool.query(
      `INSERT INTO flow_schedule AS s (tenant_id, flow, schedule, next_at) VALUES ($1, $2, $3, $5)
       ON CONFLICT (tenant_id, flow) DO UPDATE SET next_at = excluded.next_at, schedule = excluded.schedule
        WHERE s.next_at = $4 OR s.schedule <> $3`,
      [tenantId, flow, schedule, from === undefined ? null : new Date(from), new Date(to)],
    );
  }

  async isRunning(tenantId: string, flow: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `SELECT FROM flow_run WHERE tenant_id = $1 AND flow = $2 AND source = 'schedule' AND state = 'open' LIMIT 1`,
      [tenantId, flow],
    );
    return rowCount === 1;
  }
}
