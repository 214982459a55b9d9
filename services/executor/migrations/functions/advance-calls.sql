-- Revision 9.

-- A move of a call to another state. The columns are the members of a JSON object, and a missing member is null.
CREATE TYPE call_move AS (
  tenant_id       text,
  user_id         text,
  hash            bytea,
  -- The decision was made on this fence and state. from_attempt is the attempt of the evidence.
  from_fence      integer,
  from_state      text,
  from_attempt    integer,
  -- A definite answer, which settles the call even under another owner.
  evidence        boolean,
  to_state        text,
  to_fence        integer,
  to_attempt      integer,
  redrives        integer,
  attempts_before integer,
  -- The digest of the request that is about to leave.
  digest          bytea,
  -- The connection whose credential goes with it.
  connection_id   uuid,
  -- The shared part of the outcome to publish, as JSON.
  outcome         text,
  tried           text,
  tool            text,
  -- From now on the call waits without an owner, and is due that long after now.
  wait_ms         double precision,
  wait_lane       text,
  wait_reason     text,
  wait_scope      text,
  wait_detail     text,
  -- The approval that it waits for: its id, its content as JSON, and its end.
  approval_id      uuid,
  approval_about   text,
  approval_expires timestamptz,
  -- The decision of the policies, as JSON.
  policy          text,
  -- The topic of the ladder with the record that wakes the call, and that record, as JSON.
  rung            text,
  signal          text,
  -- The dead letter of a call that needs a person, and its entry in the list of dead letters, as JSON.
  letter          text,
  reason          text,
  error_code      text,
  -- The call that this one undoes, set when this one has come to rest. The undone call gets a further outcome.
  compensates     uuid,
  validity_ms     bigint,
  -- A claim of the owner lists the call, and stays until Kafka has the outcome of this move.
  claimed         boolean);

-- Moves a batch of calls to the states that the transition function returned. p_moves is a JSON array of call_move,
-- sorted by (tenant, user, hash). A row moves only when it still has the fence and the state of the decision. The
-- caller no longer owns a call without a row in the result. Evidence is the exception: the definite answer to the
-- newest attempt settles a call of unknown effect, under any owner. p_unparks: the batch moves waiting or dead calls,
-- and their rows in those tables are deleted.
--
-- Returns one row per call that moved, and one more per record to publish: its outcome, one for each duplicate that
-- follows it, its dead letter, its record on the ladder. A record has an outbox row if `stored`. The claim stands in
-- for the outbox rows of a claimed call that ends: the owner publishes its outcomes, or take_over_calls() does (I8).
CREATE FUNCTION advance_calls(
  p_owner bigint, p_margin interval, p_moves json, p_unparks boolean)
RETURNS TABLE (
  ord integer, outbox_id bigint, stored boolean, kind text, key text, call_id uuid, seq integer, trace text, value text)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_now    timestamptz := now_ms();
  v_iso    text := iso(v_now);
  v_live   boolean := true;
  v_moves  call_move[];
  v_leaves boolean;
  v_parks  boolean;
  v_dies   boolean;
  v_undoes boolean;
  v_asks   boolean;
  -- Some calls no longer wait for an approval.
  v_asked  boolean;
  v_moved  integer[];
  v_late   integer[];
  -- Calls that an earlier attempt of this statement has ended. Its answer got lost.
  v_ended  integer[] := '{}';
BEGIN
  SELECT array_agg(m), coalesce(bool_or(m.to_state = 'DISPATCHING'), false), count(m.wait_ms) > 0,
         count(m.letter) > 0, count(m.compensates) > 0, count(m.approval_id) > 0,
         coalesce(bool_or(m.from_state = 'AWAITING_APPROVAL' AND m.to_state <> 'AWAITING_APPROVAL'), false)
    INTO v_moves, v_leaves, v_parks, v_dies, v_undoes, v_asks, v_asked
    FROM json_populate_recordset(NULL::call_move, p_moves) m;
  IF v_leaves THEN
    v_live := lease_is_live(p_owner, p_margin);
  END IF;

  -- An undone call is locked too, and may come before the undoing call in the order of locks (L2).
  IF v_undoes THEN
    PERFORM FROM call c
      JOIN (SELECT m.tenant_id, m.user_id, m.hash FROM unnest(v_moves) m
             UNION
            SELECT s.tenant_id, s.user_id, s.hash FROM unnest(v_moves) m
              JOIN submission s ON s.call_id = m.compensates AND s.tenant_id = m.tenant_id) AS k (tenant, usr, hash)
        ON c.tenant_id = k.tenant AND c.user_id = k.usr AND c.hash = k.hash
     ORDER BY c.tenant_id COLLATE "C", c.user_id COLLATE "C", c.hash
       FOR UPDATE OF c;
  END IF;

  WITH moved AS (
    UPDATE call c
       SET state = m.to_state,
           fence = CASE WHEN m.evidence THEN c.fence ELSE m.to_fence END,
           attempt = m.to_attempt,
           owner = CASE WHEN m.wait_ms IS NULL THEN c.owner ELSE 0 END,
           -- Late evidence does not know a redrive after its attempt.
           redrives = greatest(m.redrives, c.redrives),
           attempts_before = greatest(m.attempts_before, c.attempts_before),
           renewed_at = CASE WHEN m.redrives > c.redrives THEN v_now ELSE c.renewed_at END,
           tried = coalesce(m.tried, c.tried),
           digest = coalesce(m.digest, c.digest),
           connection_id = coalesce(m.connection_id, c.connection_id),
           policy = coalesce(m.policy, c.policy),
           -- No request of a withdrawn intent has left.
           dispatched_at = CASE WHEN m.to_state = 'DISPATCHING' THEN coalesce(c.dispatched_at, v_now)
                                WHEN m.to_attempt > 0 THEN c.dispatched_at END,
           sent_at = CASE WHEN m.to_state = 'DISPATCHING' THEN v_now
                          WHEN m.to_attempt > 0 THEN c.sent_at END,
           seq = CASE WHEN m.outcome IS NULL THEN c.seq ELSE c.seq + 1 END,
           outcome = coalesce(timed_outcome(m.outcome, c.received_at, v_now, v_iso,
                                            m.to_state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'REHEARSED')), c.outcome),
           ended_at = CASE WHEN m.to_state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'REHEARSED') THEN v_now END,
           valid_until = CASE WHEN m.to_state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'REHEARSED')
                              THEN v_now + coalesce(m.validity_ms, c.validity_ms) * interval '1 ms' END,
           validity_ms = coalesce(m.validity_ms, c.validity_ms)
      FROM unnest(v_moves) WITH ORDINALITY m
     WHERE c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash
       AND (m.to_state <> 'DISPATCHING' OR v_live)
       -- A waiting call has no owner. A repetition of the move that parked it leaves it unchanged.
       AND ((c.fence = m.from_fence AND c.state = m.from_state AND (p_unparks OR c.owner <> 0))
            -- A repetition of the same move: it was committed and its answer got lost.
            OR (m.outcome IS NULL AND m.wait_ms IS NULL
                AND c.fence = m.to_fence AND c.state = m.to_state AND c.attempt = m.to_attempt)
            OR (m.evidence AND c.attempt = m.from_attempt AND c.state IN ('INDETERMINATE', 'NEEDS_REVIEW')))
    RETURNING m.ordinality::integer AS ord, c.fence <> m.to_fence AS overtaken)
  SELECT coalesce(array_agg(moved.ord), '{}'), coalesce(array_agg(moved.ord) FILTER (WHERE moved.overtaken), '{}')
    INTO v_moved, v_late FROM moved;

  -- The owner of these calls has not seen their outcomes, which are perhaps nowhere else. It gets them again.
  IF cardinality(v_moved) < cardinality(v_moves) AND NOT p_unparks THEN
    SELECT coalesce(array_agg(m.ordinality::integer), '{}') INTO v_ended
      FROM unnest(v_moves) WITH ORDINALITY m
      JOIN call c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash
     WHERE m.claimed AND m.ordinality <> ALL (v_moved)
       AND c.owner = p_owner AND c.fence = m.to_fence AND c.state = m.to_state AND c.attempt = m.to_attempt;
  END IF;

  -- Late evidence settles calls that wait for a probe or a person.
  IF p_unparks OR v_late <> '{}' THEN
    DELETE FROM waiting w
     USING unnest(v_moves) WITH ORDINALITY m
     WHERE w.tenant_id = m.tenant_id AND w.user_id = m.user_id AND w.hash = m.hash
       AND m.ordinality = ANY (CASE WHEN p_unparks THEN v_moved ELSE v_late END);
    DELETE FROM dead d
     USING unnest(v_moves) WITH ORDINALITY m
     WHERE d.tenant_id = m.tenant_id AND d.user_id = m.user_id AND d.hash = m.hash
       AND m.ordinality = ANY (CASE WHEN p_unparks THEN v_moved ELSE v_late END);
  END IF;
  IF v_parks THEN
    INSERT INTO waiting (tenant_id, user_id, hash, call_id, tool, lane, reason, scope, detail, attempt, since, due_at)
    SELECT m.tenant_id, m.user_id, m.hash, c.call_id, m.tool, m.wait_lane,
           m.wait_reason, m.wait_scope, m.wait_detail, c.attempt, v_now, v_now + m.wait_ms * interval '1 ms'
      FROM unnest(v_moves) WITH ORDINALITY m
      JOIN call c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash
     WHERE m.ordinality = ANY (v_moved) AND m.wait_ms IS NOT NULL;
  END IF;
  IF v_asks THEN
    INSERT INTO approval (id, tenant_id, user_id, hash, call_id, redrives, tool, about, asked_at, expires_at)
    SELECT m.approval_id, m.tenant_id, m.user_id, m.hash, c.call_id, c.redrives, m.tool, m.approval_about, v_now,
           m.approval_expires
      FROM unnest(v_moves) WITH ORDINALITY m
      JOIN call c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash
     WHERE m.ordinality = ANY (v_moved) AND m.approval_about IS NOT NULL;
    -- A call parks again for a question that it asked before. A decision at this moment either finds its waiting row, or
    -- is found here.
    PERFORM FROM approval a JOIN unnest(v_moves) m ON a.tenant_id = m.tenant_id AND a.id = m.approval_id
     ORDER BY a.tenant_id COLLATE "C", a.id
       FOR SHARE OF a;
    UPDATE waiting w
       SET lane = 'overflow', reason = 'tenant_backlog', scope = 'tenant:' || w.tenant_id, detail = NULL,
           due_at = w.since
      FROM unnest(v_moves) WITH ORDINALITY m, approval a
     WHERE a.tenant_id = m.tenant_id AND a.id = m.approval_id AND a.decision IS NOT NULL
       AND m.ordinality = ANY (v_moved)
       AND w.tenant_id = m.tenant_id AND w.user_id = m.user_id AND w.hash = m.hash;
  END IF;
  IF v_asked THEN
    UPDATE approval a
       SET decision = CASE WHEN a.expires_at <= v_now THEN 'expired' ELSE 'closed' END, decided_at = v_now
      FROM unnest(v_moves) WITH ORDINALITY m
      JOIN call c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash
     WHERE m.ordinality = ANY (v_moved)
       AND m.from_state = 'AWAITING_APPROVAL' AND m.to_state <> 'AWAITING_APPROVAL'
       AND a.tenant_id = c.tenant_id AND a.call_id = c.call_id AND a.decision IS NULL;
  END IF;
  IF v_dies THEN
    INSERT INTO dead (tenant_id, user_id, hash, call_id, tool, status, reason, error_code, died_at)
    SELECT m.tenant_id, m.user_id, m.hash, c.call_id, m.tool, outcome_status(c.state), m.reason, m.error_code, v_now
      FROM unnest(v_moves) WITH ORDINALITY m
      JOIN call c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash
     WHERE m.ordinality = ANY (v_moved) AND m.letter IS NOT NULL;
  END IF;

  IF v_undoes THEN
    RETURN QUERY
    SELECT m.ordinality::integer, n.outbox_id, true, 'outcome', NULL::text, n.call_id, n.seq, n.trace, n.value
      FROM unnest(v_moves) WITH ORDINALITY m,
           LATERAL note_compensations(p_owner, m.tenant_id, m.compensates) n
     WHERE m.ordinality = ANY (v_moved) AND m.compensates IS NOT NULL;
  END IF;

  -- A separate statement has a snapshot from after the row locks. It sees every follower that joined before them.
  RETURN QUERY
  WITH moved AS (
    SELECT m.ordinality::integer AS ord, c.call_id, c.trace, c.seq, c.attempt, c.hash, c.tenant_id, c.user_id,
           CASE WHEN m.outcome IS NULL THEN NULL ELSE c.outcome END AS outcome, m.letter, m.rung, m.signal,
           -- Late evidence settles a call that another claim lists, or none.
           m.claimed IS NOT TRUE OR c.owner <> p_owner OR c.ended_at IS NULL OR m.ordinality = ANY (v_late) AS stored
      FROM unnest(v_moves) WITH ORDINALITY m
      JOIN call c ON c.tenant_id = m.tenant_id AND c.user_id = m.user_id AND c.hash = m.hash
     WHERE m.ordinality = ANY (v_moved || v_ended)),
  due AS (
    SELECT m.ord, m.tenant_id, m.stored, 'outcome' AS kind, NULL::text AS key, m.call_id, m.seq, m.trace,
           outcome_value(m.call_id, NULL, false, m.seq, m.outcome) AS value
      FROM moved m
    UNION ALL
    SELECT m.ord, m.tenant_id, m.stored, 'outcome', NULL, s.call_id, m.seq, s.trace,
           outcome_value(s.call_id, s.original_id, s.replayed, m.seq, m.outcome)
      FROM moved m
      JOIN submission s ON s.tenant_id = m.tenant_id AND s.user_id = m.user_id AND s.hash = m.hash
                       AND s.original_id IS NOT NULL AND s.original_id = m.call_id
     WHERE m.outcome IS NOT NULL
    UNION ALL
    SELECT m.ord, m.tenant_id, true, 'dead', encode(m.hash, 'hex'), m.call_id, m.seq, m.trace,
           '{"seq":' || m.seq || ',"died_at":"' || v_iso || '",' || substr(m.letter, 2)
      FROM moved m WHERE v_dies AND m.letter IS NOT NULL
    UNION ALL
    SELECT m.ord, m.tenant_id, true, m.rung, encode(m.hash, 'hex'), m.call_id, m.attempt, m.trace, m.signal
      FROM moved m WHERE v_parks AND m.rung IS NOT NULL),
  -- Calls of two tenants may have one id, so the call id alone does not identify a record. A record gets its number even
  -- without a row: if it needs one later, the relay still publishes in the order of the commits.
  numbered AS (
    SELECT d.*, CASE WHEN d.value IS NOT NULL THEN nextval('outbox_id_seq') END AS id FROM due d),
  published AS (
    INSERT INTO outbox (id, tenant_id, owner, kind, key, call_id, seq, trace, value) OVERRIDING SYSTEM VALUE
    SELECT n.id, n.tenant_id, p_owner, n.kind, n.key, n.call_id, n.seq, n.trace, n.value FROM numbered n
     WHERE n.value IS NOT NULL AND n.stored)
  SELECT n.ord, n.id, n.stored, n.kind, n.key, n.call_id, n.seq, n.trace, n.value FROM numbered n;
END $$;
