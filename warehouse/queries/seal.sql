-- What is this report, and how is it made again?
-- Grain: one row. Read by: the report; exported.
CREATE TEMP TABLE seal AS
SELECT
    period.label, period.since, period.until, period.command, snapshot.snapshot_hash, snapshot.code_version, snapshot.config_hash, snapshot.schema_version, snapshot.as_of,
    snapshot.published_at, snapshot.run_id, snapshot.publish_text
FROM snapshot, period;

COMMENT ON TABLE seal IS 'What this report was made from. Grain: one row.';
COMMENT ON COLUMN seal.label IS 'The period, as in the name of the files.';
COMMENT ON COLUMN seal.since IS 'First day, in each outlet''s own time zone.';
COMMENT ON COLUMN seal.until IS 'Last day.';
COMMENT ON COLUMN seal.command IS 'The command that makes this report again from the same published file.';
COMMENT ON COLUMN seal.published_at IS 'When the file was published, UTC.';
COMMENT ON COLUMN seal.run_id IS 'The run that published the file.';
