-- How well was the period collected?
-- Grain: outlet and day. Read by: the report; exported.
CREATE TEMP TABLE health AS
SELECT
    health.outlet_id, outlet.name AS outlet_name, health.day, health.status, health.reason, health.discovered, health.known, health.fetched, health.new, health.rejected,
    health.failed
FROM collection_health AS health
INNER JOIN outlets AS outlet ON health.outlet_id = outlet.outlet_id
CROSS JOIN period
WHERE health.day BETWEEN period.since AND period.until
ORDER BY health.outlet_id, health.day;

COMMENT ON TABLE health IS 'How well the period is covered. Grain: outlet and day. discovered = new + known + rejected + failed.';
COMMENT ON COLUMN health.outlet_name IS 'Name of the outlet as readers know it.';
COMMENT ON COLUMN health.day IS 'Publication day in the outlet''s time zone.';
COMMENT ON COLUMN health.status IS 'complete, partial, outage, blocked, not_due or archive.';
COMMENT ON COLUMN health.reason IS 'Why the day is not complete.';
