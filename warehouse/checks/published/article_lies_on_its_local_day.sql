-- critical: the day that an article is counted on is its outlet's at that instant, and the day in Brussels is that of Brussels
-- Of the articles that were made anew. A day of difference is let pass within two hours of midnight, see the same rule for staged pages.
WITH dated AS (
    SELECT
        article_id, outlet_id, published_at, published_on, brussels_on,
        published_at AT TIME ZONE timezone AS local, published_at AT TIME ZONE 'Europe/Brussels' AS brussels
    FROM (
    FROM published.articles WHERE rowid IN (SELECT rowid FROM published.articles SEMI JOIN touched_articles USING (article_id))
)
    INNER JOIN published.outlets USING (outlet_id)
    WHERE published_at IS NOT NULL OR brussels_on IS DISTINCT FROM published_on
)
SELECT article_id, outlet_id, published_at, published_on, local, brussels_on
FROM dated
WHERE
    published_at IS NULL OR published_on IS NULL OR brussels_on IS NULL
    OR published_on NOT BETWEEN (local - INTERVAL 2 HOURS)::DATE AND (local + INTERVAL 2 HOURS)::DATE
    OR brussels_on NOT BETWEEN (brussels - INTERVAL 2 HOURS)::DATE AND (brussels + INTERVAL 2 HOURS)::DATE
