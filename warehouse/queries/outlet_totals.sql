-- The right-hand margin of the heat map.
-- Grain: watch list and outlet. Read by: the report; exported.
CREATE TEMP TABLE outlet_totals AS
SELECT
    watchlist_id, outlet_id, max(outlet_name) AS outlet_name, sum(articles)::BIGINT AS articles, sum(mentions)::BIGINT AS mentions, sum(total_articles)::BIGINT AS total_articles,
    count(*) FILTER (articles IS NOT NULL AND collection_status <> 'partial') AS days_complete, count(*) FILTER (collection_status = 'partial') AS days_partial,
    count(*) FILTER (articles IS NULL AND collection_status <> 'partial') AS days_unknown
FROM outlet_days
GROUP BY watchlist_id, outlet_id
ORDER BY watchlist_id, articles DESC NULLS LAST, outlet_id;

COMMENT ON TABLE outlet_totals IS 'The outlets of the period. Grain: watch list and outlet.';
COMMENT ON COLUMN outlet_totals.outlet_name IS 'Name of the outlet as readers know it.';
COMMENT ON COLUMN outlet_totals.articles IS 'Articles that name at least one candidate, on the days that are known; NULL where no day is.';
COMMENT ON COLUMN outlet_totals.mentions IS 'Mentions of all candidates of the watch list, on the days that are known.';
COMMENT ON COLUMN outlet_totals.total_articles IS 'All articles of the outlet, on the days that are known.';
COMMENT ON COLUMN outlet_totals.days_complete IS 'Days that are known in full, or as an archive holds them.';
COMMENT ON COLUMN outlet_totals.days_partial IS 'Days on which something may be missing.';
COMMENT ON COLUMN outlet_totals.days_unknown IS 'Days of which nothing is known.';
