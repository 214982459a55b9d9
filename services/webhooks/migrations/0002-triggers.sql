-- Triggers of tenants. The secrets of a trigger are one sealed list.
CREATE TABLE trigger_declaration (
  tenant_id  text NOT NULL,
  name       text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,63}$'),
  settings   jsonb NOT NULL,
  secrets    bytea,
  -- Changes with each change. Doors get the trigger again when it differs from the one that they have.
  revision   uuid NOT NULL,
  -- The next time of the schedule.
  next_at    timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
CREATE INDEX trigger_declaration_next ON trigger_declaration (next_at) WHERE next_at IS NOT NULL;

-- Firings of schedules that Kafka does not have yet. The event is JSON.
CREATE TABLE trigger_firing (
  tenant_id  text NOT NULL,
  name       text NOT NULL,
  planned_at timestamptz NOT NULL,
  event      text NOT NULL,
  PRIMARY KEY (tenant_id, name, planned_at)
);

-- Deliveries of declared triggers. The unique key is what makes a repetition one delivery.
CREATE TABLE trigger_delivery (
  tenant_id      text NOT NULL,
  id             uuid NOT NULL,
  name           text NOT NULL,
  delivery_id    text NOT NULL,
  content_digest text,
  -- JSON as text: JSON may hold U+0000, and jsonb may not.
  event          text NOT NULL,
  traceparent    text,
  state          text NOT NULL CHECK (state IN ('received', 'started', 'skipped', 'failed')),
  reason         text,
  detail         text,
  -- The accepted calls, from before the first of them is published: JSON.
  plan           text,
  call_ids       text[] NOT NULL DEFAULT '{}',
  replays        integer NOT NULL DEFAULT 0,
  -- Until then one instance works on it. Each claim has another value, so a late instance changes nothing.
  claimed_until  timestamptz NOT NULL DEFAULT '-infinity',
  claims         integer NOT NULL DEFAULT 0,
  received_at    timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name, delivery_id)
);
CREATE INDEX trigger_delivery_content ON trigger_delivery (tenant_id, name, content_digest) WHERE content_digest IS NOT NULL;
CREATE INDEX trigger_delivery_open ON trigger_delivery (tenant_id, received_at) WHERE state = 'received';
CREATE INDEX trigger_delivery_list ON trigger_delivery (tenant_id, name, id DESC);
CREATE INDEX trigger_delivery_age ON trigger_delivery (received_at) WHERE state <> 'received';
