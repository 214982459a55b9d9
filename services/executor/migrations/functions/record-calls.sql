-- Revision 8.

-- A new call to record. The columns are the members of a JSON object, and a missing member is null.
CREATE TYPE new_call AS (
  call_id         uuid,
  tenant_id       text,
  user_id         text,
  hash            bytea,
  content_hash    bytea,
  idempotency_key text,
  trace           text,
  -- The agent that submitted it, as JSON.
  agent           text,
  -- The accepted call, as JSON.
  request         text,
  state           text,
  fence           integer,
  attempt         integer,
  provider_key    text,
  digest          bytea,
  -- The connection whose credential goes with its first request.
  connection_id   uuid,
  -- The shared part of the outcome, as JSON, if the call has one already.
  outcome         text,
  validity_ms     bigint,
  -- The Kafka record of the call.
  origin          text,
  tool            text,
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
  saga_id         text,
  compensates     uuid,
  -- An earlier call that rests without an end, for example a dead one, does not answer this one.
  fresh_only      boolean,
  -- The time at which the broker took the Kafka record, in milliseconds since the Unix epoch.
  arrived_ms      double precision);

-- The row of a new call. PostgreSQL inlines this function, so it costs nothing.
CREATE FUNCTION call_row(n new_call, p_owner bigint, p_now timestamptz)
RETURNS TABLE (
  tenant_id text, user_id text, hash bytea, call_id uuid, state text, fence integer, attempt integer, seq integer,
  owner bigint, request text, trace text, provider_key text, digest bytea, connection_id uuid, dispatched_at timestamptz,
  sent_at timestamptz, received_at timestamptz, ended_at timestamptz, validity_ms bigint, valid_until timestamptz,
  outcome text, origin text, policy text)
LANGUAGE sql STABLE AS $$
  SELECT n.tenant_id, n.user_id, n.hash, n.call_id, n.state, n.fence, n.attempt,
         CASE WHEN n.outcome IS NULL THEN 0 ELSE 1 END,
         CASE WHEN n.wait_ms IS NULL THEN p_owner ELSE 0 END,
         n.request, n.trace, n.provider_key, n.digest, n.connection_id,
         CASE n.state WHEN 'DISPATCHING' THEN p_now END,
         CASE n.state WHEN 'DISPATCHING' THEN p_now END,
         p_now,
         CASE WHEN n.state IN ('FAILED', 'REHEARSED') THEN p_now END, n.validity_ms,
         CASE WHEN n.state IN ('FAILED', 'REHEARSED') THEN p_now + n.validity_ms * interval '1 ms' END, n.outcome,
         n.origin, n.policy
$$;

-- Records a batch of calls: each becomes a new call, joins its original, or turns out to be known. One round trip and
-- one commit. p_calls is a JSON array of new_call. No call id comes twice, and the array is sorted by (tenant, user,
-- hash), so concurrent batches lock in one order.
--
-- verdict: fresh (the caller runs it) · following · replayed · redelivered · refused · key_conflict (the idempotency
-- key belongs to other content; nothing was written, and call_id is the call that has the key) · id_conflict (the call
-- id belongs to another call of the tenant; nothing was written). A duplicate that arrived before the end of its call
-- follows it, even when the call has ended by now. outbox_id, value: the record to publish, if the outcome is already
-- known.
CREATE FUNCTION record_calls(
  p_owner bigint, p_margin interval, p_calls json)
RETURNS TABLE (
  ord integer, verdict text, claim_id bigint, outbox_id bigint, call_id uuid, seq integer, trace text, value text)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_now      timestamptz := now_ms();
  -- The arrival of the current submission.
  v_at       timestamptz;
  v_calls    new_call[];
  v_call     new_call;
  v_count    integer;
  v_verdict  text[];
  -- The calls that hold the idempotency keys.
  v_holder   uuid[];
  v_new      uuid[];
  v_fresh    uuid[];
  -- At the place of an entry: the call that it moved to the history.
  v_expired  uuid[];
  v_keyed    boolean;
  v_outcomes boolean;
  v_waits    boolean;
  v_sagas    boolean;
  v_undoes   boolean;
  v_running  boolean;
  v_known    boolean;
  -- Whether the followed call already has an outcome because it waits.
  v_told     boolean := false;
  v_claim    bigint;
  v_record   record;
  v_key      record;
  v_original record;
  i          integer;
BEGIN
  IF NOT lease_is_live(p_owner, p_margin) THEN
    RAISE EXCEPTION 'the lease of instance % is over', p_owner USING ERRCODE = 'MSH01';
  END IF;

  SELECT array_agg(n), count(n.idempotency_key) > 0, count(n.outcome) > 0, count(n.wait_ms) > 0, count(n.saga_id) > 0,
         count(n.compensates) > 0
    INTO v_calls, v_keyed, v_outcomes, v_waits, v_sagas, v_undoes
    FROM json_populate_recordset(NULL::new_call, p_calls) n;
  v_count := cardinality(v_calls);
  v_verdict := array_fill('fresh'::text, ARRAY[v_count]);
  v_holder := array_fill(NULL::uuid, ARRAY[v_count]);

  IF v_outcomes THEN
    FOR i IN 1..v_count LOOP
      v_call := v_calls[i];
      CONTINUE WHEN v_call.outcome IS NULL;
      v_calls[i].outcome := timed_outcome(
        v_call.outcome, v_now, v_now, iso(v_now), v_call.state IN ('FAILED', 'REHEARSED', 'REFUSED'));
    END LOOP;
  END IF;

  -- An idempotency key stands for its first call, in any scope.
  IF v_keyed THEN
    INSERT INTO idempotency_key (tenant_id, user_id, key, hash, content)
    SELECT n.tenant_id, n.user_id, n.idempotency_key, n.hash, n.content_hash
      FROM unnest(v_calls) n
     WHERE n.idempotency_key IS NOT NULL
     ORDER BY n.tenant_id, n.user_id, n.idempotency_key
        ON CONFLICT DO NOTHING;
    FOR v_record IN
      SELECT n.ordinality::integer AS ord
        FROM unnest(v_calls) WITH ORDINALITY n
        JOIN idempotency_key k ON k.tenant_id = n.tenant_id AND k.user_id = n.user_id AND k.key = n.idempotency_key
       WHERE k.hash <> n.hash
       ORDER BY n.tenant_id, n.user_id, n.idempotency_key
    LOOP
      i := v_record.ord;
      v_call := v_calls[i];
      v_at := least(v_now, coalesce(to_timestamp(v_call.arrived_ms / 1000), v_now));
      -- Reads the current row: another entry of this batch, or another executor, may just have taken the key.
      SELECT k.hash, k.content INTO v_key FROM idempotency_key k
       WHERE k.tenant_id = v_call.tenant_id AND k.user_id = v_call.user_id AND k.key = v_call.idempotency_key FOR UPDATE;
      CONTINUE WHEN v_key.hash = v_call.hash;
      SELECT c.valid_until < v_at AS over, c.call_id INTO v_original
        FROM call c WHERE c.tenant_id = v_call.tenant_id AND c.user_id = v_call.user_id AND c.hash = v_key.hash;
      IF v_original.over THEN
        UPDATE idempotency_key SET hash = v_call.hash, content = v_call.content_hash
         WHERE tenant_id = v_call.tenant_id AND user_id = v_call.user_id AND key = v_call.idempotency_key;
      ELSIF v_key.content <> v_call.content_hash THEN
        v_verdict[i] := 'key_conflict';
        v_holder[i] := coalesce(v_original.call_id, (
          SELECT n.call_id FROM unnest(v_calls) n
           WHERE n.tenant_id = v_call.tenant_id AND n.user_id = v_call.user_id AND n.hash = v_key.hash LIMIT 1));
      ELSE
        v_calls[i].hash := v_key.hash;
      END IF;
    END LOOP;
  END IF;

  WITH inserted AS (
    INSERT INTO submission (call_id, tenant_id, user_id, hash, trace, refusal, received_at)
    SELECT n.call_id, n.tenant_id, n.user_id, n.hash, n.trace, CASE n.state WHEN 'REFUSED' THEN n.outcome END, v_now
      FROM unnest(v_calls) WITH ORDINALITY n
     WHERE v_verdict[n.ordinality] <> 'key_conflict'
     ORDER BY n.tenant_id COLLATE "C", n.call_id
        ON CONFLICT DO NOTHING
    RETURNING call_id)
  SELECT coalesce(array_agg(call_id), '{}') INTO v_new FROM inserted;

  WITH inserted AS (
    INSERT INTO call (tenant_id, user_id, hash, call_id, state, fence, attempt, seq, owner, request, trace, provider_key,
                      digest, connection_id, dispatched_at, sent_at, received_at, ended_at, validity_ms, valid_until, outcome, origin,
                      policy)
    SELECT f.*
      FROM unnest(v_calls) n, LATERAL call_row(n, p_owner, v_now) f
     WHERE n.state <> 'REFUSED' AND (cardinality(v_new) = v_count OR n.call_id = ANY (v_new))
     -- A key may have given a call the hash of another.
     ORDER BY n.tenant_id COLLATE "C", n.user_id COLLATE "C", n.hash
        ON CONFLICT DO NOTHING
    RETURNING call_id)
  SELECT coalesce(array_agg(call_id), '{}') INTO v_fresh FROM inserted;

  -- Submissions that became no call are rare, so each is examined alone.
  IF cardinality(v_fresh) < v_count THEN
    FOR v_record IN
      SELECT n.ordinality::integer AS ord
        FROM unnest(v_calls) WITH ORDINALITY n
       ORDER BY n.tenant_id COLLATE "C", n.user_id COLLATE "C", n.hash, n.ordinality
    LOOP
      i := v_record.ord;
      v_call := v_calls[i];
      CONTINUE WHEN v_call.call_id = ANY (v_fresh) OR v_verdict[i] = 'key_conflict';
      v_at := least(v_now, coalesce(to_timestamp(v_call.arrived_ms / 1000), v_now));
      IF NOT v_call.call_id = ANY (v_new) THEN
        v_verdict[i] := (
          SELECT CASE WHEN s.hash = v_call.hash AND s.user_id = v_call.user_id THEN 'redelivered' ELSE 'id_conflict' END
            FROM submission s WHERE s.call_id = v_call.call_id AND s.tenant_id = v_call.tenant_id);
      ELSIF v_call.state = 'REFUSED' THEN
        v_verdict[i] := 'refused';
      ELSE
        -- The row lock orders this against the statement that ends the call: either that one sees this follower, or
        -- this one sees the end.
        SELECT c.call_id, c.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'REHEARSED', 'NEEDS_REVIEW', 'DEAD') AS known,
               c.outcome IS NOT NULL AS told, c.valid_until,
               coalesce(c.ended_at, (
                 SELECT d.died_at FROM dead d
                  WHERE d.tenant_id = c.tenant_id AND d.user_id = c.user_id AND d.hash = c.hash)) AS rests_since
          INTO v_original
          FROM call c
         WHERE c.tenant_id = v_call.tenant_id AND c.user_id = v_call.user_id AND c.hash = v_call.hash FOR UPDATE;
        IF NOT FOUND THEN
          -- Another executor is replacing the expired call at this moment. The batch is tried again.
          RAISE EXCEPTION 'a call changed hands during its examination' USING ERRCODE = '40001';
        END IF;
        v_known := v_original.known AND coalesce(v_original.rests_since < v_at, true);
        IF v_original.valid_until < v_at OR (v_known AND v_original.valid_until IS NULL AND v_call.fresh_only) THEN
          DELETE FROM dead
           WHERE tenant_id = v_call.tenant_id AND user_id = v_call.user_id AND hash = v_call.hash;
          WITH expired AS (
            DELETE FROM call
             WHERE tenant_id = v_call.tenant_id AND user_id = v_call.user_id AND hash = v_call.hash RETURNING *)
          INSERT INTO call_history SELECT * FROM expired;
          INSERT INTO call (tenant_id, user_id, hash, call_id, state, fence, attempt, seq, owner, request, trace,
                            provider_key, digest, connection_id, dispatched_at, sent_at, received_at, ended_at,
                            validity_ms, valid_until, outcome, origin, policy)
          SELECT * FROM call_row(v_call, p_owner, v_now);
          v_fresh := v_fresh || v_call.call_id;
          v_expired[i] := v_original.call_id;
        ELSE
          v_verdict[i] := CASE WHEN v_known THEN 'replayed' ELSE 'following' END;
          v_told := v_told OR v_original.told;
          UPDATE submission SET original_id = v_original.call_id, replayed = v_known, agent = v_call.agent
           WHERE call_id = v_call.call_id AND tenant_id = v_call.tenant_id;
        END IF;
      END IF;
    END LOOP;
  END IF;

  -- A take-over does not look into the history. The outcome of a call that a claim still lists is perhaps not published,
  -- so it gets an outbox row before the claim loses sight of it (I8).
  IF v_expired IS NOT NULL THEN
    INSERT INTO outbox (tenant_id, owner, call_id, seq, trace, value)
    SELECT h.tenant_id, 0, r.call_id, h.seq, r.trace, r.value
      FROM unnest(v_calls) WITH ORDINALITY n
      JOIN call_history h ON h.tenant_id = n.tenant_id AND h.call_id = v_expired[n.ordinality],
           LATERAL outcome_records(h.tenant_id, h.user_id, h.hash, h.call_id, h.seq, h.outcome) r
     WHERE h.ended_at IS NOT NULL AND h.outcome IS NOT NULL AND NOT r.replayed
       AND EXISTS (SELECT FROM claim d, unnest(d.tenants, d.hashes) AS u (tenant, hash)
                    WHERE d.owner = h.owner AND u.tenant = h.tenant_id AND u.hash = h.hash);
  END IF;

  IF v_waits THEN
    INSERT INTO waiting (tenant_id, user_id, hash, call_id, tool, lane, reason, scope, detail, attempt, since, due_at)
    SELECT n.tenant_id, n.user_id, n.hash, n.call_id, n.tool, n.wait_lane, n.wait_reason, n.wait_scope,
           n.wait_detail, 0,
           v_now, v_now + n.wait_ms * interval '1 ms'
      FROM unnest(v_calls) n
     WHERE n.call_id = ANY (v_fresh) AND n.wait_ms IS NOT NULL;
    INSERT INTO approval (id, tenant_id, user_id, hash, call_id, redrives, tool, about, asked_at, expires_at)
    SELECT n.approval_id, n.tenant_id, n.user_id, n.hash, n.call_id, 0, n.tool, n.approval_about, v_now,
           n.approval_expires
      FROM unnest(v_calls) n
     WHERE n.call_id = ANY (v_fresh) AND n.approval_id IS NOT NULL;
  END IF;

  IF v_sagas THEN
    INSERT INTO saga (tenant_id, saga_id, user_id, hash, call_id)
    SELECT n.tenant_id, n.saga_id, n.user_id, n.hash, n.call_id
      FROM unnest(v_calls) n
     WHERE n.call_id = ANY (v_fresh) AND n.saga_id IS NOT NULL;
  END IF;
  IF v_undoes THEN
    INSERT INTO compensation (tenant_id, compensates, user_id, hash, call_id, tool)
    SELECT n.tenant_id, n.compensates, n.user_id, n.hash, n.call_id, n.tool
      FROM unnest(v_calls) n
     WHERE n.call_id = ANY (v_fresh) AND n.compensates IS NOT NULL;
  END IF;

  IF cardinality(v_fresh) = v_count AND NOT v_outcomes AND NOT v_waits THEN
    v_running := true;
    v_known := false;
  ELSE
    SELECT coalesce(bool_or(n.call_id = ANY (v_fresh) AND n.outcome IS NULL AND n.wait_ms IS NULL), false),
           v_told OR coalesce(
             bool_or(n.outcome IS NOT NULL OR v_verdict[n.ordinality] IN ('replayed', 'redelivered')), false)
      INTO v_running, v_known
      FROM unnest(v_calls) WITH ORDINALITY n;
  END IF;
  IF v_running THEN
    INSERT INTO claim (owner, tenants, users, hashes)
    SELECT p_owner, array_agg(n.tenant_id), array_agg(n.user_id), array_agg(n.hash)
      FROM unnest(v_calls) n
     WHERE (cardinality(v_fresh) = v_count OR n.call_id = ANY (v_fresh)) AND n.outcome IS NULL AND n.wait_ms IS NULL
    RETURNING id INTO v_claim;
  END IF;

  IF NOT v_known THEN
    RETURN QUERY
    SELECT u.ord::integer, u.verdict, v_claim, NULL::bigint, u.holder, NULL::integer, NULL::text, NULL::text
      FROM unnest(v_verdict, v_holder) WITH ORDINALITY AS u (verdict, holder, ord);
    RETURN;
  END IF;

  -- Every submission with an outcome by now gets its record. A redelivered one gets the same bytes again.
  RETURN QUERY
  WITH known AS (
    SELECT n.ordinality AS ord, s.tenant_id, s.call_id, s.trace, CASE WHEN s.refusal IS NULL THEN c.seq ELSE 1 END AS seq,
           CASE WHEN s.refusal IS NULL
                THEN outcome_value(s.call_id, s.original_id, s.replayed, c.seq, c.outcome)
                ELSE outcome_value(s.call_id, NULL, false, 1, s.refusal) END AS value
      FROM unnest(v_calls) WITH ORDINALITY n
      JOIN submission s ON s.call_id = n.call_id AND s.tenant_id = n.tenant_id
      LEFT JOIN call c ON c.tenant_id = s.tenant_id AND c.user_id = s.user_id AND c.hash = s.hash
                      AND c.call_id = coalesce(s.original_id, s.call_id)
     WHERE v_verdict[n.ordinality] IN ('following', 'replayed', 'redelivered', 'refused')
        OR (v_verdict[n.ordinality] = 'fresh' AND n.outcome IS NOT NULL)),
  published AS (
    INSERT INTO outbox (tenant_id, owner, call_id, seq, trace, value)
    SELECT k.tenant_id, p_owner, k.call_id, k.seq, k.trace, k.value FROM known k WHERE k.value IS NOT NULL
    RETURNING id, call_id, value)
  SELECT u.ord::integer, u.verdict, v_claim, p.id, coalesce(k.call_id, u.holder), k.seq, k.trace, p.value
    FROM unnest(v_verdict, v_holder) WITH ORDINALITY AS u (verdict, holder, ord)
    LEFT JOIN known k ON k.ord = u.ord
    LEFT JOIN published p ON p.call_id = k.call_id;
END $$;
