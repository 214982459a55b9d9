import type { JsonValue } from '@action-mesh/kernel';
import { isTransient, transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { NewRun, RenewedClaims, RunProgress, RunStore } from '../../application/run-store.port.js';
import type { ClaimedRun, RecordedStep, RunProblem, RunState, StepAnswer } from '../../domain/flow-run.js';
import { FlowsUnavailableError } from '../../domain/flows.errors.js';
import { answerOfChild } from '../../domain/child-answer.js';
import { answerByCall, answerByPath, claim, finish, renew } from './run-statements.js';
import { rowOf, stepOf, writeSteps, type StepRow } from './step-rows.js';

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
    const { rowCount } = await orUnavailable(
      this.#pool.query(
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
      ),
    );
    return rowCount === 1;
  }

  async claim(limit: number): Promise<readonly ClaimedRun[]> {
    const { rows } = await this.#pool.query<RunRow>(claim, [limit]);
    return rows.map(claimedRunOf);
  }

  async renew(runs: readonly ClaimedRun[]): Promise<RenewedClaims> {
    if (runs.length === 0) return { lost: [], failing: [] };
    const { rows } = await this.#pool.query<Pick<RunRow, 'tenant_id' | 'id' | 'epoch' | 'failure'>>(renew, [
      keysOf(runs),
    ]);
    const kept = new Map(rows.map((row) => [`${row.tenant_id}/${row.id}/${row.epoch}`, row.failure]));
    const keyOf = ({ tenantId, id, epoch }: ClaimedRun): string => `${tenantId}/${id}/${epoch}`;
    return {
      lost: runs.filter((run) => !kept.has(keyOf(run))),
      failing: runs.flatMap((run) => {
        const failure = run.failure === undefined ? (kept.get(keyOf(run)) ?? undefined) : undefined;
        return failure === undefined ? [] : [[run, JSON.parse(failure) as RunProblem] as const];
      }),
    };
  }

  keep(run: ClaimedRun, steps: readonly RecordedStep[]): Promise<boolean> {
    return this.#transact(async (client) => {
      if (!(await lockRun(client, run))) return false;
      if (steps.length > 0) await client.query(writeSteps, stepsOf(run, steps));
      return true;
    });
  }

  async answerDue(run: ClaimedRun, path: string, answer: StepAnswer): Promise<boolean> {
    return this.#transact(async (client) => {
      if (!(await lockRun(client, run))) return false;
      const { rowCount } = await client.query(
        `UPDATE flow_step s SET answer = $4,
                answered = (SELECT coalesce(max(o.answered), 0) + 1 FROM flow_step o WHERE o.tenant_id = $1 AND o.run_id = $2)
          WHERE s.tenant_id = $1 AND s.run_id = $2 AND s.path = $3 AND s.answer IS NULL`,
        [run.tenantId, run.id, path, JSON.stringify(answer)],
      );
      return rowCount === 1;
    });
  }

  async failChildren(run: ClaimedRun): Promise<void> {
    const failure = { code: 'FLOWS_CANCELLED', message: 'the run that started it failed' };
    await orUnavailable(
      this.#pool.query(
        `UPDATE flow_run SET failure = $3, signals = signals + 1, wake_at = least(wake_at, clock_timestamp())
          WHERE tenant_id = $1 AND parent_id = $2 AND state = 'open' AND failure IS NULL`,
        [run.tenantId, run.id, JSON.stringify(failure)],
      ),
    );
  }

  async has(tenantId: string, runId: string): Promise<boolean> {
    const { rowCount } = await orUnavailable(
      this.#pool.query('SELECT FROM flow_run WHERE tenant_id = $1 AND id = $2', [tenantId, runId]),
    );
    return rowCount === 1;
  }

  finish(run: ClaimedRun, progress: RunProgress): Promise<boolean> {
    const { state, steps, waitsOnCall = false, wakeAtMs = Infinity, failure, problem, result } = progress;
    return this.#transact(async (client) => {
      const { rows } = await client.query<{
        state: RunState;
        parent_id: string | null;
        parent_path: string | null;
      }>(finish, [
        run.tenantId,
        run.id,
        run.epoch,
        state,
        jsonOrNull(failure),
        jsonOrNull(problem),
        jsonOrNull(result),
        waitsOnCall,
        run.signals,
        wakeAtMs === Infinity ? 'Infinity' : wakeAtMs,
      ]);
      const [row] = rows;
      if (row === undefined) return false;
      if (steps.length > 0) await client.query(writeSteps, stepsOf(run, steps));
      const answer = answerOfChild({ ...progress, state: row.state });
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

  #transact<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    return orUnavailable(transact(this.#pool, work));
  }

  async nextDueInMs(): Promise<number> {
    const { rows } = await this.#pool.query<{ ms: number | null }>(
      `SELECT extract(epoch FROM min(wake_at) - clock_timestamp())::double precision * 1000 AS ms
         FROM flow_run WHERE state = 'open' AND claimed_until < clock_timestamp() AND wake_at < 'infinity'`,
    );
    return rows[0]?.ms ?? Infinity;
  }
}

async function lockRun(client: pg.ClientBase, { tenantId, id, epoch }: ClaimedRun): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM flow_run WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state = 'open' FOR UPDATE`,
    [tenantId, id, epoch],
  );
  return rowCount === 1;
}

/** Translates outages. Any other error would be the same again. */
async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (!isTransient(cause)) throw cause;
    throw new FlowsUnavailableError('PostgreSQL does not answer', { cause });
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

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
