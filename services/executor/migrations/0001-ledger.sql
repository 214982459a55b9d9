-- The ledger: the sole authority for what a call is, who owns it and how it stands.
--
-- Every function locks rows in one order, so that no two wait for each other in a circle:
--   L1: outbox, claim, idempotency_key, submission, call, then waiting, dead and the rest.
--   L2: within one table by its primary key, texts in the collation "C".
--   L3: a function that begins at a later table takes rows of an earlier one only where they are free (SKIP LOCKED).

-- One row per incarnation of an executor process. The process holds the session advisory lock (advisory_class(), id) on
-- the connection that renews the lease, so its death shows at once, and its silence when the lease ends.
CREATE TABLE instance (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease_until timestamptz NOT NULL,
  ended_at    timestamptz
);

-- One row per call, that is, per (tenant, user, hash) inside its validity window. Only the primary key is indexed and the
-- pages are half empty, so that updates stay on their page and touch no index.
CREATE TABLE call (
  tenant_id     text NOT NULL,
  user_id       text NOT NULL,
  hash          bytea NOT NULL,
  call_id       uuid NOT NULL,
  state         text NOT NULL,
  fence         integer NOT NULL,
  attempt       integer NOT NULL,
  seq           integer NOT NULL,
  owner         bigint NOT NULL,
  recovered     boolean NOT NULL DEFAULT false,
  redrives      integer NOT NULL DEFAULT 0,
  -- The attempts that were used up before the last redrive, and when that was.
  attempts_before integer NOT NULL DEFAULT 0,
  renewed_at    timestamptz,
  -- What was tried and did not end the call, as a JSON array; the newest of it.
  tried         text,
  -- The record that it came with: topic/partition/offset.
  origin        text,
  -- The accepted call, as JSON; what a taking-over executor reads.
  request       text NOT NULL,
  trace         text NOT NULL,
  -- The intent: what was about to leave. The key is the same for every attempt.
  provider_key  text,
  digest        bytea,
  dispatched_at timestamptz,
  -- The newest intent; dispatched_at is that of the first.
  sent_at       timestamptz,
  received_at   timestamptz NOT NULL,
  ended_at      timestamptz,
  validity_ms   bigint NOT NULL,
  valid_until   timestamptz,
  -- The newest outcome without the fields that differ between submissions; see outcome_value().
  outcome       text,
  PRIMARY KEY (tenant_id, user_id, hash)
) PARTITION BY HASH (tenant_id, user_id);

DO $$
BEGIN
  FOR remainder IN 0..7 LOOP
    EXECUTE format(
      'CREATE TABLE call_%s PARTITION OF call FOR VALUES WITH (MODULUS 8, REMAINDER %s) WITH (fillfactor = 45)',
      remainder, remainder);
  END LOOP;
END $$;

-- Calls whose validity window was over when the same call came again.
CREATE TABLE call_history (LIKE call);
CREATE INDEX call_history_call_id ON call_history (call_id);

-- One row per call id of a tenant that ever arrived; insert-only but for what a duplicate turns out to be. original_id names
-- the call that a duplicate is the same as, and agent is the duplicate's own, as JSON; refusal is the outcome of a submission
-- that became no call.
CREATE TABLE submission (
  call_id     uuid NOT NULL,
  tenant_id   text NOT NULL,
  user_id     text NOT NULL,
  hash        bytea NOT NULL,
  trace       text NOT NULL,
  original_id uuid,
  replayed    boolean NOT NULL DEFAULT false,
  agent       text,
  refusal     text,
  received_at timestamptz NOT NULL,
  -- By the id first: ids grow with time, so that inserts stay on the newest pages, whoever's they are.
  PRIMARY KEY (call_id, tenant_id)
);
-- The list of calls, the newest first. It grows at its end and never changes.
CREATE INDEX submission_newest ON submission (tenant_id, received_at, call_id);
CREATE INDEX submission_follower ON submission (tenant_id, user_id, hash) WHERE original_id IS NOT NULL;

-- An idempotency key names the call it first came with.
CREATE TABLE idempotency_key (
  tenant_id text NOT NULL,
  user_id   text NOT NULL,
  key       text NOT NULL,
  hash      bytea NOT NULL,
  content   bytea NOT NULL,
  PRIMARY KEY (tenant_id, user_id, key)
);

-- The calls that an instance has under way, one row per batch: what to look at when it dies. Cheaper than an index on
-- call.owner, which would change twice with every call.
CREATE TABLE claim (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner   bigint NOT NULL,
  tenants text[] NOT NULL,
  users   text[] NOT NULL,
  hashes  bytea[] NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.01);

-- Calls that wait and that no instance answers for. The row is the authority; a record on a rung of the ladder, the
-- scheduler, or a free place for its tenant (the lane `overflow`) is what makes somebody look at it.
CREATE TABLE waiting (
  tenant_id text NOT NULL,
  user_id   text NOT NULL,
  hash      bytea NOT NULL,
  call_id   uuid NOT NULL,
  tool      text NOT NULL,
  lane      text NOT NULL,
  reason    text NOT NULL,
  scope     text,
  attempt   integer NOT NULL,
  since     timestamptz NOT NULL,
  due_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, hash)
) WITH (autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX waiting_due ON waiting (lane, due_at);
CREATE INDEX waiting_turn ON waiting (lane, tenant_id, due_at);

-- Calls that need a person: exactly those in DEAD and NEEDS_REVIEW (I9).
CREATE TABLE dead (
  tenant_id  text NOT NULL,
  user_id    text NOT NULL,
  hash       bytea NOT NULL,
  call_id    uuid NOT NULL,
  tool       text NOT NULL,
  status     text NOT NULL,
  -- As JSON: the error, and the provider's answer where there is one.
  reason     text NOT NULL,
  error_code text NOT NULL,
  died_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, hash)
);
CREATE INDEX dead_newest ON dead (tenant_id, died_at DESC, call_id DESC);

-- Which calls a redrive has taken, so that a repetition of it takes none of them again.
CREATE TABLE redriven (
  tenant_id  text NOT NULL,
  redrive_id text NOT NULL,
  call_id    uuid NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, redrive_id, call_id)
);

-- The calls of a saga, and the calls that undo others: for calls that belong to one alone.
CREATE TABLE saga (
  tenant_id text NOT NULL,
  saga_id   text NOT NULL,
  user_id   text NOT NULL,
  hash      bytea NOT NULL,
  call_id   uuid NOT NULL,
  PRIMARY KEY (tenant_id, saga_id, call_id)
);
CREATE TABLE compensation (
  tenant_id   text NOT NULL,
  compensates uuid NOT NULL,
  user_id     text NOT NULL,
  hash        bytea NOT NULL,
  call_id     uuid NOT NULL,
  tool        text NOT NULL,
  PRIMARY KEY (tenant_id, compensates, call_id)
);

-- Records of topics that the mesh did not take, by where they lie; the newest of each tenant.
CREATE TABLE refused_record (
  topic        text NOT NULL,
  partition    integer NOT NULL,
  kafka_offset bigint NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  tenant_id    text NOT NULL,
  call_id      uuid,
  code         text NOT NULL,
  message      text NOT NULL,
  refused_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, partition, kafka_offset)
);
CREATE INDEX refused_record_newest ON refused_record (tenant_id, id DESC);

-- Records that are committed and not yet known to be in Kafka: outcomes, dead letters and the ladder's. `kind` is `outcome`,
-- `dead`, or the name of a rung; `key` is null where it is the call id.
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner      bigint NOT NULL,
  kind       text NOT NULL DEFAULT 'outcome',
  key        text,
  call_id    uuid NOT NULL,
  seq        integer NOT NULL,
  trace      text NOT NULL,
  value      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0.01);

CREATE FUNCTION advisory_class() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1296388936 $$;

-- Whether the instance may still start requests, with `margin` to spare.
CREATE FUNCTION lease_is_live(p_owner bigint, p_margin interval) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM instance
     WHERE id = p_owner AND ended_at IS NULL AND lease_until > clock_timestamp() + p_margin)
$$;

-- The outcome record of one submission: the fields of its own, then the outcome that all duplicates share.
-- `outcome` is the text of a JSON object.
CREATE FUNCTION outcome_value(p_call uuid, p_original uuid, p_replayed boolean, p_seq integer, p_outcome text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"call_id":"' || p_call
      || CASE WHEN p_original IS NULL THEN '' ELSE '","duplicate_of":"' || p_original END
      || '","replayed":' || CASE WHEN p_replayed THEN 'true' ELSE 'false' END
      || ',"seq":' || p_seq || ',' || substr(p_outcome, 2)
$$;

-- A moment as the texts of outcomes have it.
CREATE FUNCTION iso(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- The present by the clock of the ledger, as precise as the texts of outcomes: a column and a text of one moment agree.
CREATE FUNCTION now_ms() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT date_trunc('milliseconds', clock_timestamp())
$$;

-- An outcome as the executor words it, the text of a JSON object, with the times of its call.
CREATE FUNCTION timed_outcome(p_outcome text, p_received timestamptz, p_at timestamptz, p_ended boolean)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '{"received_at":"' || iso(p_received) || '","at":"' || iso(p_at)
      || CASE WHEN p_ended THEN '","ended_at":"' || iso(p_at) ELSE '' END
      || '","duration_ms":' || greatest(0, round(extract(epoch FROM p_at - p_received) * 1000))::bigint
      || ',' || substr(p_outcome, 2)
$$;

-- How a call in this state is told of.
CREATE FUNCTION outcome_status(p_state text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'INDETERMINATE', 'NEEDS_REVIEW', 'DEAD')
              THEN lower(p_state) ELSE 'waiting' END
$$;

-- Opens a new incarnation on the calling connection, which then holds its lock.
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

-- Declares dead every other incarnation whose lease is over or whose lock is free.
CREATE FUNCTION end_dead_instances(p_self bigint) RETURNS SETOF bigint LANGUAGE sql AS $$
  UPDATE instance SET ended_at = clock_timestamp()
   WHERE ended_at IS NULL AND id <> p_self
     AND (lease_until < clock_timestamp() OR pg_try_advisory_xact_lock(advisory_class(), id::integer))
  RETURNING id
$$;

-- Deletes what is over: records that Kafka has, and claims whose calls have all ended. Only the owner of a claim knows the
-- latter: one that was taken over meanwhile stays.
CREATE FUNCTION forget(p_owner bigint, p_published bigint[], p_finished bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(p_published) > 0 THEN DELETE FROM outbox WHERE id = ANY (p_published); END IF;
  IF cardinality(p_finished) > 0 THEN DELETE FROM claim WHERE id = ANY (p_finished) AND owner = p_owner; END IF;
END $$;
