-- The revision of its toolkit that wrote a version last, so that whoever published up to one reads only what came after it.
ALTER TABLE tool_version ADD COLUMN revision integer NOT NULL DEFAULT 0;
