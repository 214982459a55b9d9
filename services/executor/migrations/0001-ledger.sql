-- The ledger: the sole authority on every call, its owner and its state. Functions are in functions/, one file each.
-- A row names its tenant in the column tenant_id or tenants, so row-level security isolates every table but instance.
--
-- Every function locks rows in one order, so two functions never wait for each other in a circle:
-- L1: outbox, claim, idempotency_key, submission, call, then waiting, dead and the rest.
-- L2: within one table by its primary key, texts in the collation "C".
-- L3: a function that begins at a later table takes only free rows of an earlier one (SKIP LOCKED).

-- One row per instance of an executor. The process holds the session advisory lock (advisory_class(), id) on the
-- connection that renews the lease, so its death shows at once, and its silence when the lease ends.
CREATE TABLE instance (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease_until timestamptz NOT NULL,
  ended_at    timestamptz,
  -- The settings that decide how a call ends, equal for all live instances; see declare_policy().
  policy      text
);

-- One row per call, that is, per (tenant, user, hash) inside its validity window. Only the primary key is indexed and the
-- pages are half empty: an update stays on its page and touches no index. The columns that a call's end changes come
-- last: the log of an update holds only the bytes behind the first changed one.
CREATE TABLE call (
  tenant_id     text NOT NULL,
  user_id       text NOT NULL,
  hash          bytea NOT NULL,
  call_id       uuid NOT NULL,
  received_at   timestamptz NOT NULL,
  -- The Kafka record of the call: topic/partition/offset.
  origin        text,
  trace         text NOT NULL,
  -- The accepted call, as JSON. An executor that takes the call over reads it.
  request       text NOT NULL,
  -- The intent: the request that was about to leave. The key is the same for every attempt.
  provider_key  text,
  digest        bytea,
  -- The connection of the newest intent. Later requests use the same one: another account would be a second effect.
  connection_id uuid,
  dispatched_at timestamptz,
  -- The time of the newest intent. dispatched_at is the time of the first.
  sent_at       timestamptz,
  validity_ms   bigint NOT NULL,
  recovered     boolean NOT NULL DEFAULT false,
  redrives      integer NOT NULL DEFAULT 0,
  -- The attempts that were used up before the last redrive, and the time of that redrive.
  attempts_before integer NOT NULL DEFAULT 0,
  renewed_at    timestamptz,
  -- The decision of the tenant's policies, as JSON. Null: the tenant had none.
  policy        text,
  owner         bigint NOT NULL,
  fence         integer NOT NULL,
  attempt       integer NOT NULL,
  seq           integer NOT NULL,
  state         text NOT NULL,
  -- The newest attempts that did not end the call, as a JSON array.
  tried         text,
  ended_at      timestamptz,
  valid_until   timestamptz,
  -- The newest outcome without the fields that differ between submissions. See outcome_value().
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

-- Calls that came again after the end of their validity window.
CREATE TABLE call_history (LIKE call);
CREATE INDEX call_history_call_id ON call_history (call_id);

-- One row per call id of a tenant that ever arrived. Only a duplicate is updated: original_id names its original, and
-- agent is the duplicate's own, as JSON. refusal is the outcome of a submission that became no call.
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
  -- By the id first: ids grow with time, so inserts of all tenants stay on the newest pages.
  PRIMARY KEY (call_id, tenant_id)
);
-- The list of calls, the newest first. It grows at its end and never changes.
CREATE INDEX submission_newest ON submission (tenant_id, received_at, call_id);
CREATE INDEX submission_follower ON submission (tenant_id, user_id, hash) WHERE original_id IS NOT NULL;

-- The row of an idempotency key names its first call.
CREATE TABLE idempotency_key (
  tenant_id text NOT NULL,
  user_id   text NOT NULL,
  key       text NOT NULL,
  hash      bytea NOT NULL,
  content   bytea NOT NULL,
  PRIMARY KEY (tenant_id, user_id, key)
);

-- The calls that an instance has under way, one row per batch; a take-over begins here. A call is under way until Kafka
-- has the outcome of its end, so the row also vouches for that outcome (I8). An index on call.owner would change twice
-- with every call.
CREATE TABLE claim (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner   bigint NOT NULL,
  tenants text[] NOT NULL,
  users   text[] NOT NULL,
  hashes  bytea[] NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.01);

-- Waiting calls. They have no owner, and the row is the authority. A record on a rung of the ladder, the scheduler, or
-- a free slot of the tenant (the lane `overflow`) makes an executor look at it. Nothing looks at the lane `held`: its
-- calls move to `overflow` when their kill switch is lifted. Held calls with a deadline wait for it with the scheduler.
-- Calls that wait for a connection are in the scheduler's lane, and move to `overflow` when the connection exists.
CREATE TABLE waiting (
  tenant_id text NOT NULL,
  user_id   text NOT NULL,
  hash      bytea NOT NULL,
  call_id   uuid NOT NULL,
  tool      text NOT NULL,
  lane      text NOT NULL,
  reason    text NOT NULL,
  scope     text,
  -- As JSON. With the reason awaiting_auth: where the user connects an account, and the missing scopes. With the reason
  -- awaiting_approval: the approval.
  detail    text,
  attempt   integer NOT NULL,
  since     timestamptz NOT NULL,
  due_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, hash)
) WITH (autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX waiting_due ON waiting (lane, due_at);
CREATE INDEX waiting_turn ON waiting (lane, tenant_id, due_at);
-- Empty while no kill switch holds a call.
CREATE INDEX waiting_held ON waiting (scope, since) WHERE reason = 'switched_off';
-- Empty while no call waits for a connection.
CREATE INDEX waiting_auth ON waiting (tenant_id, scope, user_id, since) WHERE reason = 'awaiting_auth';

-- Empty while no call waits for an approval.
CREATE INDEX waiting_approval ON waiting (tenant_id, since) WHERE reason = 'awaiting_approval';

-- The approvals that policies asked for: one for each question. A redrive of a call asks anew.
CREATE TABLE approval (
  id         uuid NOT NULL,
  tenant_id  text NOT NULL,
  user_id    text NOT NULL,
  hash       bytea NOT NULL,
  call_id    uuid NOT NULL,
  -- The number of redrives of the call when the question was asked.
  redrives   integer NOT NULL,
  tool       text NOT NULL,
  -- As JSON: the rule, the requester and the digest of the content that a decision covers.
  about      text NOT NULL,
  asked_at   timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- approved and rejected by a person, expired, or closed: the call no longer needs it. Null: no decision yet.
  decision   text,
  decided_by text,
  decided_at timestamptz,
  note       text,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX approval_newest ON approval (tenant_id, asked_at, id);
CREATE INDEX approval_open ON approval (tenant_id, asked_at, id) WHERE decision IS NULL;
CREATE INDEX approval_call ON approval (tenant_id, call_id);

-- Calls that need a person: exactly those in DEAD and NEEDS_REVIEW (I9).
CREATE TABLE dead (
  tenant_id  text NOT NULL,
  user_id    text NOT NULL,
  hash       bytea NOT NULL,
  call_id    uuid NOT NULL,
  tool       text NOT NULL,
  status     text NOT NULL,
  -- As JSON: the error, and the provider's answer if there is one.
  reason     text NOT NULL,
  error_code text NOT NULL,
  died_at    timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, hash)
);
CREATE INDEX dead_newest ON dead (tenant_id, died_at DESC, call_id DESC);

-- The calls that a redrive has taken. A repetition of the redrive takes none of them again.
CREATE TABLE redriven (
  tenant_id  text NOT NULL,
  redrive_id text NOT NULL,
  call_id    uuid NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, redrive_id, call_id)
);

-- The calls of a saga, and the calls that undo others. Other calls have no row here.
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

-- Kafka records that the mesh refused, by their position: the newest of each tenant. A record without a valid publisher
-- token has no tenant.
CREATE TABLE refused_record (
  topic        text NOT NULL,
  partition    integer NOT NULL,
  kafka_offset bigint NOT NULL,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  tenant_id    text,
  call_id      uuid,
  code         text NOT NULL,
  message      text NOT NULL,
  refused_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, partition, kafka_offset)
);
CREATE INDEX refused_record_newest ON refused_record (tenant_id, id DESC);

-- Records that are committed and not yet known to be in Kafka: outcomes, dead letters and records of the ladder. The
-- outcome of a call that its owner ends has a row only when Kafka did not take it in time: until then, the claim vouches
-- for it. `kind` is `outcome`, `dead`, or the name of a rung. `key` is null when it equals the call id.
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id  text NOT NULL,
  owner      bigint NOT NULL,
  kind       text NOT NULL DEFAULT 'outcome',
  key        text,
  call_id    uuid NOT NULL,
  seq        integer NOT NULL,
  trace      text NOT NULL,
  value      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0.01);
