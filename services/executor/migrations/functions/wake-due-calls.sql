-- Revision 3.
-- Needs taken-call.sql.

-- Wakes due calls of some lanes and gives them to p_owner, under a higher fence. It wakes about p_limit calls, in equal
-- parts for their tenants and the oldest of each first, so no tenant waits behind another. A call is due when the grace
-- of its lane has passed after its time. p_rooms bounds the parts of p_tenants, and p_room those of all others.
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
  -- Steps from tenant to tenant through the index, however many calls each has.
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
  -- A call under decision at this moment is left for the next look (L3).
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
