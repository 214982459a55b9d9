-- Limits that tenants set through the API. The operator's limits are in files and not in a table.
CREATE TABLE limit_policy (
  tenant_id  text NOT NULL,
  id         text NOT NULL,
  -- Null: the tenant removed the limit, and the service still has to lift it.
  policy     jsonb,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
