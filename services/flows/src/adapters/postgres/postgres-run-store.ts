import type { JsonValue } from '@action-mesh/kernel';
import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { NewRun, RunProgress, RunStore } from '../../application/run-store.port.js';
import type { ClaimedRun, RecordedStep, RunProblem, StepAnswer } from '../../domain/flow-run.js';
import { answerOfChild } from '../../domain/child-answer.js';
import { rowOf, stepOf, stepsOfRun, writeSteps, type StepRow } from './step-rows.js';

/** An instance that stops renewing its claims loses its runs after this time. */
export const claimMs = 9_000;

const claim = `
  WITH due AS (
    SELECT tenant_id, id FROM flow_run
     WHERE state = 'open' AND wake_at <= clock_timestamp() AND claimed_until < clock_timestamp()
     ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED),
  r AS (
    UPDATE flow_run f SET claimed_until = clock_timestamp() + ${claimMs} * interval '1 ms', epoch = epoch + 1
      FROM due WHERE f.tenant_id = due.tenant_id AND f.id = due.id
    RETURNING f.*)
  SELECT r.*, ${stepsOfRun} AS steps FROM r`;

const renew = `
  UPDATE flow_run f SET claimed_until = clock_timestamp() + ${claimMs} * interval '1 ms'
    FROM json_to_recordset($1::json) AS n (tenant text, id text, epoch bigint)
   WHERE f.tenant_id = n.tenant AND f.id = n.id AND f.epoch = n.epoch AND f.state = 'open'
  RETURNING f.tenant_id, f.id, f.epoch`;

const finish = `
  UPDATE flow_run SET state = $4, failure = coalesce($5, failure), problem = $6, result = $7, waits_on_call = $8,
         wake_at = CASE WHEN signals <> $9 THEN clock_timestamp() ELSE to_timestamp($10::double precision / 1000) END,
         claimed_until = '-infinity',
         ended_at = CASE WHEN $4 IN ('succeeded', 'failed', 'cancelled') THEN clock_timestamp() END
   WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state = 'open'
  RETURNING parent_id, parent_path`;

const answerStep = `
  WITH answered AS (
    UPDATE flow_step s SET answer = coalesce($3, s.answer), call_id = coalesce($4, s.call_id),
           answered = CASE WHEN $3 IS NOT NULL THEN
             (SELECT coalesce(max(o.answered), 0) + 1 FROM flow_step o WHERE o.tenant_id = s.tenant_id AND o.run_id = s.run_id) END
     WHERE s.tenant_id = $1 AND s.answer IS NULL AND %
    RETURNING s.tenant_id, s.run_id)
  UPDATE flow_run r SET signals = signals + 1, wake_at = least(r.wake_at, clock_timestamp())
    FROM answered a WHERE r.tenant_id = a.tenant_id AND r.id = a.run_id AND r.state = 'open'`;
const answerByCall = answerStep.replace('%', 's.call_id = $2');
const answerByPath = answerStep.replace('%', 's.run_id = $2 AND s.path = $5');

interface RunRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly digest: string;
  readonly user_id: string;
  readonly input: string;
  readonly traceparent: string | null;
  readonly failure: string | null;
  readonly epoch: string;
  readonly signals: number;
  readonly started_at: Date;
  readonly steps: readonly StepRow[];
}

/** Runs as rows. Every statement names the tenant, so work for all tenants needs no role of one. */
export class PostgresRunStore implements RunStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async create(run: NewRun): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `INSERT INTO flow_run (tenant_id, id, flow, version, digest, user_id, source, key, input, traceparent, parent_id, parent_path)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
      [
        run.tenantId,
        run.id,
        run.flow,
        run.version,
        run.digest,
        run.userId,
        run.source,
        run.key,
        JSON.stringify(run.input),
        run.traceparent ?? null,
        run.parent?.runId ?? null,
        run.parent?.path ?? null,
      ],
    );
    return rowCount === 1;
  }

  async claim(limit: number): Promise<readonly ClaimedRun[]> {
    const { rows } = await this.#pool.query<RunRow>(claim, [limit]);
    return rows.map(claimedRunOf);
  }

  async renew(runs: readonly ClaimedRun[]): Promise<readonly ClaimedRun[]> {
    if (runs.length === 0) return [];
    const { rows } = await this.#pool.query<Pick<RunRow, 'tenant_id' | 'id' | 'epoch'>>(renew, [
      keysOf(runs),
    ]);
    const kept = new Set(rows.map(({ tenant_id: tenantId, id, epoch }) => `${tenantId}/${id}/${epoch}`));
    return runs.filter(({ tenantId, id, epoch }) => !kept.has(`${tenantId}/${id}/${epoch}`));
  }

  keep(run: ClaimedRun, steps: readonly RecordedStep[]): Promise<boolean> {
    return transact(this.#pool, async (client) => {
      const { rowCount } = await client.query(
        `SELECT FROM flow_run WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state = 'open' FOR UPDATE`,
        [run.tenantId, run.id, run.epoch],
      );
      if (rowCount === 0) return false;
      if (steps.length > 0) await client.query(writeSteps, stepsOf(run, steps));
      return true;
    });
  }

  finish(run: ClaimedRun, progress: RunProgress): Promise<boolean> {
    const { state, steps, wakeAtMs = Infinity, failure, problem, result } = progress;
    return transact(this.#pool, async (client) => {
      const { rows } = await client.query<{ parent_id: string | null; parent_path: string | null }>(finish, [
        run.tenantId,
        run.id,
        run.epoch,
        state,
        jsonOrNull(failure),
        jsonOrNull(problem),
        jsonOrNull(result),
        state === 'open' && steps.some(isOpenCall),
        run.signals,
        wakeAtMs === Infinity ? 'Infinity' : wakeAtMs,
      ]);
      const [row] = rows;
      if (row === undefined) return false;
      if (steps.length > 0) await client.query(writeSteps, stepsOf(run, steps));
      const answer = answerOfChild(progress);
      if (row.parent_id !== null && answer !== undefined)
        await client.query(answerByPath, [
          run.tenantId,
          row.parent_id,
          JSON.stringify(answer),
          null,
          row.parent_path,
        ]);
      return true;
    });
  }

  async release(runs: readonly ClaimedRun[]): Promise<void> {
    if (runs.length === 0) return;
    await this.#pool.query(
      `UPDATE flow_run f SET claimed_until = '-infinity'
         FROM json_to_recordset($1::json) AS n (tenant text, id text, epoch bigint)
        WHERE f.tenant_id = n.tenant AND f.id = n.id AND f.epoch = n.epoch`,
      [keysOf(runs)],
    );
  }

  async answerCall(
    tenantId: string,
    callId: string,
    original: string,
    answer: StepAnswer | undefined,
  ): Promise<void> {
    await this.#pool.query(answerByCall, [tenantId, callId, jsonOrNull(answer), original]);
  }

  async wakeWaiting(withinMs: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `UPDATE flow_run SET wake_at = least(wake_at, clock_timestamp() + random() * $1 * interval '1 ms')
        WHERE state = 'open' AND waits_on_call`,
      [withinMs],
    );
    return rowCount ?? 0;
  }

  async nextDueInMs(): Promise<number> {
    const { rows } = await this.#pool.query<{ ms: number | null }>(
      `SELECT extract(epoch FROM min(wake_at) - clock_timestamp())::double precision * 1000 AS ms
         FROM flow_run WHERE state = 'open' AND claimed_until < clock_timestamp() AND wake_at < 'infinity'`,
    );
    return rows[0]?.ms ?? Infinity;
  }
}

function claimedRunOf(row: RunRow): ClaimedRun {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    flow: row.flow,
    version: row.version,
    digest: row.digest,
    userId: row.user_id,
    input: JSON.parse(row.input) as JsonValue,
    traceparent: row.traceparent ?? undefined,
    startedAtMs: row.started_at.getTime(),
    epoch: Number(row.epoch),
    signals: row.signals,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as RunProblem),
    steps: row.steps.map(stepOf),
  };
}

function keysOf(runs: readonly ClaimedRun[]): string {
  return JSON.stringify(runs.map(({ tenantId: tenant, id, epoch }) => ({ tenant, id, epoch })));
}

function stepsOf(run: ClaimedRun, steps: readonly RecordedStep[]): unknown[] {
  return [run.tenantId, run.id, JSON.stringify(steps.map(rowOf))];
}

function isOpenCall({ kind, answer }: RecordedStep): boolean {
  return kind === 'call' && answer === undefined;
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
