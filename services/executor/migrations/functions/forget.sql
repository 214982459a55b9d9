-- Revision 2.

-- Deletes rows that are no longer needed: records that Kafka has, and claims without a running call. Only the owner of
-- a claim knows that its calls have ended, so a claim that was taken over meanwhile stays.
CREATE FUNCTION forget(p_owner bigint, p_published bigint[], p_finished bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(p_published) > 0 THEN DELETE FROM outbox WHERE id = ANY (p_published); END IF;
  IF cardinality(p_finished) > 0 THEN DELETE FROM claim WHERE id = ANY (p_finished) AND owner = p_owner; END IF;
END $$;
