-- Runs of flows. One row per run, however long it waits.
CREATE TABLE flow_run (
  tenant_id     text NOT NULL,
  id            text NOT NULL CHECK (id ~ '^run_[0-9a-f]{32}$'),
  flow          text NOT NULL,
  version       integer NOT NULL,
  -- The digest of the bundle with its code. A run stays on it.
  digest        text NOT NULL,
  user_id       text NOT NULL,
  source        text NOT NULL,
  key           text NOT NULL,
  -- JSON as text: JSON may hold U+0000, and jsonb may not.
  input         text NOT NULL,
  traceparent   text,
  parent_id     text,
  parent_path   text,
  state         text NOT NULL DEFAULT 'open'
                CHECK (state IN ('open', 'succeeded', 'failed', 'cancelled', 'diverged', 'blocked', 'needs_review')),
  -- When the steps of the run failed: why. Their effects are undone from then on.
  failure       text,
  problem       text,
  result        text,
  -- The moment of the next execution of an open run.
  wake_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  waits_on_call boolean NOT NULL DEFAULT false,
  -- Until then one instance executes it. Each claim has another epoch, so a late instance changes nothing.
  claimed_until timestamptz NOT NULL DEFAULT '-infinity',
  epoch         bigint NOT NULL DEFAULT 0,
  -- Grows with each answer from outside. An execution that ends without knowing one of them is repeated at once.
  signals       integer NOT NULL DEFAULT 0,
  started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at      timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX flow_run_due ON flow_run (wake_at) WHERE state = 'open';
CREATE INDEX flow_run_list ON flow_run (tenant_id, started_at DESC, id);
CREATE INDEX flow_run_bundle ON flow_run (digest) WHERE state NOT IN ('succeeded', 'failed', 'cancelled');

-- Steps of runs: what was asked for, and the answer.
CREATE TABLE flow_step (
  tenant_id text NOT NULL,
  run_id    text NOT NULL,
  path      text NOT NULL,
  scope     text NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('call', 'value', 'sleep', 'flow', 'ask')),
  ordinal   integer NOT NULL,
  about     text NOT NULL,
  call_id   uuid,
  due_at    timestamptz,
  undo      text,
  answer    text,
  -- The place in the order of answers.
  answered  integer,
  PRIMARY KEY (tenant_id, run_id, path),
  FOREIGN KEY (tenant_id, run_id) REFERENCES flow_run ON DELETE CASCADE
);
CREATE INDEX flow_step_call ON flow_step (call_id) WHERE call_id IS NOT NULL AND answer IS NULL;

-- Planned times of flows with a schedule. One row per flow, so each time starts one run over all instances.
CREATE TABLE flow_schedule (
  tenant_id text NOT NULL,
  flow      text NOT NULL,
  -- The pattern and the time zone. Another schedule has other times.
  schedule  text NOT NULL,
  next_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, flow)
);
