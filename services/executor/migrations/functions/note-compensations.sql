-- Revision 4.

-- Writes the compensating calls into the outcome of the call that they undo, and publishes it to all submissions.
-- Status and result stay unchanged.
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
    INSERT INTO outbox (tenant_id, owner, call_id, seq, trace, value)
    SELECT n.tenant_id, p_owner, r.call_id, n.seq, r.trace, r.value
      FROM noted n, LATERAL outcome_records(n.tenant_id, n.user_id, n.hash, n.call_id, n.seq, n.outcome) r
    RETURNING id, call_id, seq, trace, value)
  SELECT p.id, p.call_id, p.seq, p.trace, p.value FROM published p;
END $$;
