-- critical: articles and mentions of a cell equal the mention rows that they come from
WITH named AS (
    SELECT article_id, candidate_id, count(*) AS times FROM published.mentions GROUP BY article_id, candidate_id
),

counted AS (
    SELECT articles.outlet_id, articles.published_on AS day, named.candidate_id, sum(named.times) AS found, count(*) AS articles_found
    FROM named
    INNER JOIN published.articles AS articles USING (article_id)
    ANTI JOIN published.uncounted AS uncounted ON articles.article_id = uncounted.article_id
    GROUP BY articles.outlet_id, articles.published_on, named.candidate_id
)

SELECT outlet_id, day, candidate_id, mentions, found, articles, articles_found
FROM published.coverage_by_outlet_day
LEFT JOIN counted USING (outlet_id, day, candidate_id)
WHERE articles IS NOT NULL AND (mentions <> coalesce(found, 0) OR articles <> coalesce(articles_found, 0))
