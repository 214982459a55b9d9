-- The end of the chain of each tenant. Every append locks its row, so a chain has one writer at a time.
CREATE TABLE chain (
  tenant_id text PRIMARY KEY,
  -- The number of the last entry; 0 before the first.
  seq       bigint NOT NULL CHECK (seq >= 0),
  hash      bytea NOT NULL CHECK (length(hash) = 32)
);

-- The entries. `body` is the exact text under the hash; the columns behind it repeat members of it for searches.
CREATE TABLE entry (
  tenant_id      text NOT NULL,
  seq            bigint NOT NULL,
  id             uuid NOT NULL,
  prev_hash      bytea NOT NULL,
  hash           bytea NOT NULL,
  -- The checkpoint: a signature over place and hash. The last entry of every append has one.
  signature      bytea,
  body           text NOT NULL,
  -- Personal data as JSON text. An erasure removes it, and the chain has only its keyed digest.
  content        text,
  kind           text NOT NULL,
  at             timestamptz NOT NULL,
  recorded_at    timestamptz NOT NULL,
  trace_id       text,
  call_id        text,
  agent_id       text,
  run_id         text,
  tool           text,
  status         text,
  error_category text,
  person         uuid,
  PRIMARY KEY (tenant_id, seq),
  -- One entry for each transition (I13).
  UNIQUE (tenant_id, id),
  -- No two entries follow the same one.
  UNIQUE (tenant_id, prev_hash)
);
CREATE INDEX entry_call ON entry (tenant_id, call_id, seq) WHERE call_id IS NOT NULL;
CREATE INDEX entry_run ON entry (tenant_id, run_id, seq) WHERE run_id IS NOT NULL;
CREATE INDEX entry_person ON entry (tenant_id, person, seq) WHERE person IS NOT NULL;
CREATE INDEX entry_trace ON entry (tenant_id, trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX entry_age ON entry (tenant_id, recorded_at, seq);

-- The random id of each user in the chain, and the key of the digests of their data. The erasure of a user deletes the row.
-- The empty user stands for the tenant itself.
CREATE TABLE person (
  tenant_id text NOT NULL,
  user_id   text NOT NULL,
  person    uuid NOT NULL,
  key       bytea NOT NULL CHECK (length(key) = 32),
  PRIMARY KEY (tenant_id, user_id),
  UNIQUE (tenant_id, person)
);

-- Where a chain begins after retention deleted its first entries: up to `seq`, whose hash was `hash`.
CREATE TABLE pruned_mark (
  tenant_id text NOT NULL,
  seq       bigint NOT NULL,
  hash      bytea NOT NULL,
  at        text NOT NULL,
  signature bytea NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
