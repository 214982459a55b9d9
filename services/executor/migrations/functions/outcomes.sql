-- Revision 3.

-- A time in the format of outcomes.
CREATE FUNCTION iso(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- The current time by the clock of the ledger, as precise as outcomes: a column and an outcome of one moment agree.
CREATE FUNCTION now_ms() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT date_trunc('milliseconds', clock_timestamp())
$$;

-- The outcome record of one submission: its own fields, then the outcome that all duplicates share. p_outcome is the text
-- of a JSON object.
CREATE FUNCTION outcome_value(p_call uuid, p_original uuid, p_replayed boolean, p_seq integer, p_outcome text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"call_id":"' || p_call
      || CASE WHEN p_original IS NULL THEN '' ELSE '","duplicate_of":"' || p_original END
      || '","replayed":' || CASE WHEN p_replayed THEN 'true' ELSE 'false' END
      || ',"seq":' || p_seq || ',' || substr(p_outcome, 2)
$$;

-- An outcome of the executor, the text of a JSON object, with the times of its call. p_at_iso is iso(p_at), so a batch
-- formats its time once.
CREATE FUNCTION timed_outcome(
  p_outcome text, p_received timestamptz, p_at timestamptz, p_at_iso text, p_ended boolean)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '{"received_at":"' || iso(p_received) || '","at":"' || p_at_iso
      || CASE WHEN p_ended THEN '","ended_at":"' || p_at_iso ELSE '' END
      || '","duration_ms":' || greatest(0, round(extract(epoch FROM p_at - p_received) * 1000))::bigint
      || ',' || substr(p_outcome, 2)
$$;

-- The status that an outcome reports for a call in this state.
CREATE FUNCTION outcome_status(p_state text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'INDETERMINATE', 'NEEDS_REVIEW', 'DEAD')
              THEN lower(p_state) ELSE 'waiting' END
$$;

-- The newest outcome of a call, as the records of its own submission and of each duplicate.
CREATE FUNCTION outcome_records(
  p_tenant text, p_user text, p_hash bytea, p_call uuid, p_seq integer, p_outcome text)
RETURNS TABLE (call_id uuid, replayed boolean, trace text, value text) LANGUAGE sql STABLE AS $$
  SELECT s.call_id, s.replayed, s.trace, outcome_value(s.call_id, s.original_id, s.replayed, p_seq, p_outcome)
    FROM (SELECT o.* FROM submission o WHERE o.call_id = p_call AND o.tenant_id = p_tenant
          UNION ALL
          SELECT f.* FROM submission f
           WHERE f.tenant_id = p_tenant AND f.user_id = p_user AND f.hash = p_hash
             AND f.original_id IS NOT NULL AND f.original_id = p_call) s
$$;
