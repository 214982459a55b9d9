-- Code of deployed flows. A bundle stays while a run uses it.
CREATE TABLE flow_bundle (
  tenant_id   text NOT NULL,
  flow        text NOT NULL,
  version     integer NOT NULL,
  digest      text NOT NULL,
  code        text NOT NULL,
  deployed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The moment at which other code took its place.
  superseded_at timestamptz,
  PRIMARY KEY (tenant_id, flow, digest)
);
