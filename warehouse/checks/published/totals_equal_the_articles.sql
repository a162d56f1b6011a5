-- critical: total_articles equals the articles of the outlet and day
WITH articles AS (
    SELECT outlet_id, published_on AS day, count(*) AS found
    FROM published.articles ANTI JOIN published.uncounted USING (article_id)
    GROUP BY ALL
)
SELECT outlet_id, day, candidate_id, total_articles, found
FROM published.coverage_by_outlet_day
LEFT JOIN articles USING (outlet_id, day)
WHERE total_articles IS NOT NULL AND total_articles <> coalesce(found, 0)
