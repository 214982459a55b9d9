import type { RecordedStep } from '../../domain/flow-run.js';

/** A step as JSON in a statement. */
export interface StepRow {
  readonly path: string;
  readonly scope: string;
  readonly kind: RecordedStep['kind'];
  readonly ordinal: number;
  readonly about: string;
  readonly call_id: string | null;
  readonly due_ms: number | null;
  readonly undo: string | null;
  readonly answer: string | null;
  readonly answered: number | null;
}

/** The steps of a run `r` as a JSON array, in the order of their first requests. */
export const stepsOfRun = `
  (SELECT coalesce(json_agg(json_build_object(
            'path', s.path, 'scope', s.scope, 'kind', s.kind, 'ordinal', s.ordinal, 'about', s.about, 'call_id', s.call_id,
            'due_ms', extract(epoch FROM s.due_at) * 1000, 'undo', s.undo, 'answer', s.answer, 'answered', s.answered)
            ORDER BY s.ordinal), '[]')
     FROM flow_step s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.id)`;

/** Writes steps ($3, a JSON array) of a run ($1, $2). An answer that is there stays. */
export const writeSteps = `
  INSERT INTO flow_step (tenant_id, run_id, path, scope, kind, ordinal, about, call_id, due_at, undo, answer, answered)
  SELECT $1, $2, n.path, n.scope, n.kind, n.ordinal, n.about, n.call_id, to_timestamp(n.due_ms / 1000), n.undo, n.answer, n.answered
    FROM json_to_recordset($3::json) AS n (path text, scope text, kind text, ordinal integer, about text, call_id uuid,
                                           due_ms double precision, undo text, answer text, answered integer)
  ON CONFLICT (tenant_id, run_id, path) DO UPDATE
     SET about = CASE WHEN flow_step.answer IS NULL THEN excluded.about ELSE flow_step.about END,
         call_id = coalesce(excluded.call_id, flow_step.call_id),
         due_at = coalesce(flow_step.due_at, excluded.due_at),
         answered = CASE WHEN flow_step.answer IS NULL THEN excluded.answered ELSE flow_step.answered END,
         answer = coalesce(flow_step.answer, excluded.answer)`;

export function rowOf(step: RecordedStep): StepRow {
  return {
    path: step.path,
    scope: step.scope,
    kind: step.kind,
    ordinal: step.ordinal,
    about: step.about,
    call_id: step.callId ?? null,
    due_ms: step.dueAtMs ?? null,
    undo: step.undo === undefined ? null : JSON.stringify(step.undo),
    answer: step.answer === undefined ? null : JSON.stringify(step.answer),
    answered: step.answered ?? null,
  };
}

export function stepOf(row: StepRow): RecordedStep {
  return {
    path: row.path,
    scope: row.scope,
    kind: row.kind,
    ordinal: row.ordinal,
    about: row.about,
    ...(row.call_id === null ? {} : { callId: row.call_id }),
    ...(row.due_ms === null ? {} : { dueAtMs: row.due_ms }),
    ...(row.undo === null ? {} : { undo: JSON.parse(row.undo) as RecordedStep['undo'] & object }),
    ...(row.answer === null ? {} : { answer: JSON.parse(row.answer) as RecordedStep['answer'] & object }),
    ...(row.answered === null ? {} : { answered: row.answered }),
  };
}
