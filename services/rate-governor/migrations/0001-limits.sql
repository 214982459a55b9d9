-- The limits that were set through the API. Those that are code are in no table.
CREATE TABLE limit_policy (
  id         text PRIMARY KEY,
  policy     jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
