-- What decides how a call ends belongs to the mesh, so all live instances have the same policy.
ALTER TABLE instance ADD COLUMN policy text;

-- Gives the instance this policy and returns null. Where a live instance has another one, returns that and changes nothing.
CREATE FUNCTION declare_policy(p_id bigint, p_policy text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_other text;
BEGIN
  -- One after the other: of two instances that start at once, the second sees the first. No instance has the number 0.
  PERFORM pg_advisory_xact_lock(advisory_class(), 0);
  SELECT i.policy INTO v_other
    FROM instance i
   WHERE i.id <> p_id AND i.ended_at IS NULL AND i.lease_until > clock_timestamp() AND i.policy <> p_policy
     -- The lock of a process that died is free.
     AND NOT pg_try_advisory_xact_lock(advisory_class(), i.id::integer)
   LIMIT 1;
  IF v_other IS NULL THEN UPDATE instance SET policy = p_policy WHERE id = p_id; END IF;
  RETURN v_other;
END $$;
