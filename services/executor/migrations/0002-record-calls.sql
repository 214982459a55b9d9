-- Records a batch of calls: each becomes a new call, joins the call that it is the same as, or is found to be known.
-- One round trip and one commit; no call id comes twice; the arrays hold one element per call, sorted by (tenant, user, hash) so that concurrent
-- batches lock in one order.
--
-- verdict: fresh (the caller runs it) · following · replayed · redelivered · refused · key_conflict (the idempotency key
-- belongs to other content; nothing was written, and call_id is the call that has the key) · id_conflict (the call id belongs to
-- another call of the tenant; nothing was written).
-- p_fresh_only: a call that rests without having ended, dead for example, does not answer this one; p_arrived: when the broker took
-- the record, in milliseconds of the Unix epoch. A duplicate that arrived before the end of its call follows it, even where
-- the call has ended by now.
-- outbox, value: the record to publish, where the outcome is already known.
CREATE FUNCTION record_calls(
  p_owner bigint, p_margin interval,
  p_call uuid[], p_tenant text[], p_user text[], p_hash bytea[], p_content bytea[], p_key text[], p_trace text[], p_agent text[],
  p_request text[], p_state text[], p_fence integer[], p_attempt integer[], p_provider_key text[], p_digest bytea[], p_outcome text[], p_validity_ms bigint[],
  p_origin text[], p_tool text[], p_wait_ms double precision[], p_wait_reason text[], p_wait_scope text[],
  p_saga text[], p_compensates uuid[], p_fresh_only boolean[], p_arrived double precision[],
  p_published bigint[], p_finished bigint[])
RETURNS TABLE (ord integer, verdict text, claim_id bigint, outbox_id bigint, call_id uuid, seq integer, trace text, value text)
LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_now      timestamptz := now_ms();
  -- When the record came that is looked at.
  v_at       timestamptz;
  v_count    integer := cardinality(p_call);
  v_verdict  text[] := array_fill('fresh'::text, ARRAY[cardinality(p_call)]);
  -- The calls that have the keys of others.
  v_holder   uuid[] := array_fill(NULL::uuid, ARRAY[cardinality(p_call)]);
  v_new      uuid[];
  v_fresh    uuid[];
  v_running  boolean;
  v_known    boolean;
  -- Whether a call that is followed has an outcome to tell of already: it waits.
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
  PERFORM forget(p_owner, p_published, p_finished);

  FOR i IN 1..v_count LOOP
    CONTINUE WHEN p_outcome[i] IS NULL;
    p_outcome[i] := timed_outcome(p_outcome[i], v_now, v_now, p_state[i] IN ('FAILED', 'REFUSED'));
  END LOOP;

  -- An idempotency key stands for the call that it first came with, whatever the scope of this one.
  IF array_remove(p_key, NULL) <> '{}' THEN
    INSERT INTO idempotency_key (tenant_id, user_id, key, hash, content)
    SELECT u.tenant, u.usr, u.key, u.hash, u.content
      FROM unnest(p_tenant, p_user, p_key, p_hash, p_content) AS u (tenant, usr, key, hash, content)
     WHERE u.key IS NOT NULL
     ORDER BY u.tenant, u.usr, u.key
        ON CONFLICT DO NOTHING;
    FOR v_record IN
      SELECT u.ord::integer AS ord
        FROM unnest(p_tenant, p_user, p_key, p_hash) WITH ORDINALITY AS u (tenant, usr, key, hash, ord)
        JOIN idempotency_key k ON k.tenant_id = u.tenant AND k.user_id = u.usr AND k.key = u.key
       WHERE k.hash <> u.hash
       ORDER BY u.tenant, u.usr, u.key
    LOOP
      i := v_record.ord;
      v_at := least(v_now, coalesce(to_timestamp(p_arrived[i] / 1000), v_now));
      -- Decided on the row as it is now: another entry of this batch, or another executor, may just have taken the key.
      SELECT k.hash, k.content INTO v_key FROM idempotency_key k
       WHERE k.tenant_id = p_tenant[i] AND k.user_id = p_user[i] AND k.key = p_key[i] FOR UPDATE;
      CONTINUE WHEN v_key.hash = p_hash[i];
      SELECT c.valid_until < v_at AS over, c.call_id INTO v_original
        FROM call c WHERE c.tenant_id = p_tenant[i] AND c.user_id = p_user[i] AND c.hash = v_key.hash;
      IF v_original.over THEN
        UPDATE idempotency_key SET hash = p_hash[i], content = p_content[i]
         WHERE tenant_id = p_tenant[i] AND user_id = p_user[i] AND key = p_key[i];
      ELSIF v_key.content <> p_content[i] THEN
        v_verdict[i] := 'key_conflict';
        v_holder[i] := coalesce(v_original.call_id, (
          SELECT u.call FROM unnest(p_call, p_tenant, p_user, p_hash) AS u (call, tenant, usr, hash)
           WHERE u.tenant = p_tenant[i] AND u.usr = p_user[i] AND u.hash = v_key.hash LIMIT 1));
      ELSE
        p_hash[i] := v_key.hash;
      END IF;
    END LOOP;
  END IF;

  WITH inserted AS (
    INSERT INTO submission (call_id, tenant_id, user_id, hash, trace, refusal, received_at)
    SELECT u.call, u.tenant, u.usr, u.hash, u.trace, CASE u.state WHEN 'REFUSED' THEN u.outcome END, v_now
      FROM unnest(p_call, p_tenant, p_user, p_hash, p_trace, p_state, p_outcome, v_verdict)
           AS u (call, tenant, usr, hash, trace, state, outcome, verdict)
     WHERE u.verdict <> 'key_conflict'
     ORDER BY u.tenant COLLATE "C", u.call
        ON CONFLICT DO NOTHING
    RETURNING call_id)
  SELECT coalesce(array_agg(call_id), '{}') INTO v_new FROM inserted;

  WITH inserted AS (
    INSERT INTO call (tenant_id, user_id, hash, call_id, state, fence, attempt, seq, owner, request, trace, provider_key,
                      digest, dispatched_at, sent_at, received_at, ended_at, validity_ms, valid_until, outcome, origin)
    SELECT u.tenant, u.usr, u.hash, u.call, u.state, u.fence, u.attempt,
           CASE WHEN u.outcome IS NULL THEN 0 ELSE 1 END, CASE WHEN u.wait_ms IS NULL THEN p_owner ELSE 0 END,
           u.request, u.trace, u.provider_key, u.digest,
           CASE u.state WHEN 'DISPATCHING' THEN v_now END, CASE u.state WHEN 'DISPATCHING' THEN v_now END, v_now,
           CASE u.state WHEN 'FAILED' THEN v_now END, u.validity_ms,
           CASE u.state WHEN 'FAILED' THEN v_now + u.validity_ms * interval '1 ms' END, u.outcome, u.origin
      FROM unnest(p_call, p_tenant, p_user, p_hash, p_trace, p_request, p_state, p_fence, p_attempt, p_provider_key,
                  p_digest, p_outcome, p_validity_ms, p_origin, p_wait_ms)
           AS u (call, tenant, usr, hash, trace, request, state, fence, attempt, provider_key, digest, outcome,
                 validity_ms, origin, wait_ms)
     WHERE u.state <> 'REFUSED' AND (cardinality(v_new) = v_count OR u.call = ANY (v_new))
     -- A key may have given a call the hash of another.
     ORDER BY u.tenant COLLATE "C", u.usr COLLATE "C", u.hash
        ON CONFLICT DO NOTHING
    RETURNING call_id)
  SELECT coalesce(array_agg(call_id), '{}') INTO v_fresh FROM inserted;

  -- What did not become a call is rare, so it is looked at one by one.
  IF cardinality(v_fresh) < v_count THEN
    FOR v_record IN
      SELECT u.ord::integer AS ord
        FROM unnest(p_tenant, p_user, p_hash) WITH ORDINALITY AS u (tenant, usr, hash, ord)
       ORDER BY u.tenant COLLATE "C", u.usr COLLATE "C", u.hash, u.ord
    LOOP
      i := v_record.ord;
      CONTINUE WHEN p_call[i] = ANY (v_fresh) OR v_verdict[i] = 'key_conflict';
      v_at := least(v_now, coalesce(to_timestamp(p_arrived[i] / 1000), v_now));
      IF NOT p_call[i] = ANY (v_new) THEN
        v_verdict[i] := (
          SELECT CASE WHEN s.hash = p_hash[i] AND s.user_id = p_user[i] THEN 'redelivered' ELSE 'id_conflict' END
            FROM submission s WHERE s.call_id = p_call[i] AND s.tenant_id = p_tenant[i]);
      ELSIF p_state[i] = 'REFUSED' THEN
        v_verdict[i] := 'refused';
      ELSE
        -- The row lock orders this against the statement that ends the call: either it sees this follower, or this
        -- sees the end.
        SELECT c.call_id, c.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'NEEDS_REVIEW', 'DEAD') AS known,
               c.outcome IS NOT NULL AS told, c.valid_until,
               coalesce(c.ended_at, (SELECT d.died_at FROM dead d
                                      WHERE d.tenant_id = c.tenant_id AND d.user_id = c.user_id AND d.hash = c.hash)) AS rests_since
          INTO v_original
          FROM call c WHERE c.tenant_id = p_tenant[i] AND c.user_id = p_user[i] AND c.hash = p_hash[i] FOR UPDATE;
        IF NOT FOUND THEN
          -- Another executor is replacing the expired call at this moment; the batch is tried again.
          RAISE EXCEPTION 'a call changed hands while it was looked at' USING ERRCODE = '40001';
        END IF;
        v_known := v_original.known AND coalesce(v_original.rests_since < v_at, true);
        IF v_original.valid_until < v_at OR (v_known AND v_original.valid_until IS NULL AND p_fresh_only[i]) THEN
          DELETE FROM dead WHERE tenant_id = p_tenant[i] AND user_id = p_user[i] AND hash = p_hash[i];
          WITH expired AS (
            DELETE FROM call WHERE tenant_id = p_tenant[i] AND user_id = p_user[i] AND hash = p_hash[i] RETURNING *)
          INSERT INTO call_history SELECT * FROM expired;
          INSERT INTO call (tenant_id, user_id, hash, call_id, state, fence, attempt, seq, owner, request, trace,
                            provider_key, digest, dispatched_at, sent_at, received_at, ended_at, validity_ms, valid_until, outcome,
                            origin)
          VALUES (p_tenant[i], p_user[i], p_hash[i], p_call[i], p_state[i], p_fence[i], p_attempt[i],
                  CASE WHEN p_outcome[i] IS NULL THEN 0 ELSE 1 END, CASE WHEN p_wait_ms[i] IS NULL THEN p_owner ELSE 0 END,
                  p_request[i], p_trace[i], p_provider_key[i],
                  p_digest[i], CASE p_state[i] WHEN 'DISPATCHING' THEN v_now END,
                  CASE p_state[i] WHEN 'DISPATCHING' THEN v_now END, v_now,
                  CASE p_state[i] WHEN 'FAILED' THEN v_now END, p_validity_ms[i],
                  CASE p_state[i] WHEN 'FAILED' THEN v_now + p_validity_ms[i] * interval '1 ms' END, p_outcome[i],
                  p_origin[i]);
          v_fresh := v_fresh || p_call[i];
        ELSE
          v_verdict[i] := CASE WHEN v_known THEN 'replayed' ELSE 'following' END;
          v_told := v_told OR v_original.told;
          UPDATE submission SET original_id = v_original.call_id, replayed = v_known, agent = p_agent[i]
           WHERE call_id = p_call[i] AND tenant_id = p_tenant[i];
        END IF;
      END IF;
    END LOOP;
  END IF;

  IF array_remove(p_wait_ms, NULL) <> '{}' THEN
    INSERT INTO waiting (tenant_id, user_id, hash, call_id, tool, lane, reason, scope, attempt, since, due_at)
    SELECT u.tenant, u.usr, u.hash, u.call, u.tool,
           CASE u.reason WHEN 'tenant_backlog' THEN 'overflow' ELSE 'scheduler' END, u.reason, u.scope, 0, v_now,
           v_now + u.wait_ms * interval '1 ms'
      FROM unnest(p_call, p_tenant, p_user, p_hash, p_tool, p_wait_ms, p_wait_reason, p_wait_scope)
           AS u (call, tenant, usr, hash, tool, wait_ms, reason, scope)
     WHERE u.call = ANY (v_fresh) AND u.wait_ms IS NOT NULL;
  END IF;

  IF array_remove(p_saga, NULL) <> '{}' THEN
    INSERT INTO saga (tenant_id, saga_id, user_id, hash, call_id)
    SELECT u.tenant, u.saga, u.usr, u.hash, u.call
      FROM unnest(p_call, p_tenant, p_user, p_hash, p_saga) AS u (call, tenant, usr, hash, saga)
     WHERE u.call = ANY (v_fresh) AND u.saga IS NOT NULL;
  END IF;
  IF array_remove(p_compensates, NULL) <> '{}' THEN
    INSERT INTO compensation (tenant_id, compensates, user_id, hash, call_id, tool)
    SELECT u.tenant, u.compensates, u.usr, u.hash, u.call, u.tool
      FROM unnest(p_call, p_tenant, p_user, p_hash, p_compensates, p_tool)
           AS u (call, tenant, usr, hash, compensates, tool)
     WHERE u.call = ANY (v_fresh) AND u.compensates IS NOT NULL;
  END IF;

  SELECT coalesce(bool_or(u.call = ANY (v_fresh) AND u.outcome IS NULL), false),
         v_told OR coalesce(bool_or(u.outcome IS NOT NULL OR u.verdict IN ('replayed', 'redelivered')), false)
    INTO v_running, v_known
    FROM unnest(p_call, p_outcome, v_verdict) AS u (call, outcome, verdict);
  IF v_running THEN
    INSERT INTO claim (owner, tenants, users, hashes)
    SELECT p_owner, array_agg(u.tenant), array_agg(u.usr), array_agg(u.hash)
      FROM unnest(p_call, p_tenant, p_user, p_hash, p_outcome) AS u (call, tenant, usr, hash, outcome)
     WHERE u.call = ANY (v_fresh) AND u.outcome IS NULL
    RETURNING id INTO v_claim;
  END IF;

  IF NOT v_known THEN
    RETURN QUERY
    SELECT u.ord::integer, u.verdict, v_claim, NULL::bigint, u.holder, NULL::integer, NULL::text, NULL::text
      FROM unnest(v_verdict, v_holder) WITH ORDINALITY AS u (verdict, holder, ord);
    RETURN;
  END IF;

  -- Every submission that there is something to tell of by now gets its record; for a redelivered one the same bytes again.
  RETURN QUERY
  WITH known AS (
    SELECT u.ord, s.call_id, s.trace, CASE WHEN s.refusal IS NULL THEN c.seq ELSE 1 END AS seq,
           CASE WHEN s.refusal IS NULL
                THEN outcome_value(s.call_id, s.original_id, s.replayed, c.seq, c.outcome)
                ELSE outcome_value(s.call_id, NULL, false, 1, s.refusal) END AS value
      FROM unnest(p_call, p_tenant, p_outcome, v_verdict) WITH ORDINALITY AS u (call, tenant, outcome, verdict, ord)
      JOIN submission s ON s.call_id = u.call AND s.tenant_id = u.tenant
      LEFT JOIN call c ON c.tenant_id = s.tenant_id AND c.user_id = s.user_id AND c.hash = s.hash
                      AND c.call_id = coalesce(s.original_id, s.call_id)
     WHERE u.verdict IN ('following', 'replayed', 'redelivered', 'refused')
        OR (u.verdict = 'fresh' AND u.outcome IS NOT NULL)),
  published AS (
    INSERT INTO outbox (owner, call_id, seq, trace, value)
    SELECT p_owner, k.call_id, k.seq, k.trace, k.value FROM known k WHERE k.value IS NOT NULL
    RETURNING id, call_id, value)
  SELECT u.ord::integer, u.verdict, v_claim, p.id, coalesce(k.call_id, u.holder), k.seq, k.trace, p.value
    FROM unnest(v_verdict, v_holder) WITH ORDINALITY AS u (verdict, holder, ord)
    LEFT JOIN known k ON k.ord = u.ord
    LEFT JOIN published p ON p.call_id = k.call_id;
END $$;

-- Writes to every table that a new call needs, and takes it back in the same transaction: it fails where record_calls would,
-- and leaves nothing behind. The lease is not looked at.
CREATE FUNCTION try_recording() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_id   uuid := gen_random_uuid();
  v_hash bytea := uuid_send(v_id);
BEGIN
  INSERT INTO submission (call_id, tenant_id, user_id, hash, trace, received_at)
  VALUES (v_id, '', '', v_hash, '', clock_timestamp());
  INSERT INTO call (tenant_id, user_id, hash, call_id, state, fence, attempt, seq, owner, request, trace, received_at, validity_ms)
  VALUES ('', '', v_hash, v_id, 'CANCELLED', 0, 0, 0, 0, '', '', clock_timestamp(), 0);
  UPDATE call SET seq = 1 WHERE tenant_id = '' AND user_id = '' AND hash = v_hash;
  INSERT INTO outbox (owner, call_id, seq, trace, value) VALUES (0, v_id, 0, '', '');
  INSERT INTO claim (owner, tenants, users, hashes) VALUES (0, '{""}', '{""}', ARRAY[v_hash]);
  DELETE FROM claim WHERE owner = 0 AND hashes = ARRAY[v_hash];
  DELETE FROM outbox WHERE call_id = v_id;
  DELETE FROM call WHERE tenant_id = '' AND user_id = '' AND hash = v_hash;
  DELETE FROM submission WHERE tenant_id = '' AND call_id = v_id;
END $$;
