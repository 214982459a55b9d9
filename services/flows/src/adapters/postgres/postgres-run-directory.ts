import type { JsonValue } from '@action-mesh/kernel';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  FlowRunView,
  RunCode,
  RunConditions,
  RunDirectory,
} from '../../application/run-directory.port.js';
import type { RunProblem, RunState } from '../../domain/flow-run.js';
import { stepOf, stepsOfRun, type StepRow } from './step-rows.js';

interface ViewRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly digest: string;
  readonly user_id: string;
  readonly source: string;
  readonly key: string;
  readonly state: RunState;
  readonly problem: string | null;
  readonly failure: string | null;
  readonly result: string | null;
  readonly wake_ms: number | null;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly steps?: readonly StepRow[];
}

const columns = `r.tenant_id, r.id, r.flow, r.version, r.digest, r.user_id, r.source, r.key, r.state, r.problem, r.failure, r.result,
  CASE WHEN r.state = 'open' AND r.wake_at < 'infinity' THEN extract(epoch FROM r.wake_at)::double precision * 1000 END AS wake_ms,
  r.started_at, r.ended_at`;

/** The runs of a tenant, as the role of tenants. */
export class PostgresRunDirectory implements RunDirectory {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async list(
    tenantId: string,
    { flow, state, limit, beforeMs }: RunConditions,
  ): Promise<readonly FlowRunView[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<ViewRow>(
        `SELECT ${columns} FROM flow_run r
          WHERE r.tenant_id = $1 AND ($2::text IS NULL OR r.flow = $2) AND ($3::text IS NULL OR r.state = $3)
            AND ($4::double precision IS NULL OR r.started_at < to_timestamp($4 / 1000))
          ORDER BY r.started_at DESC, r.id LIMIT $5`,
        [tenantId, flow ?? null, state ?? null, beforeMs ?? null, limit],
      ),
    );
    return rows.map(viewOf);
  }

  async find(tenantId: string, runId: string): Promise<FlowRunView | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<ViewRow>(
        `SELECT ${columns}, ${stepsOfRun} AS steps FROM flow_run r WHERE r.tenant_id = $1 AND r.id = $2`,
        [tenantId, runId],
      ),
    );
    const [row] = rows;
    return row === undefined ? undefined : viewOf(row);
  }

  async resume(
    tenantId: string,
    runId: string,
    { from, deployed }: { readonly from: readonly RunState[]; readonly deployed: RunCode | undefined },
  ): Promise<boolean> {
    const { rowCount } = await withTenant(this.#pool, tenantId, (client) =>
      client.query(
        `UPDATE flow_run SET state = 'open', problem = NULL, digest = coalesce($4, digest), version = coalesce($5, version),
                epoch = epoch + 1, claimed_until = '-infinity', wake_at = clock_timestamp()
          WHERE tenant_id = $1 AND id = $2 AND state = ANY ($3)`,
        [tenantId, runId, from, deployed?.digest ?? null, deployed?.version ?? null],
      ),
    );
    return rowCount === 1;
  }

  async cancel(tenantId: string, runId: string, failure: RunProblem): Promise<boolean> {
    const { rowCount } = await withTenant(this.#pool, tenantId, (client) =>
      client.query(
        // An execution under way goes on until it knows of the failure, and commits its steps. Nobody else may begin before.
        `UPDATE flow_run SET state = CASE WHEN state = 'needs_review' THEN 'cancelled' ELSE 'open' END,
                ended_at = CASE WHEN state = 'needs_review' THEN clock_timestamp() END,
                failure = coalesce(failure, $3), signals = signals + 1, wake_at = clock_timestamp()
          WHERE tenant_id = $1 AND id = $2
            AND (state IN ('blocked', 'diverged', 'needs_review') OR (state = 'open' AND failure IS NULL))`,
        [tenantId, runId, JSON.stringify(failure)],
      ),
    );
    return rowCount === 1;
  }

  async answer(tenantId: string, runId: string, step: string, choice: string): Promise<boolean> {
    const { rowCount } = await withTenant(this.#pool, tenantId, (client) =>
      client.query(
        `WITH locked AS (SELECT id FROM flow_run WHERE tenant_id = $1 AND id = $2 AND state = 'open' FOR UPDATE),
         answered AS (
           UPDATE flow_step s SET answer = $4,
                  answered = (SELECT coalesce(max(o.answered), 0) + 1 FROM flow_step o WHERE o.tenant_id = $1 AND o.run_id = $2)
             FROM locked l
            WHERE s.tenant_id = $1 AND s.run_id = l.id AND s.path = $3 AND s.kind = 'ask' AND s.answer IS NULL
           RETURNING s.run_id)
         UPDATE flow_run r SET signals = signals + 1, wake_at = least(r.wake_at, clock_timestamp())
           FROM answered WHERE r.tenant_id = $1 AND r.id = answered.run_id`,
        [tenantId, runId, step, JSON.stringify({ ok: true, text: JSON.stringify(choice) })],
      ),
    );
    return rowCount === 1;
  }
}

function viewOf(row: ViewRow): FlowRunView {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    flow: row.flow,
    version: row.version,
    digest: row.digest,
    userId: row.user_id,
    source: row.source,
    key: row.key,
    state: row.state,
    problem: parsed(row.problem) as RunProblem | undefined,
    failure: parsed(row.failure) as RunProblem | undefined,
    result: parsed(row.result) as JsonValue | undefined,
    wakeAtMs: row.wake_ms ?? undefined,
    startedAtMs: row.started_at.getTime(),
    endedAtMs: row.ended_at?.getTime(),
    steps: (row.steps ?? []).map(stepOf),
  };
}

function parsed(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}
