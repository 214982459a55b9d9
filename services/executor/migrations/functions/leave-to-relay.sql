-- Revision 2.

-- A committed outcome without an outbox row. The columns are the members of a JSON object.
CREATE TYPE unstored_outcome AS (id bigint, tenant_id text, call_id uuid, seq integer, trace text, value text);

-- Gives outcomes to the relay that Kafka has not taken in time. p_outcomes is a JSON array of unstored_outcome. A
-- repetition changes nothing. No instance has the number 0, so the relay takes the rows at once.
CREATE FUNCTION leave_to_relay(p_outcomes json) RETURNS void LANGUAGE sql AS $$
  INSERT INTO outbox (id, tenant_id, owner, call_id, seq, trace, value) OVERRIDING SYSTEM VALUE
  SELECT o.id, o.tenant_id, 0, o.call_id, o.seq, o.trace, o.value
    FROM json_populate_recordset(NULL::unstored_outcome, p_outcomes) o
      ON CONFLICT (id) DO NOTHING
$$;
