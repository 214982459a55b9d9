-- Revision 6.
-- Needs taken-call.sql.

-- Gives up to p_limit batches of calls of dead instances to p_owner, under a higher fence. The outcomes of calls that
-- have ended get outbox rows, because their owner has perhaps not published them (I8).
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

  -- Takes the calls of all claims together, in the order of locks (L2). One claim after the other would break that
  -- order.
  FOR v_taken IN
  WITH orphan AS MATERIALIZED (
    SELECT d.id AS claim_id, c.tenant_id, c.user_id, c.hash
      FROM claim d, LATERAL unnest(d.tenants, d.users, d.hashes) AS u (tenant, usr, hash)
      JOIN call c ON c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
     WHERE d.id = ANY (v_claims) AND c.owner = d.owner
       AND c.state IN ('RECEIVED', 'CLAIMED', 'DISPATCHING', 'RETRY_WAIT', 'THROTTLED', 'AWAITING_AUTH',
                       'AWAITING_APPROVAL', 'INDETERMINATE')
     ORDER BY c.tenant_id COLLATE "C", c.user_id COLLATE "C", c.hash
       FOR UPDATE OF c)
  UPDATE call c
     SET owner = p_owner, fence = c.fence + 1, recovered = true
    FROM orphan o
   WHERE c.tenant_id = o.tenant_id AND c.user_id = o.user_id AND c.hash = o.hash
  RETURNING o.claim_id, c.call_id, c.state, c.fence, c.attempt, c.recovered, c.redrives, c.attempts_before, c.request,
            c.trace, c.provider_key, c.connection_id, c.policy, c.tried,
            CASE WHEN c.state = 'AWAITING_AUTH' THEN c.outcome END, c.origin, c.received_at, c.renewed_at,
            extract(epoch FROM v_now - coalesce(c.renewed_at, c.received_at))::double precision * 1000,
            extract(epoch FROM v_now - c.dispatched_at)::double precision * 1000, 0::double precision
  LOOP
    v_kept := v_kept || v_taken.claim_id;
    RETURN NEXT v_taken;
  END LOOP;

  -- After the loop no call of these claims can end under its dead owner. An owner that still lives publishes the same
  -- bytes. A duplicate that came after the end has an outbox row of its own. No instance has the number 0, so the relay
  -- takes these rows at once.
  INSERT INTO outbox (tenant_id, owner, call_id, seq, trace, value)
  SELECT c.tenant_id, 0, r.call_id, c.seq, r.trace, r.value
    FROM claim d, LATERAL unnest(d.tenants, d.users, d.hashes) AS u (tenant, usr, hash)
    JOIN call c ON c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash,
         LATERAL outcome_records(c.tenant_id, c.user_id, c.hash, c.call_id, c.seq, c.outcome) r
   WHERE d.id = ANY (v_claims) AND c.owner = d.owner AND c.ended_at IS NOT NULL AND c.outcome IS NOT NULL
     AND NOT r.replayed;

  -- A claim changes its owner instead of being replaced: at every moment it has one row and one owner.
  UPDATE claim SET owner = p_owner WHERE id = ANY (v_kept);
  DELETE FROM claim WHERE id = ANY (v_claims) AND id <> ALL (v_kept);
END $$;
