import { stepsOfRun } from './step-rows.js';

/** An instance that stops renewing its claims loses its runs after this time. */
export const claimMs = 9_000;

/** Claims due runs ($1: the most), and reads all their steps. */
export const claim = `
  WITH due AS (
    SELECT tenant_id, id FROM flow_run
     WHERE state = 'open' AND wake_at <= clock_timestamp() AND claimed_until < clock_timestamp()
     ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED),
  r AS (
    UPDATE flow_run f SET claimed_until = clock_timestamp() + ${claimMs} * interval '1 ms', epoch = epoch + 1
      FROM due WHERE f.tenant_id = due.tenant_id AND f.id = due.id
    RETURNING f.*)
  SELECT r.*, ${stepsOfRun} AS steps FROM r`;

/** Renews the claims of runs ($1: JSON), and shows which of them were cancelled. */
export const renew = `
  UPDATE flow_run f SET claimed_until = clock_timestamp() + ${claimMs} * interval '1 ms'
    FROM json_to_recordset($1::json) AS n (tenant text, id text, epoch bigint)
   WHERE f.tenant_id = n.tenant AND f.id = n.id AND f.epoch = n.epoch AND f.state = 'open'
  RETURNING f.tenant_id, f.id, f.epoch, f.failure`;

/** A run that was cancelled meanwhile has to undo its steps, also if its code ended well. A new epoch ends the claim for good. */
export const finish = `
  UPDATE flow_run SET state = CASE WHEN $4 = 'succeeded' AND failure IS NOT NULL THEN 'open' ELSE $4 END,
         failure = coalesce(failure, $5), problem = $6, result = $7, waits_on_call = $8,
         wake_at = CASE WHEN signals <> $9 OR $4 <> 'open' THEN clock_timestamp()
                        ELSE to_timestamp($10::double precision / 1000) END,
         claimed_until = '-infinity', epoch = epoch + 1,
         ended_at = CASE WHEN $4 IN ('failed', 'cancelled') OR ($4 = 'succeeded' AND failure IS NULL) THEN clock_timestamp() END
   WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state = 'open'
  RETURNING state, parent_id, parent_path`;

/** Answers steps that wait. The run is locked before its step, as in every other statement. */
const answerStep = `
  WITH locked AS (
    SELECT r.tenant_id, r.id, s.path FROM flow_run r JOIN flow_step s ON s.tenant_id = r.tenant_id AND s.run_id = r.id
     WHERE s.tenant_id = $1 AND s.answer IS NULL AND % FOR UPDATE OF r),
  answered AS (
    UPDATE flow_step s SET answer = coalesce($3, s.answer), call_id = coalesce($4, s.call_id),
           answered = CASE WHEN $3 IS NOT NULL THEN
             (SELECT coalesce(max(o.answered), 0) + 1 FROM flow_step o WHERE o.tenant_id = s.tenant_id AND o.run_id = s.run_id) END
      FROM locked l
     WHERE s.tenant_id = l.tenant_id AND s.run_id = l.id AND s.path = l.path AND s.answer IS NULL
    RETURNING s.tenant_id, s.run_id)
  UPDATE flow_run r SET signals = signals + 1, wake_at = least(r.wake_at, clock_timestamp())
    FROM answered a WHERE r.tenant_id = a.tenant_id AND r.id = a.run_id AND r.state = 'open'`;
/** Answers the step of a call: tenant, call, answer, original call. */
export const answerByCall = answerStep.replace('%', 's.call_id = $2');
/** Answers a step by its run and its path: tenant, run, answer, original call, path. */
export const answerByPath = answerStep.replace('%', 's.run_id = $2 AND s.path = $5');
