-- Revision 3.

-- The first number of the advisory lock of an instance. The second is its id. Others test the lock in shared mode, so
-- two tests at once do not take each other for the instance.
CREATE FUNCTION advisory_class() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1296388936 $$;

-- Whether the instance may still start requests, with p_margin of its lease to spare.
CREATE FUNCTION lease_is_live(p_owner bigint, p_margin interval) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM instance
     WHERE id = p_owner AND ended_at IS NULL AND lease_until > clock_timestamp() + p_margin)
$$;

-- Opens a new instance on the calling connection, which then holds its lock.
CREATE FUNCTION open_instance(p_name text, p_lease interval) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_id bigint := nextval(pg_get_serial_sequence('instance', 'id'));
BEGIN
  -- The lock first: a row without a lock would look dead.
  PERFORM pg_advisory_lock(advisory_class(), v_id::integer);
  INSERT INTO instance (id, name, lease_until) OVERRIDING SYSTEM VALUE
  VALUES (v_id, p_name, clock_timestamp() + p_lease);
  RETURN v_id;
END $$;

-- Declares dead every other instance with an ended lease or a free lock.
CREATE FUNCTION end_dead_instances(p_self bigint) RETURNS SETOF bigint LANGUAGE sql AS $$
  UPDATE instance SET ended_at = clock_timestamp()
   WHERE ended_at IS NULL AND id <> p_self
     AND (lease_until < clock_timestamp() OR pg_try_advisory_xact_lock_shared(advisory_class(), id::integer))
  RETURNING id
$$;

-- Gives the instance this policy and returns null. If a live instance has another policy, returns that one and changes
-- nothing. The policy decides how a call ends, so all live instances of a mesh have the same.
CREATE FUNCTION declare_policy(p_id bigint, p_policy text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_other text;
BEGIN
  -- One after the other: of two instances that start at once, the second sees the first. No instance has the number 0.
  PERFORM pg_advisory_xact_lock(advisory_class(), 0);
  SELECT i.policy INTO v_other
    FROM instance i
   WHERE i.id <> p_id AND i.ended_at IS NULL AND i.lease_until > clock_timestamp() AND i.policy <> p_policy
     -- A dead process has released its lock.
     AND NOT pg_try_advisory_xact_lock_shared(advisory_class(), i.id::integer)
   LIMIT 1;
  IF v_other IS NULL THEN UPDATE instance SET policy = p_policy WHERE id = p_id; END IF;
  RETURN v_other;
END $$;
