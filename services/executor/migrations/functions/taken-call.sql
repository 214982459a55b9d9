-- Revision 4.

-- A call for its new owner.
CREATE TYPE taken_call AS (
  claim_id              bigint,
  call_id               uuid,
  state                 text,
  fence                 integer,
  attempt               integer,
  recovered             boolean,
  redrives              integer,
  attempts_before       integer,
  request               text,
  trace                 text,
  provider_key          text,
  connection_id         uuid,
  policy                text,
  tried                 text,
  -- The newest outcome of a call that waited for a connection.
  told                  text,
  origin                text,
  received_at           timestamptz,
  renewed_at            timestamptz,
  age_ms                double precision,
  first_dispatch_age_ms double precision,
  late_ms               double precision);
