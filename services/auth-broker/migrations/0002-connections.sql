-- Data keys of tenants. A retired key only opens.
CREATE TABLE data_key (
  id         uuid PRIMARY KEY,
  tenant_id  text NOT NULL REFERENCES tenant,
  created_at timestamptz NOT NULL,
  retired_at timestamptz
);
CREATE UNIQUE INDEX data_key_current ON data_key (tenant_id) WHERE retired_at IS NULL;

-- The wrapped forms of a data key, one for each key-encryption key `kid`. The form with the highest `seq` is the newest.
CREATE TABLE data_key_wrap (
  data_key_id uuid NOT NULL REFERENCES data_key,
  tenant_id   text NOT NULL,
  kid         text NOT NULL,
  wrapped     bytea NOT NULL,
  seq         bigint GENERATED ALWAYS AS IDENTITY,
  wrapped_at  timestamptz NOT NULL,
  PRIMARY KEY (data_key_id, kid)
);
CREATE INDEX data_key_wrap_kid ON data_key_wrap (kid);

-- The providers that a tenant has set up. The client secret is sealed with the tenant's data key. A removed integration
-- keeps its row until its connections are revoked, because the revocation needs the client.
CREATE TABLE integration (
  tenant_id      text NOT NULL REFERENCES tenant,
  integration    text NOT NULL CHECK (integration ~ '^[a-z][a-z0-9-]{0,62}$'),
  provider       text NOT NULL,
  client_id      text,
  client_secret  bytea,
  scopes         text[] NOT NULL,
  serves         text[] NOT NULL,
  hosts          text[] NOT NULL,
  base_url       text,
  settings       jsonb NOT NULL,
  return_origins text[] NOT NULL,
  -- The provider refuses the client itself. Refreshes of all its connections pause until then.
  broken_code    text,
  broken_since   timestamptz,
  retry_at       timestamptz,
  updated_at     timestamptz NOT NULL,
  updated_by     text NOT NULL,
  removed_at     timestamptz,
  removed_by     text,
  PRIMARY KEY (tenant_id, integration)
);

-- One account of one user. `credential` is sealed, and bound to tenant, user, provider and id.
CREATE TABLE connection (
  id                 uuid PRIMARY KEY,
  tenant_id          text NOT NULL REFERENCES tenant,
  user_id            text NOT NULL,
  integration        text NOT NULL,
  provider           text NOT NULL,
  state              text NOT NULL CHECK (state IN ('active', 'needs_reauth', 'revoking', 'revoked')),
  reason             text,
  is_default         boolean NOT NULL,
  label              text,
  account_id         text,
  account_name       text,
  -- Null: the provider does not report scopes.
  scopes             text[],
  -- Values of the token answer that build requests, such as Salesforce's instance_url. No secrets.
  base_url           text,
  version            bigint NOT NULL,
  -- The number of its newest change on mesh.connections.
  seq                bigint NOT NULL,
  -- Null once the connection is revoked.
  credential         bytea,
  expires_at         timestamptz,
  -- When the access token was issued: its life is expires_at - issued_at.
  issued_at          timestamptz,
  refresh_expires_at timestamptz,
  -- The lease of one refresh. The epoch grows with each lease and fences off its former holders.
  lease_owner        uuid,
  lease_until        timestamptz,
  lease_epoch        bigint NOT NULL DEFAULT 0,
  -- A refresh that was begun and whose end is not known: the digest of the refresh token that it used.
  intent_digest      bytea,
  intent_at          timestamptz,
  -- How often the refresh token of that intent was sent.
  intent_count       integer NOT NULL DEFAULT 0,
  failures           integer NOT NULL DEFAULT 0,
  last_error         text,
  next_attempt_at    timestamptz,
  -- The last refresh token use, for providers that end idle ones.
  refreshed_at       timestamptz,
  last_used_at       timestamptz,
  -- The last consent of the user. The longest life of a grant counts from then on.
  consented_at       timestamptz NOT NULL DEFAULT now(),
  -- The begin of the disconnection.
  revoking_since     timestamptz,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL
);
CREATE UNIQUE INDEX connection_default ON connection (tenant_id, user_id, integration)
  WHERE is_default AND state <> 'revoked';
CREATE INDEX connection_owner ON connection (tenant_id, user_id, integration, created_at);
CREATE INDEX connection_listed ON connection (tenant_id, id) WHERE state <> 'revoked';
CREATE INDEX connection_idle ON connection (refreshed_at) WHERE state = 'active';
CREATE INDEX connection_revoking ON connection (next_attempt_at) WHERE state = 'revoking';

-- A new credential whose refresh was fenced off after the provider had answered. It may hold the only valid refresh token.
CREATE TABLE orphan_credential (
  connection_id uuid NOT NULL REFERENCES connection,
  tenant_id     text NOT NULL,
  epoch         bigint NOT NULL,
  credential    bytea NOT NULL,
  expires_at    timestamptz,
  created_at    timestamptz NOT NULL,
  PRIMARY KEY (connection_id, epoch)
);

-- Changes of connections that are committed and not yet known to be on mesh.connections.
CREATE TABLE connection_event (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id     text NOT NULL,
  connection_id uuid NOT NULL,
  value         jsonb NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One attempt of one user to connect one account. Addresses, cookies, states and completions are kept as SHA-256 alone.
-- `pending` is the sealed credential of a session that waits for its completion.
CREATE TABLE connect_session (
  -- For programs with a key. It opens no page.
  public_id           uuid PRIMARY KEY,
  -- Of the secret in the address of the page.
  digest              bytea NOT NULL UNIQUE,
  tenant_id           text NOT NULL REFERENCES tenant,
  user_id             text NOT NULL,
  integration         text NOT NULL,
  provider            text NOT NULL,
  scopes              text[] NOT NULL,
  return_url          text,
  connection_id       uuid,
  allow_other_account boolean NOT NULL,
  label               text,
  status              text NOT NULL CHECK (status IN ('open', 'returned', 'completed', 'failed', 'expired')),
  error               text,
  cookie_digest       bytea,
  state_digest        bytea UNIQUE,
  -- Sealed: the PKCE verifier and the expected issuer of the current attempt.
  attempt             bytea,
  completion_digest   bytea,
  pending             bytea,
  -- The account and the granted scopes behind `pending`. No secrets.
  details             jsonb,
  -- One completion or one revocation works on the session until then.
  claimed_until       timestamptz,
  created_by          text NOT NULL,
  created_at          timestamptz NOT NULL,
  expires_at          timestamptz NOT NULL
);
CREATE INDEX connect_session_expiry ON connect_session (expires_at);
CREATE INDEX connect_session_owner ON connect_session (tenant_id, user_id, expires_at);
CREATE INDEX connect_session_abandoned ON connect_session (claimed_until)
  WHERE pending IS NOT NULL AND status IN ('failed', 'expired');
