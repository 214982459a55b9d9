-- The keys that encrypt stored secrets. Each tenant has one current key; the retired ones still open old secrets.
CREATE TABLE data_key (
  id         uuid PRIMARY KEY,
  tenant_id  text NOT NULL,
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
