-- Revision 3.
-- Needs taken-call.sql.

-- Claims calls after their waiting rows were deleted; the caller holds their locks.
CREATE FUNCTION claim_woken_calls(
  p_owner bigint, p_margin interval, p_tenants text[], p_users text[], p_hashes bytea[], p_due timestamptz[])
RETURNS SETOF taken_call
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_now   timestamptz := clock_timestamp();
  v_claim bigint;
BEGIN
  IF p_hashes IS NULL THEN RETURN; END IF;
  IF NOT lease_is_live(p_owner, p_margin) THEN
    RAISE EXCEPTION 'the lease of instance % is over', p_owner USING ERRCODE = 'MSH01';
  END IF;
  INSERT INTO claim (owner, tenants, users, hashes) VALUES (p_owner, p_tenants, p_users, p_hashes)
  RETURNING id INTO v_claim;
  RETURN QUERY
  UPDATE call c
     SET owner = p_owner, fence = c.fence + 1
    FROM unnest(p_tenants, p_users, p_hashes, p_due) AS u (tenant, usr, hash, due_at)
   WHERE c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
     AND c.state IN ('RECEIVED', 'RETRY_WAIT', 'THROTTLED', 'AWAITING_AUTH', 'AWAITING_APPROVAL', 'INDETERMINATE')
  RETURNING v_claim, c.call_id, c.state, c.fence, c.attempt, c.recovered, c.redrives, c.attempts_before, c.request, c.trace,
            c.provider_key, c.connection_id, c.policy, c.tried,
            CASE WHEN c.state = 'AWAITING_AUTH' THEN c.outcome END, c.origin, c.received_at, c.renewed_at,
            extract(epoch FROM v_now - coalesce(c.renewed_at, c.received_at))::double precision * 1000,
            extract(epoch FROM v_now - c.dispatched_at)::double precision * 1000,
            extract(epoch FROM v_now - u.due_at)::double precision * 1000;
END $$;
