-- The heat map: how many articles name at least one candidate?
-- Grain: watch list, outlet and day. Read by: outlet_totals, day_totals, summary; exported.
CREATE TEMP TABLE outlet_days AS
WITH
grid AS (
    SELECT
        watchlist_id, outlet_id, day, bool_and(articles IS NULL) AS is_unknown, sum(mentions)::BIGINT AS mentions, max(total_articles) AS total_articles,
        max(collection_status) AS collection_status, bool_and(is_final) AS is_final
    FROM cells
    GROUP BY watchlist_id, outlet_id, day
),

named AS (
    SELECT watchlist_id, outlet_id, day, count(DISTINCT article_id) AS articles
    FROM receipts
    GROUP BY watchlist_id, outlet_id, day
)

SELECT
    grid.watchlist_id, grid.outlet_id, outlet.name AS outlet_name, grid.day, CASE WHEN NOT grid.is_unknown THEN coalesce(named.articles, 0) END AS articles, grid.mentions,
    grid.total_articles, grid.collection_status, health.reason, grid.is_final
FROM grid
INNER JOIN outlets AS outlet ON grid.outlet_id = outlet.outlet_id
LEFT JOIN named ON grid.watchlist_id = named.watchlist_id AND grid.outlet_id = named.outlet_id AND grid.day = named.day
LEFT JOIN collection_health AS health ON grid.outlet_id = health.outlet_id AND grid.day = health.day
ORDER BY grid.watchlist_id, grid.outlet_id, grid.day;

COMMENT ON TABLE outlet_days IS 'Articles that name at least one candidate. Grain: watch list, outlet and day.';
COMMENT ON COLUMN outlet_days.outlet_name IS 'Name of the outlet as readers know it.';
COMMENT ON COLUMN outlet_days.articles IS 'Articles that name at least one candidate of the watch list, each counted once; NULL where unknown.';
COMMENT ON COLUMN outlet_days.mentions IS 'Mentions of all candidates of the watch list; NULL where unknown.';
COMMENT ON COLUMN outlet_days.reason IS 'Why the day is not complete.';
