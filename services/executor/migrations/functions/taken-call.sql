-- Revision 2.

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
  tried                 text,
  origin                text,
  received_at           timestamptz,
  renewed_at            timestamptz,
  age_ms                double precision,
  first_dispatch_age_ms double precision,
  late_ms               double precision);
