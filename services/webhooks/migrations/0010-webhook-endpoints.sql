-- Where the mesh reports outcomes. The secrets are sealed, and bound to tenant and endpoint.
CREATE TABLE webhook_endpoint (
  id                uuid PRIMARY KEY,
  tenant_id         text NOT NULL,
  url               text NOT NULL,
  description       text,
  -- The filter. Null: any value.
  users             text[],
  agents            text[],
  runs              text[],
  triggers          text[],
  tools             text[],
  statuses          text[],
  secret            bytea NOT NULL,
  -- After a rotation, both secrets sign until then.
  former_secret     bytea,
  former_until      timestamptz,
  disabled_at       timestamptz,
  disabled_reason   text CHECK (disabled_reason IN ('gone', 'failing')),
  -- The first failure since the last delivery.
  failing_since     timestamptz,
  last_failure      text,
  last_delivered_at timestamptz,
  created_by        text NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX webhook_endpoint_tenant ON webhook_endpoint (tenant_id, id);

-- One message to one endpoint. The id is the `webhook-id` of all its attempts.
CREATE TABLE webhook_delivery (
  id              uuid PRIMARY KEY,
  tenant_id       text NOT NULL,
  endpoint_id     uuid NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
  -- The outcome. Null: a test.
  call_id         uuid,
  seq             bigint,
  type            text NOT NULL,
  body            text NOT NULL,
  status          text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'skipped')),
  -- The failed attempts of this round. The ladder of waits begins anew with a redelivery.
  step            integer NOT NULL DEFAULT 0,
  -- All attempts. It fences off an instance whose claim is over.
  attempts        integer NOT NULL DEFAULT 0,
  -- Of a claimed row: the end of the claim. Null after the end.
  next_attempt_at timestamptz,
  last_attempt_at timestamptz,
  last_status     integer,
  last_error      text,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at        timestamptz,
  UNIQUE (endpoint_id, call_id, seq),
  CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_delivery_listed ON webhook_delivery (endpoint_id, id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;

-- Events for mesh.webhooks that are committed and not yet known to be there.
CREATE TABLE webhook_event (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id  text NOT NULL,
  value      jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
