-- What an instance that begins to answer for a call needs to know of it.
CREATE TYPE taken_call AS (
  claim_id bigint, call_id uuid, state text, fence integer, attempt integer, recovered boolean, redrives integer,
  attempts_before integer, request text, trace text, provider_key text, tried text, origin text, received_at timestamptz,
  renewed_at timestamptz, age_ms double precision, first_dispatch_age_ms double precision, late_ms double precision);

-- Gives up to p_limit batches of calls of dead incarnations to p_owner, under a higher fence.
CREATE FUNCTION take_over_calls(p_owner bigint, p_limit integer) RETURNS SETOF taken_call
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_now    timestamptz := clock_timestamp();
  v_claims bigint[];
  v_kept   bigint[] := '{}';
  v_taken  taken_call;
BEGIN
  SELECT array_agg(d.id) INTO v_claims
    FROM (SELECT c.id FROM claim c
           WHERE NOT EXISTS (SELECT FROM instance i
                              WHERE i.id = c.owner AND i.ended_at IS NULL AND i.lease_until > v_now)
           ORDER BY c.id LIMIT p_limit
             FOR UPDATE OF c SKIP LOCKED) d;
  IF v_claims IS NULL THEN RETURN; END IF;

  -- The calls of all claims together, in the order of locks (L2): one claim after the other would mix it.
  FOR v_taken IN
  WITH orphan AS MATERIALIZED (
    SELECT d.id AS claim_id, c.tenant_id, c.user_id, c.hash
      FROM claim d, LATERAL unnest(d.tenants, d.users, d.hashes) AS u (tenant, usr, hash)
      JOIN call c ON c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
     WHERE d.id = ANY (v_claims) AND c.owner = d.owner
       AND c.state IN ('RECEIVED', 'CLAIMED', 'DISPATCHING', 'RETRY_WAIT', 'THROTTLED', 'INDETERMINATE')
     ORDER BY c.tenant_id COLLATE "C", c.user_id COLLATE "C", c.hash
       FOR UPDATE OF c)
  UPDATE call c
     SET owner = p_owner, fence = c.fence + 1, recovered = true
    FROM orphan o
   WHERE c.tenant_id = o.tenant_id AND c.user_id = o.user_id AND c.hash = o.hash
  RETURNING o.claim_id, c.call_id, c.state, c.fence, c.attempt, c.recovered, c.redrives, c.attempts_before, c.request,
            c.trace, c.provider_key, c.tried, c.origin, c.received_at, c.renewed_at,
            extract(epoch FROM v_now - coalesce(c.renewed_at, c.received_at))::double precision * 1000,
            extract(epoch FROM v_now - c.dispatched_at)::double precision * 1000, 0::double precision
  LOOP
    v_kept := v_kept || v_taken.claim_id;
    RETURN NEXT v_taken;
  END LOOP;

  -- A claim changes hands instead of being replaced: one row, one owner, at every moment.
  UPDATE claim SET owner = p_owner WHERE id = ANY (v_kept);
  DELETE FROM claim WHERE id = ANY (v_claims) AND id <> ALL (v_kept);
END $$;

-- Wakes calls of some lanes whose time has come and gives them to p_owner, under a higher fence: about p_limit of them, in equal
-- parts for their tenants and the oldest of each first, so that nobody waits behind what another tenant has waiting. A lane
-- counts as late p_grace after the time. p_rooms bounds the parts of the tenants that it names, p_room those of all others.
CREATE FUNCTION wake_due_calls(
  p_owner bigint, p_margin interval, p_lanes text[], p_graces interval[], p_limit integer,
  p_tenants text[], p_rooms integer[], p_room integer)
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
  -- From tenant to tenant by the index, however many calls each has there.
  WITH RECURSIVE tenant AS (
    SELECT l.lane, v_now - l.grace AS due_by,
           (SELECT min(w.tenant_id) FROM waiting w WHERE w.lane = l.lane) AS id
      FROM unnest(p_lanes, p_graces) AS l (lane, grace)
    UNION ALL
    SELECT t.lane, t.due_by, (SELECT min(w.tenant_id) FROM waiting w WHERE w.lane = t.lane AND w.tenant_id > t.id)
      FROM tenant t WHERE t.id IS NOT NULL),
  head AS (
    SELECT t.lane, t.due_by, t.id, coalesce(r.room, p_room) AS room,
           (SELECT min(w.due_at) FROM waiting w WHERE w.lane = t.lane AND w.tenant_id = t.id) AS due_at
      FROM tenant t
      LEFT JOIN unnest(p_tenants, p_rooms) AS r (tenant, room) ON r.tenant = t.id
     WHERE t.id IS NOT NULL),
  chosen AS MATERIALIZED (
    SELECT h.lane, h.due_by, h.id, h.room, count(*) OVER () AS parts
      FROM head h WHERE h.due_at <= h.due_by AND h.room > 0
     ORDER BY h.due_at LIMIT p_limit),
  due AS (
    SELECT o.tenant_id, o.user_id, o.hash
      FROM chosen c,
           LATERAL (SELECT w.tenant_id, w.user_id, w.hash
                      FROM waiting w
                     WHERE w.lane = c.lane AND w.tenant_id = c.id AND w.due_at <= c.due_by
                     ORDER BY w.due_at LIMIT least(c.room, 1 + p_limit / c.parts)
                       FOR UPDATE SKIP LOCKED) o),
  -- A call that somebody decides about at this moment is left for the next look (L3).
  free AS MATERIALIZED (
    SELECT c.tenant_id, c.user_id, c.hash
      FROM due d JOIN call c ON c.tenant_id = d.tenant_id AND c.user_id = d.user_id AND c.hash = d.hash
       FOR UPDATE OF c SKIP LOCKED),
  woken AS (
    DELETE FROM waiting w USING free d
     WHERE w.tenant_id = d.tenant_id AND w.user_id = d.user_id AND w.hash = d.hash
    RETURNING w.tenant_id, w.user_id, w.hash, w.due_at)
  SELECT array_agg(tenant_id), array_agg(user_id), array_agg(hash), array_agg(due_at)
    INTO v_tenants, v_users, v_hashes, v_due FROM woken;
  RETURN QUERY SELECT * FROM claim_woken_calls(p_owner, p_margin, v_tenants, v_users, v_hashes, v_due);
END $$;

-- Wakes the calls that a rung of the ladder names. One that moved on since is left alone, and one that is not due by this
-- clock (I6), or for whose tenant there is no room, goes to the scheduler, which knows when its time and its turn is.
CREATE FUNCTION wake_named_calls(
  p_owner bigint, p_margin interval, p_tenant text[], p_user text[], p_hash bytea[], p_attempt integer[],
  p_room boolean[])
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
    SELECT w.tenant_id, w.user_id, w.hash, u.room AND w.due_at <= v_now AS goes
      FROM unnest(p_tenant, p_user, p_hash, p_attempt, p_room) AS u (tenant, usr, hash, attempt, room)
      JOIN waiting w ON w.tenant_id = u.tenant AND w.user_id = u.usr AND w.hash = u.hash
                    AND w.attempt = u.attempt AND w.lane = 'ladder'
       FOR UPDATE OF w SKIP LOCKED),
  -- A call that somebody decides about at this moment is left to the scheduler (L3).
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

-- Claims calls whose waiting rows were just deleted; the caller holds their locks.
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
            extract(epoch FROM v_now - coalesce(c.renewed_at, c.received_at))::double precision * 1000,
            extract(epoch FROM v_now - c.dispatched_at)::double precision * 1000,
            extract(epoch FROM v_now - u.due_at)::double precision * 1000;
END $$;
