-- The toolkit's revision of the last write to a version. A publisher up to one revision reads only later writes.
ALTER TABLE tool_version ADD COLUMN revision integer NOT NULL DEFAULT 0;
