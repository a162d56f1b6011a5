-- Grain: panel outlet, touched day and candidate, zeros included; NULL where nothing is known of the day.
-- Reads: collection_health (the grid), articles, uncounted, article_candidates, candidates, watchlists, outlet_days, as_of, touched_days.
WITH counted AS (
    SELECT article_id, outlet_id, day, story_id, copy_kind
    FROM (SELECT *, published_on AS day FROM articles)
    SEMI JOIN touched_days USING (outlet_id, day)
    ANTI JOIN uncounted USING (article_id)
),

totals AS (
    SELECT outlet_id, day, count(*) AS total_articles
    FROM counted
    GROUP BY outlet_id, day
),

cells AS (
    SELECT
        outlet_id, day, candidate_id,
        count(*) AS articles,
        count(*) FILTER (in_race) AS race_articles,
        count(DISTINCT story_id) AS unique_articles,
        count(*) FILTER (copy_kind = 'original') AS originals,
        sum(mention_count)::BIGINT AS mentions
    FROM counted
    INNER JOIN article_candidates USING (article_id)
    GROUP BY outlet_id, day, candidate_id
),

grid AS (
    SELECT
        health.outlet_id, health.day, lists.watchlist_id, candidates.candidate_id,
        health.status AS collection_status,
        health.status NOT IN ('outage', 'blocked', 'not_due') AS is_known,
        days.ends_at + INTERVAL 48 HOURS <= as_of AS is_final
    FROM (FROM collection_health SEMI JOIN touched_days USING (outlet_id, day)) AS health
    INNER JOIN outlet_days AS days USING (outlet_id, day)
    INNER JOIN watchlists AS lists ON health.day BETWEEN lists.watched_from AND lists.watched_until
    INNER JOIN candidates USING (watchlist_id)
    CROSS JOIN as_of
)

SELECT
    outlet_id,
    day,
    watchlist_id,
    candidate_id,
    CASE WHEN is_known THEN coalesce(articles, 0) END AS articles,
    CASE WHEN is_known THEN coalesce(race_articles, 0) END AS race_articles,
    CASE WHEN is_known THEN coalesce(unique_articles, 0) END AS unique_articles,
    CASE WHEN is_known THEN coalesce(originals, 0) END AS originals,
    CASE WHEN is_known THEN coalesce(mentions, 0) END AS mentions,
    CASE WHEN is_known THEN coalesce(total_articles, 0) END AS total_articles,
    CASE
        WHEN is_known AND sum(mentions) OVER list_cell > 0 THEN coalesce(mentions, 0) / sum(mentions) OVER list_cell
    END AS share_of_voice,
    collection_status,
    is_final,
    CASE WHEN is_known THEN coalesce(sum(mentions) OVER list_cell, 0)::BIGINT END AS list_mentions
FROM grid
LEFT JOIN cells USING (outlet_id, day, candidate_id)
LEFT JOIN totals USING (outlet_id, day)
WINDOW list_cell AS (PARTITION BY outlet_id, day, watchlist_id)
ORDER BY outlet_id, day, watchlist_id, candidate_id
