-- critical: on a day of which nothing is known no article is counted: one that is known makes the day partial
SELECT articles.outlet_id, articles.published_on AS day, articles.article_id, health.status
FROM published.articles AS articles
INNER JOIN (
    SELECT outlet_id, day, status FROM published.collection_health WHERE status IN ('outage', 'blocked', 'not_due')
) AS health ON articles.outlet_id = health.outlet_id AND articles.published_on = health.day
ANTI JOIN published.uncounted AS uncounted USING (article_id)
