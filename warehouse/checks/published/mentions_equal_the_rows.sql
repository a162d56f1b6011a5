-- critical: articles and mentions of a cell equal the mention rows that they come from
WITH named AS (
    SELECT articles.outlet_id, articles.published_on AS day, mentions.candidate_id, count(*) AS found, count(DISTINCT articles.article_id) AS articles_found
    FROM published.mentions AS mentions
    INNER JOIN published.articles AS articles USING (article_id)
    ANTI JOIN published.uncounted AS uncounted ON articles.article_id = uncounted.article_id
    GROUP BY ALL
)
SELECT outlet_id, day, candidate_id, mentions, found, articles, articles_found
FROM published.coverage_by_outlet_day
LEFT JOIN named USING (outlet_id, day, candidate_id)
WHERE articles IS NOT NULL AND (mentions <> coalesce(found, 0) OR articles <> coalesce(articles_found, 0))
