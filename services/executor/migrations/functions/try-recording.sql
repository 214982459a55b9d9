-- Revision 3.

-- Writes to every table that a new call needs, and undoes it in the same transaction. It fails when record_calls would
-- fail, and leaves nothing behind. It ignores the lease.
CREATE FUNCTION try_recording() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_id   uuid := gen_random_uuid();
  v_hash bytea := uuid_send(v_id);
BEGIN
  INSERT INTO submission (call_id, tenant_id, user_id, hash, trace, received_at)
  VALUES (v_id, '', '', v_hash, '', clock_timestamp());
  INSERT INTO call (tenant_id, user_id, hash, call_id, state, fence, attempt, seq, owner, request, trace, received_at,
                    validity_ms)
  VALUES ('', '', v_hash, v_id, 'CANCELLED', 0, 0, 0, 0, '', '', clock_timestamp(), 0);
  UPDATE call SET seq = 1 WHERE tenant_id = '' AND user_id = '' AND hash = v_hash;
  INSERT INTO outbox (tenant_id, owner, call_id, seq, trace, value) VALUES ('', 0, v_id, 0, '', '');
  INSERT INTO claim (owner, tenants, users, hashes) VALUES (0, '{""}', '{""}', ARRAY[v_hash]);
  DELETE FROM claim WHERE owner = 0 AND hashes = ARRAY[v_hash];
  DELETE FROM outbox WHERE call_id = v_id;
  DELETE FROM call WHERE tenant_id = '' AND user_id = '' AND hash = v_hash;
  DELETE FROM submission WHERE tenant_id = '' AND call_id = v_id;
END $$;
