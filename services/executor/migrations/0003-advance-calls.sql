-- Moves a batch of calls to the states that the transition function returned. A row moves only when it still has the fence
-- and the state that the decision was made on; a row that does not come back means that the caller no longer owns it.
-- Late evidence (p_late) is the exception: the definite answer to the newest attempt settles a call of which nobody knew
-- whether the provider acted, whoever owns it.
--
-- A move with p_wait_ms parks its call: it has no owner from then on and is due that long after now. p_kind is the record
-- that wakes it, where it is a rung of the ladder. p_dead is the dead letter of a call that needs a person.
-- p_compensates is the call that this one undoes, where it has come to rest: that one gets a further outcome, which says so.
-- p_unparks: the batch holds moves of calls that wait or are dead, and their rows there go.
--
-- Returns one row per call that moved, and one more per record to publish: its outcome, one for each duplicate that follows
-- it, its dead letter, its place on the ladder.
CREATE FUNCTION advance_calls(
  p_owner bigint, p_margin interval,
  p_tenant text[], p_user text[], p_hash bytea[], p_fence integer[], p_from text[], p_attempt integer[], p_late boolean[],
  p_to text[], p_to_fence integer[], p_to_attempt integer[], p_to_redrives integer[], p_to_before integer[],
  p_digest bytea[], p_outcome text[], p_tried text[],
  p_tool text[], p_wait_ms double precision[], p_wait_reason text[], p_wait_scope text[], p_kind text[], p_signal text[],
  p_dead text[], p_reason text[], p_error_code text[], p_compensates uuid[], p_validity_ms bigint[], p_unparks boolean,
  p_published bigint[], p_finished bigint[])
RETURNS TABLE (ord integer, outbox_id bigint, kind text, key text, call_id uuid, seq integer, trace text, value text)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_now      timestamptz := now_ms();
  v_live     boolean := true;
  v_moved    integer[];
  v_late  integer[];
  v_parks    boolean := array_remove(p_wait_ms, NULL) <> '{}';
  v_dies     boolean := array_remove(p_dead, NULL) <> '{}';
BEGIN
  PERFORM forget(p_owner, p_published, p_finished);
  IF 'DISPATCHING' = ANY (p_to) THEN
    v_live := lease_is_live(p_owner, p_margin);
  END IF;

  -- What is undone is a call as well, and may stand before its undoing in the order of locks (L2).
  IF array_remove(p_compensates, NULL) <> '{}' THEN
    PERFORM FROM call c
      JOIN (SELECT u.tenant, u.usr, u.hash FROM unnest(p_tenant, p_user, p_hash) AS u (tenant, usr, hash)
             UNION
            SELECT s.tenant_id, s.user_id, s.hash FROM unnest(p_tenant, p_compensates) AS u (tenant, compensates)
              JOIN submission s ON s.call_id = u.compensates AND s.tenant_id = u.tenant) AS k (tenant, usr, hash)
        ON c.tenant_id = k.tenant AND c.user_id = k.usr AND c.hash = k.hash
     ORDER BY c.tenant_id COLLATE "C", c.user_id COLLATE "C", c.hash
       FOR UPDATE OF c;
  END IF;

  WITH moved AS (
    UPDATE call c
       SET state = u.target,
           fence = CASE WHEN u.late THEN c.fence ELSE u.target_fence END,
           attempt = u.target_attempt,
           owner = CASE WHEN u.wait_ms IS NULL THEN c.owner ELSE 0 END,
           -- Late evidence knows nothing of a redrive that came after its attempt.
           redrives = greatest(u.redrives, c.redrives),
           attempts_before = greatest(u.before, c.attempts_before),
           renewed_at = CASE WHEN u.redrives > c.redrives THEN v_now ELSE c.renewed_at END,
           tried = coalesce(u.tried, c.tried),
           digest = coalesce(u.digest, c.digest),
           -- Of an intent that was withdrawn nothing has left.
           dispatched_at = CASE WHEN u.target = 'DISPATCHING' THEN coalesce(c.dispatched_at, v_now)
                                WHEN u.target_attempt > 0 THEN c.dispatched_at END,
           sent_at = CASE WHEN u.target = 'DISPATCHING' THEN v_now
                          WHEN u.target_attempt > 0 THEN c.sent_at END,
           seq = CASE WHEN u.outcome IS NULL THEN c.seq ELSE c.seq + 1 END,
           outcome = coalesce(timed_outcome(u.outcome, c.received_at, v_now,
                                            u.target IN ('SUCCEEDED', 'FAILED', 'CANCELLED')), c.outcome),
           ended_at = CASE WHEN u.target IN ('SUCCEEDED', 'FAILED', 'CANCELLED') THEN v_now END,
           valid_until = CASE WHEN u.target IN ('SUCCEEDED', 'FAILED', 'CANCELLED')
                              THEN v_now + coalesce(u.validity_ms, c.validity_ms) * interval '1 ms' END,
           validity_ms = coalesce(u.validity_ms, c.validity_ms)
      FROM unnest(p_tenant, p_user, p_hash, p_fence, p_from, p_attempt, p_late, p_to, p_to_fence, p_to_attempt,
                  p_to_redrives, p_to_before, p_digest, p_outcome, p_tried, p_wait_ms, p_validity_ms)
           WITH ORDINALITY AS u (tenant, usr, hash, fence, origin, attempt, late, target, target_fence, target_attempt,
                                 redrives, before, digest, outcome, tried, wait_ms, validity_ms, ord)
     WHERE c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
       AND (u.target <> 'DISPATCHING' OR v_live)
       -- One that waits has no owner: the move that parked it, again, leaves it where it is.
       AND ((c.fence = u.fence AND c.state = u.origin AND (p_unparks OR c.owner <> 0))
            -- The very move again: its commit was done and the answer got lost.
            OR (u.outcome IS NULL AND u.wait_ms IS NULL
                AND c.fence = u.target_fence AND c.state = u.target AND c.attempt = u.target_attempt)
            OR (u.late AND c.attempt = u.attempt AND c.state IN ('INDETERMINATE', 'NEEDS_REVIEW')))
    RETURNING u.ord::integer AS ord, c.fence <> u.target_fence AS overtaken)
  SELECT coalesce(array_agg(moved.ord), '{}'), coalesce(array_agg(moved.ord) FILTER (WHERE moved.overtaken), '{}')
    INTO v_moved, v_late FROM moved;

  -- Late evidence settles calls that wait for a probe or a person.
  IF p_unparks OR v_late <> '{}' THEN
    DELETE FROM waiting w
     USING unnest(p_tenant, p_user, p_hash) WITH ORDINALITY AS u (tenant, usr, hash, ord)
     WHERE w.tenant_id = u.tenant AND w.user_id = u.usr AND w.hash = u.hash
       AND u.ord = ANY (CASE WHEN p_unparks THEN v_moved ELSE v_late END);
    DELETE FROM dead d
     USING unnest(p_tenant, p_user, p_hash) WITH ORDINALITY AS u (tenant, usr, hash, ord)
     WHERE d.tenant_id = u.tenant AND d.user_id = u.usr AND d.hash = u.hash
       AND u.ord = ANY (CASE WHEN p_unparks THEN v_moved ELSE v_late END);
  END IF;
  IF v_parks THEN
    INSERT INTO waiting (tenant_id, user_id, hash, call_id, tool, lane, reason, scope, attempt, since, due_at)
    SELECT u.tenant, u.usr, u.hash, c.call_id, u.tool, CASE WHEN u.kind IS NULL THEN 'scheduler' ELSE 'ladder' END,
           u.reason, u.scope, c.attempt, v_now, v_now + u.wait_ms * interval '1 ms'
      FROM unnest(p_tenant, p_user, p_hash, p_tool, p_wait_ms, p_wait_reason, p_wait_scope, p_kind)
           WITH ORDINALITY AS u (tenant, usr, hash, tool, wait_ms, reason, scope, kind, ord)
      JOIN call c ON c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
     WHERE u.ord = ANY (v_moved) AND u.wait_ms IS NOT NULL;
  END IF;
  IF v_dies THEN
    INSERT INTO dead (tenant_id, user_id, hash, call_id, tool, status, reason, error_code, died_at)
    SELECT u.tenant, u.usr, u.hash, c.call_id, u.tool, outcome_status(c.state),
           u.reason, u.code, v_now
      FROM unnest(p_tenant, p_user, p_hash, p_tool, p_dead, p_reason, p_error_code)
           WITH ORDINALITY AS u (tenant, usr, hash, tool, dead, reason, code, ord)
      JOIN call c ON c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
     WHERE u.ord = ANY (v_moved) AND u.dead IS NOT NULL;
  END IF;

  IF array_remove(p_compensates, NULL) <> '{}' THEN
    RETURN QUERY
    SELECT u.ord::integer, n.outbox_id, 'outcome', NULL::text, n.call_id, n.seq, n.trace, n.value
      FROM unnest(p_tenant, p_compensates) WITH ORDINALITY AS u (tenant, compensates, ord),
           LATERAL note_compensations(p_owner, u.tenant, u.compensates) n
     WHERE u.ord = ANY (v_moved) AND u.compensates IS NOT NULL;
  END IF;

  -- A statement of its own, with a snapshot taken after the row locks: it sees every follower that joined before them.
  RETURN QUERY
  WITH moved AS (
    SELECT u.ord::integer AS ord, c.call_id, c.trace, c.seq, c.attempt, c.hash, c.tenant_id, c.user_id,
           CASE WHEN u.outcome IS NULL THEN NULL ELSE c.outcome END AS outcome, u.dead, u.kind, u.signal
      FROM unnest(p_tenant, p_user, p_hash, p_outcome, p_dead, p_kind, p_signal)
           WITH ORDINALITY AS u (tenant, usr, hash, outcome, dead, kind, signal, ord)
      JOIN call c ON c.tenant_id = u.tenant AND c.user_id = u.usr AND c.hash = u.hash
     WHERE u.ord = ANY (v_moved)),
  due AS (
    SELECT m.ord, 'outcome' AS kind, NULL::text AS key, m.call_id, m.seq, m.trace,
           outcome_value(m.call_id, NULL, false, m.seq, m.outcome) AS value
      FROM moved m
    UNION ALL
    SELECT m.ord, 'outcome', NULL, s.call_id, m.seq, s.trace,
           outcome_value(s.call_id, s.original_id, s.replayed, m.seq, m.outcome)
      FROM moved m
      JOIN submission s ON s.tenant_id = m.tenant_id AND s.user_id = m.user_id AND s.hash = m.hash
                       AND s.original_id IS NOT NULL AND s.original_id = m.call_id
     WHERE m.outcome IS NOT NULL
    UNION ALL
    SELECT m.ord, 'dead', encode(m.hash, 'hex'), m.call_id, m.seq, m.trace, '{"seq":' || m.seq || ',"died_at":"' || iso(v_now) || '",' || substr(m.dead, 2)
      FROM moved m WHERE v_dies AND m.dead IS NOT NULL
    UNION ALL
    SELECT m.ord, m.kind, encode(m.hash, 'hex'), m.call_id, m.attempt, m.trace, m.signal
      FROM moved m WHERE v_parks AND m.kind IS NOT NULL),
  -- Calls of two tenants may have one id, so that no record can be found again by that.
  numbered AS (
    SELECT d.*, CASE WHEN d.value IS NOT NULL THEN nextval('outbox_id_seq') END AS id FROM due d),
  published AS (
    INSERT INTO outbox (id, owner, kind, key, call_id, seq, trace, value) OVERRIDING SYSTEM VALUE
    SELECT n.id, p_owner, n.kind, n.key, n.call_id, n.seq, n.trace, n.value FROM numbered n WHERE n.value IS NOT NULL)
  SELECT n.ord, n.id, n.kind, n.key, n.call_id, n.seq, n.trace, n.value FROM numbered n;
END $$;

-- Writes into the outcome of a call what was done to undo it, and publishes that to all its submissions. Its status and its
-- result stay as they are.
CREATE FUNCTION note_compensations(p_owner bigint, p_tenant text, p_call uuid)
RETURNS TABLE (outbox_id bigint, call_id uuid, seq integer, trace text, value text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  v_actions text;
BEGIN
  SELECT json_agg(json_build_object(
           'call_id', m.call_id, 'tool', m.tool,
           'status', outcome_status(c.state))
           ORDER BY m.call_id)::text
    INTO v_actions
    FROM compensation m
    JOIN call c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash AND c.call_id = m.call_id
   WHERE m.tenant_id = p_tenant AND m.compensates = p_call;

  RETURN QUERY
  WITH noted AS (
    UPDATE call c
       SET seq = c.seq + 1,
           outcome = left(regexp_replace(c.outcome, ',"compensating_actions":\[[^]]*\]\}$', '}'), -1)
                     || ',"compensating_actions":' || v_actions || '}'
      FROM submission s
     WHERE s.call_id = p_call AND s.tenant_id = p_tenant AND v_actions IS NOT NULL AND c.outcome IS NOT NULL
       AND c.tenant_id = s.tenant_id AND c.user_id = s.user_id AND c.hash = s.hash AND c.call_id = p_call
    RETURNING c.tenant_id, c.user_id, c.hash, c.call_id, c.seq, c.outcome),
  published AS (
    INSERT INTO outbox (owner, call_id, seq, trace, value)
    SELECT p_owner, s.call_id, n.seq, s.trace, outcome_value(s.call_id, s.original_id, s.replayed, n.seq, n.outcome)
      FROM noted n
      JOIN submission s ON s.tenant_id = n.tenant_id AND s.user_id = n.user_id AND s.hash = n.hash
                       AND coalesce(s.original_id, s.call_id) = n.call_id
    RETURNING id, call_id, seq, trace, value)
  SELECT p.id, p.call_id, p.seq, p.trace, p.value FROM published p;
END $$;
