-- The limits that tenants set through the API. The operator's are in files, and in no table.
CREATE TABLE limit_policy (
  tenant_id  text NOT NULL,
  id         text NOT NULL,
  -- Null: the tenant removed it, and it is to be lifted.
  policy     jsonb,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, id)
);
