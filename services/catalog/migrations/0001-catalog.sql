-- The record of every tool from every source. The topics distribute this record.

-- `revision` counts the changes of a toolkit. A writer passes the revision that it has read.
CREATE TABLE toolkit (
  name     text PRIMARY KEY,
  origin   text NOT NULL CHECK (origin IN ('code', 'import')),
  -- The deployment whose code holds the tools. Another deployment never changes them.
  owner    text CHECK ((owner IS NULL) = (origin = 'import')),
  revision integer NOT NULL,
  stable   text,
  -- The source and the time of the newest import.
  source   json
);

-- The owner of a name: a tool belongs to one toolkit for ever.
CREATE TABLE tool (
  slug    text PRIMARY KEY,
  toolkit text NOT NULL REFERENCES toolkit
);

-- `json` and not `jsonb`: models read the members of a schema in the order in which its author wrote them.
CREATE TABLE tool_version (
  slug       text NOT NULL REFERENCES tool,
  version    text NOT NULL,
  tool       json NOT NULL,
  withdrawn  boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (slug, version)
);

CREATE TABLE toolkit_release (
  toolkit    text NOT NULL REFERENCES toolkit,
  version    text NOT NULL,
  tools      json NOT NULL,
  retired    boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (toolkit, version)
);

-- The tools of the newest import, before any override.
CREATE TABLE imported_tool (
  toolkit text NOT NULL REFERENCES toolkit,
  slug    text NOT NULL,
  place   integer NOT NULL,
  tool    json NOT NULL,
  PRIMARY KEY (toolkit, slug)
);

CREATE TABLE tool_override (
  toolkit    text NOT NULL REFERENCES toolkit,
  slug       text NOT NULL,
  revision   integer NOT NULL,
  state      text NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'superseded')),
  patch      json NOT NULL,
  base       json NOT NULL,
  author     text NOT NULL,
  note       text,
  reviewer   text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_at timestamptz,
  PRIMARY KEY (toolkit, slug, revision)
);
