-- Revision 3.
-- Needs taken-call.sql.

-- Wakes the calls that a rung of the ladder names. p_calls is a JSON array of their keys, their attempts, and whether
-- their tenant has capacity. A call that has moved on stays unchanged. A call that is not due by this clock (I6), or
-- without capacity for its tenant, goes to the scheduler.
CREATE FUNCTION wake_named_calls(p_owner bigint, p_margin interval, p_calls json)
RETURNS SETOF taken_call
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_now     timestamptz := clock_timestamp();
  v_tenants text[];
  v_users   text[];
  v_hashes  bytea[];
  v_due     timestamptz[];
BEGIN
  WITH named AS MATERIALIZED (
    SELECT w.tenant_id, w.user_id, w.hash, n.has_capacity AND w.due_at <= v_now AS goes
      FROM json_to_recordset(p_calls)
           AS n (tenant_id text, user_id text, hash bytea, attempt integer, has_capacity boolean)
      JOIN waiting w ON w.tenant_id = n.tenant_id AND w.user_id = n.user_id AND w.hash = n.hash
                    AND w.attempt = n.attempt AND w.lane = 'ladder'
       FOR UPDATE OF w SKIP LOCKED),
  -- A call under decision at this moment is left to the scheduler (L3).
  free AS MATERIALIZED (
    SELECT c.tenant_id, c.user_id, c.hash
      FROM named n JOIN call c ON c.tenant_id = n.tenant_id AND c.user_id = n.user_id AND c.hash = n.hash
     WHERE n.goes
       FOR UPDATE OF c SKIP LOCKED),
  postponed AS (
    UPDATE waiting w SET lane = 'scheduler' FROM named n
     WHERE w.tenant_id = n.tenant_id AND w.user_id = n.user_id AND w.hash = n.hash
       AND NOT EXISTS (SELECT FROM free f
                        WHERE f.tenant_id = n.tenant_id AND f.user_id = n.user_id AND f.hash = n.hash)),
  woken AS (
    DELETE FROM waiting w USING free n
     WHERE w.tenant_id = n.tenant_id AND w.user_id = n.user_id AND w.hash = n.hash
    RETURNING w.tenant_id, w.user_id, w.hash, w.due_at)
  SELECT array_agg(tenant_id), array_agg(user_id), array_agg(hash), array_agg(due_at)
    INTO v_tenants, v_users, v_hashes, v_due FROM woken;
  RETURN QUERY SELECT * FROM claim_woken_calls(p_owner, p_margin, v_tenants, v_users, v_hashes, v_due);
END $$;
