-- A removed tenant keeps its row: its id never goes to another tenant, and the platform can put it again.
CREATE TABLE tenant (
  tenant_id  text PRIMARY KEY CHECK (tenant_id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  quota      jsonb,
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  removed_by text
);

-- The issuers of user tokens. An issuer has its keys from the tenant, or from the JWK set at its address.
CREATE TABLE token_issuer (
  tenant_id    text NOT NULL REFERENCES tenant,
  issuer       text NOT NULL,
  position     integer NOT NULL,
  -- Public keys, checked. With an address: those of the last good reading.
  keys         jsonb NOT NULL DEFAULT '[]',
  jwks_url     text,
  -- The keys of the last good reading that no door uses, each with the reason.
  left_out     text[] NOT NULL DEFAULT '{}',
  read_at      timestamptz,
  -- Why the last reading failed. Null after a good one.
  problem      text,
  next_read_at timestamptz,
  PRIMARY KEY (tenant_id, issuer),
  CHECK ((jwks_url IS NULL) = (next_read_at IS NULL))
);
CREATE INDEX token_issuer_due ON token_issuer (next_read_at) WHERE next_read_at IS NOT NULL;

-- API keys and publisher tokens. The digest is SHA-256 of the whole text; the text itself is nowhere.
CREATE TABLE api_key (
  id           text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16}$'),
  tenant_id    text NOT NULL REFERENCES tenant,
  use          text NOT NULL CHECK (use IN ('api', 'publisher')),
  environment  text NOT NULL CHECK (environment IN ('dev', 'test', 'live')),
  digest       text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  holder       text NOT NULL,
  role         text NOT NULL,
  scopes       text[] NOT NULL,
  -- Null: every tool, every user, no expiry, no quota of its own.
  tools        text[],
  users        text[],
  expires_at   timestamptz,
  quota        jsonb,
  note         text,
  -- A variable of the environment set this key.
  is_bootstrap boolean NOT NULL DEFAULT false,
  created_at   timestamptz NOT NULL,
  created_by   text NOT NULL,
  -- A revoked key keeps its row, and never becomes valid again.
  revoked_at   timestamptz,
  revoked_by   text,
  replaced_by  text,
  last_used_at timestamptz,
  -- A token in the records of mesh.ingress opens nothing else.
  CHECK (use = 'api' OR scopes <@ '{calls:write}')
);
CREATE INDEX api_key_known ON api_key (tenant_id, created_at) WHERE revoked_at IS NULL;

-- A lifted switch keeps its row.
CREATE TABLE kill_switch (
  id           uuid PRIMARY KEY,
  -- Null: calls of all tenants.
  tenant_id    text REFERENCES tenant,
  target_type  text NOT NULL CHECK (target_type IN ('tenant', 'key', 'user', 'agent', 'tool', 'provider')),
  target_value text NOT NULL,
  reason       text NOT NULL,
  turned_on_by text NOT NULL,
  since        timestamptz NOT NULL,
  lifted_at    timestamptz,
  lifted_by    text
);
CREATE UNIQUE INDEX kill_switch_on ON kill_switch (tenant_id, target_type, target_value)
  NULLS NOT DISTINCT WHERE lifted_at IS NULL;

-- The rules that allow calls, deny them or ask a person. A removed policy keeps its row, so no revision comes twice.
CREATE TABLE policy (
  tenant_id  text NOT NULL REFERENCES tenant,
  id         text NOT NULL CHECK (id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  -- Decision, match, reason and expiry, as their author wrote them.
  content    jsonb NOT NULL,
  revision   integer NOT NULL CHECK (revision >= 1),
  created_by text NOT NULL,
  at         timestamptz NOT NULL,
  removed_at timestamptz,
  removed_by text,
  PRIMARY KEY (tenant_id, id)
);
