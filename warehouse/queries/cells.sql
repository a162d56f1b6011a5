-- The counts of the period, straight from the published table.
-- Grain: watch list, outlet, day and candidate. Read by: nearly every other question; exported.
CREATE TEMP TABLE cells AS
SELECT
    cell.watchlist_id, cell.outlet_id, cell.day, cell.candidate_id, cell.articles, cell.race_articles, cell.unique_articles, cell.originals,
    cell.mentions, cell.total_articles, cell.share_of_voice, cell.collection_status, cell.is_final
FROM coverage_by_outlet_day AS cell, period
WHERE cell.day BETWEEN period.since AND period.until
ORDER BY cell.watchlist_id, cell.outlet_id, cell.day, cell.candidate_id;

COMMENT ON TABLE cells IS 'The counts of the period. Grain: watch list, outlet, day and candidate, zeros included. NULL means unknown, zero means none.';
COMMENT ON COLUMN cells.articles IS 'Articles (canonical URLs) that name the candidate; NULL where unknown.';
COMMENT ON COLUMN cells.mentions IS 'Mentions of the candidate in them; NULL where unknown.';
COMMENT ON COLUMN cells.share_of_voice IS 'The candidate''s mentions over all mentions of the same watch list in this outlet and day; NULL where there are none.';
