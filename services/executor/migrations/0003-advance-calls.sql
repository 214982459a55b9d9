-- Moves a batch of calls to the states that the transition function returned. A row moves only when it still has the fence
-- and the state that the decision was made on; a row that does not come back means that the caller no longer owns it.
-- Late evidence (p_late) is the exception: the definite answer to the newest attempt settles a call of which nobody knew
-- whether the provider acted, whoever owns it.
--
-- Returns one row per call that moved, and one more per duplicate that follows it; with outbox_id and value where there is
-- an outcome to publish.
CREATE FUNCTION advance_calls(
  p_owner bigint, p_margin interval,
  p_tenant text[], p_user text[], p_hash bytea[], p_fence integer[], p_from text[], p_attempt integer[], p_late boolean[],
  p_to text[], p_to_fence integer[], p_to_attempt integer[], p_digest bytea[], p_outcome text[],
  p_published bigint[], p_finished bigint[])
RETURNS TABLE (ord integer, outbox_id bigint, call_id uuid, seq integer, trace text, value text)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_now   timestamptz := clock_timestamp();
  v_live  boolean := true;
  v_moved integer[];
BEGIN
  PERFORM forget(p_owner, p_published, p_finished);
  IF 'DISPATCHING' = ANY (p_to) THEN
    v_live := lease_is_live(p_owner, p_margin);
  END IF;

  WITH moved AS (
    UPDATE call c
       SET state = u.target,
           fence = CASE WHEN u.late THEN c.fence ELSE u.target_fence END,
           attempt = u.target_attempt,
           digest = coalesce(u.digest, c.digest),
           dispatched_at = CASE u.target WHEN 'DISPATCHING' THEN coalesce(c.dispatched_at, v_now) ELSE c.dispatched_at END,
           seq = CASE WHEN u.outcome IS NULL THEN c.seq ELSE c.seq + 1 END,
           outcome = coalesce(u.outcome, c.outcome),
           ended_at = CASE WHEN u.target IN ('SUCCEEDED', 'FAILED', 'CANCELLED') THEN v_now END,
           valid_until = CASE WHEN u.target IN ('SUCCEEDED', 'FAILED', 'CANCELLED')
                              THEN v_now + c.validity_ms * interval '1 ms' END
      FROM unnest(p_tenant, p_user, p_hash, p_fence, p_from, p_attempt, p_late, p_to, p_to_fence, p_to_attempt, p_digest,
                  p_outcome)
           WITH ORDINALITY AS u (tenant, usr, hash, fence, origin, attempt, late, target, target_fence, target_attempt,
                                 digest, outcome, ord)
     WHERE c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
       AND (u.target <> 'DISPATCHING' OR v_live)
       AND ((c.fence = u.fence AND c.state = u.origin)
            -- The very move again: its commit was done and the answer got lost.
            OR (u.outcome IS NULL AND c.fence = u.target_fence AND c.state = u.target AND c.attempt = u.target_attempt)
            OR (u.late AND c.attempt = u.attempt AND c.state IN ('INDETERMINATE', 'NEEDS_REVIEW')))
    RETURNING u.ord)
  SELECT coalesce(array_agg(moved.ord::integer), '{}') INTO v_moved FROM moved;

  -- A statement of its own, with a snapshot taken after the row locks: it sees every follower that joined before them.
  RETURN QUERY
  WITH moved AS (
    SELECT u.ord::integer AS ord, c.call_id, c.trace, c.seq, c.hash, c.tenant_id, c.user_id,
           CASE WHEN u.outcome IS NULL THEN NULL ELSE c.outcome END AS outcome
      FROM unnest(p_tenant, p_user, p_hash, p_outcome) WITH ORDINALITY AS u (tenant, usr, hash, outcome, ord)
      JOIN call c ON c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
     WHERE u.ord = ANY (v_moved)),
  due AS (
    SELECT m.ord, m.call_id, m.seq, m.trace, outcome_value(m.call_id, NULL, false, m.seq, m.outcome) AS value FROM moved m
    UNION ALL
    SELECT m.ord, s.call_id, m.seq, s.trace, outcome_value(s.call_id, s.original_id, s.replayed, m.seq, m.outcome)
      FROM moved m
      JOIN submission s ON s.tenant_id = m.tenant_id AND s.user_id = m.user_id AND s.hash = m.hash
                       AND s.original_id IS NOT NULL AND s.original_id = m.call_id
     WHERE m.outcome IS NOT NULL),
  published AS (
    INSERT INTO outbox (owner, call_id, seq, trace, value)
    SELECT p_owner, d.call_id, d.seq, d.trace, d.value FROM due d WHERE d.value IS NOT NULL
    RETURNING id, call_id)
  SELECT d.ord, p.id, d.call_id, d.seq, d.trace, d.value
    FROM due d LEFT JOIN published p ON p.call_id = d.call_id;
END $$;

-- Gives up to p_limit batches of calls of dead incarnations to p_owner, under a higher fence.
CREATE FUNCTION take_over_calls(p_owner bigint, p_limit integer)
RETURNS TABLE (claim_id bigint, tenant_id text, user_id text, hash bytea, call_id uuid, state text, fence integer,
               attempt integer, request text, trace text, provider_key text, received_at timestamptz,
               first_dispatch_age_ms double precision)
LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  v_now   timestamptz := clock_timestamp();
  v_dead  record;
  v_claim bigint;
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
       AND c.state IN ('RECEIVED', 'CLAIMED', 'DISPATCHING', 'RETRY_WAIT', 'INDETERMINATE')
    RETURNING v_dead.id, c.tenant_id, c.user_id, c.hash, c.call_id, c.state, c.fence, c.attempt, c.request, c.trace,
              c.provider_key, c.received_at,
              extract(epoch FROM v_now - c.dispatched_at)::double precision * 1000;
    IF NOT FOUND THEN
      DELETE FROM claim WHERE id = v_dead.id;
    END IF;
  END LOOP;
END $$;
