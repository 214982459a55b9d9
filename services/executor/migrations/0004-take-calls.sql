-- What an instance that begins to answer for a call needs to know of it.
CREATE TYPE taken_call AS (
  claim_id bigint, call_id uuid, state text, fence integer, attempt integer, recovered boolean, redrives integer,
  attempts_before integer, request text, trace text, provider_key text, tried text, origin text, received_at timestamptz,
  renewed_at timestamptz, first_dispatch_age_ms double precision, late_ms double precision);

-- Gives up to p_limit batches of calls of dead incarnations to p_owner, under a higher fence.
CREATE FUNCTION take_over_calls(p_owner bigint, p_limit integer) RETURNS SETOF taken_call
LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_now  timestamptz := clock_timestamp();
  v_dead record;
BEGIN
  FOR v_dead IN
    SELECT c.id, c.owner, c.tenants, c.users, c.hashes
      FROM claim c
     WHERE NOT EXISTS (SELECT FROM instance i
                        WHERE i.id = c.owner AND i.ended_at IS NULL AND i.lease_until > v_now)
     ORDER BY c.id LIMIT p_limit
       FOR UPDATE OF c SKIP LOCKED
  LOOP
    -- The claim changes hands instead of being replaced: one row, one owner, at every moment.
    UPDATE claim SET owner = p_owner WHERE id = v_dead.id;
    RETURN QUERY
    UPDATE call c
       SET owner = p_owner, fence = c.fence + 1, recovered = true
      FROM unnest(v_dead.tenants, v_dead.users, v_dead.hashes) AS u (tenant, usr, hash)
     WHERE c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash AND c.owner = v_dead.owner
       AND c.state IN ('RECEIVED', 'CLAIMED', 'DISPATCHING', 'RETRY_WAIT', 'THROTTLED', 'INDETERMINATE')
    RETURNING v_dead.id, c.call_id, c.state, c.fence, c.attempt, c.recovered, c.redrives, c.attempts_before, c.request,
              c.trace, c.provider_key, c.tried, c.origin, c.received_at, c.renewed_at,
              extract(epoch FROM v_now - c.dispatched_at)::double precision * 1000, 0::double precision;
    IF NOT FOUND THEN
      DELETE FROM claim WHERE id = v_dead.id;
    END IF;
  END LOOP;
END $$;

-- Wakes up to p_limit calls whose time has come and gives them to p_owner, under a higher fence: the longest overdue first.
-- Calls on the ladder are left to their records for p_grace, after which the ladder counts as late.
CREATE FUNCTION wake_due_calls(p_owner bigint, p_margin interval, p_limit integer, p_grace interval)
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
  WITH scheduled AS (
    SELECT w.tenant_id, w.user_id, w.hash
      FROM waiting w
     WHERE w.lane = 'scheduler' AND w.due_at <= v_now
     ORDER BY w.due_at LIMIT p_limit
       FOR UPDATE SKIP LOCKED),
  stranded AS (
    SELECT w.tenant_id, w.user_id, w.hash
      FROM waiting w
     WHERE w.lane = 'ladder' AND w.due_at <= v_now - p_grace
     ORDER BY w.due_at LIMIT p_limit
       FOR UPDATE SKIP LOCKED),
  due AS (SELECT * FROM scheduled UNION ALL SELECT * FROM stranded),
  woken AS (
    DELETE FROM waiting w USING due d
     WHERE w.tenant_id = d.tenant_id AND w.user_id = d.user_id AND w.hash = d.hash
    RETURNING w.tenant_id, w.user_id, w.hash, w.due_at)
  SELECT array_agg(tenant_id), array_agg(user_id), array_agg(hash), array_agg(due_at)
    INTO v_tenants, v_users, v_hashes, v_due FROM woken;
  RETURN QUERY SELECT * FROM claim_woken_calls(p_owner, p_margin, v_tenants, v_users, v_hashes, v_due);
END $$;

-- Wakes the calls that a rung of the ladder names. One that moved on since is left alone, and one that is not due by this
-- clock goes to the scheduler, which knows when it is (I6).
CREATE FUNCTION wake_named_calls(
  p_owner bigint, p_margin interval, p_tenant text[], p_user text[], p_hash bytea[], p_attempt integer[])
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
  WITH named AS (
    SELECT w.tenant_id, w.user_id, w.hash, w.due_at
      FROM unnest(p_tenant, p_user, p_hash, p_attempt) AS u (tenant, usr, hash, attempt)
      JOIN waiting w ON w.tenant_id = u.tenant AND w.user_id = u.usr AND w.hash = u.hash
                    AND w.attempt = u.attempt AND w.lane = 'ladder'
       FOR UPDATE OF w SKIP LOCKED),
  early AS (
    UPDATE waiting w SET lane = 'scheduler' FROM named n
     WHERE n.due_at > v_now AND w.tenant_id = n.tenant_id AND w.user_id = n.user_id AND w.hash = n.hash),
  woken AS (
    DELETE FROM waiting w USING named n
     WHERE n.due_at <= v_now AND w.tenant_id = n.tenant_id AND w.user_id = n.user_id AND w.hash = n.hash
    RETURNING w.tenant_id, w.user_id, w.hash, w.due_at)
  SELECT array_agg(tenant_id), array_agg(user_id), array_agg(hash), array_agg(due_at)
    INTO v_tenants, v_users, v_hashes, v_due FROM woken;
  RETURN QUERY SELECT * FROM claim_woken_calls(p_owner, p_margin, v_tenants, v_users, v_hashes, v_due);
END $$;

-- Claims calls whose waiting rows were just deleted.
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
     AND c.state IN ('RECEIVED', 'RETRY_WAIT', 'THROTTLED', 'INDETERMINATE')
  RETURNING v_claim, c.call_id, c.state, c.fence, c.attempt, c.recovered, c.redrives, c.attempts_before, c.request, c.trace,
            c.provider_key, c.tried, c.origin, c.received_at, c.renewed_at,
            extract(epoch FROM v_now - c.dispatched_at)::double precision * 1000,
            extract(epoch FROM v_now - u.due_at)::double precision * 1000;
END $$;
