-- The bottom margin of the heat map.
-- Grain: watch list and day, days without an outlet included. Read by: the report, candidate_days; exported.
CREATE TEMP TABLE day_totals AS
WITH
days AS (
    SELECT listed.watchlist_id, unnest(generate_series(period.since, period.until, INTERVAL 1 DAY))::DATE AS day
    FROM (SELECT DISTINCT watchlist_id FROM cells) AS listed, period
)

SELECT
    days.watchlist_id, days.day, sum(found.articles)::BIGINT AS articles, sum(found.mentions)::BIGINT AS mentions, sum(found.total_articles)::BIGINT AS total_articles,
    count(found.outlet_id) FILTER (found.articles IS NOT NULL AND found.collection_status <> 'partial') AS outlets_complete,
    count(found.outlet_id) FILTER (found.collection_status = 'partial') AS outlets_partial,
    count(found.outlet_id) FILTER (found.articles IS NULL AND found.collection_status <> 'partial') AS outlets_unknown
FROM days
LEFT JOIN outlet_days AS found ON days.watchlist_id = found.watchlist_id AND days.day = found.day
GROUP BY days.watchlist_id, days.day
ORDER BY days.watchlist_id, days.day;

COMMENT ON TABLE day_totals IS 'The days of the period. Grain: watch list and day.';
COMMENT ON COLUMN day_totals.articles IS 'Articles that name at least one candidate, at the outlets that are known; NULL where none is.';
COMMENT ON COLUMN day_totals.mentions IS 'Mentions of all candidates of the watch list, at the outlets that are known.';
COMMENT ON COLUMN day_totals.total_articles IS 'All articles of the outlets that are known.';
COMMENT ON COLUMN day_totals.outlets_complete IS 'Outlets whose day is known in full, or as an archive holds it.';
COMMENT ON COLUMN day_totals.outlets_partial IS 'Outlets of which something may be missing.';
COMMENT ON COLUMN day_totals.outlets_unknown IS 'Outlets of which nothing is known.';
