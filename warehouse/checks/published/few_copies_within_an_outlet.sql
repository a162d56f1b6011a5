-- warning: of the articles of an outlet's last week, twenty or more, no half has the words of another of that outlet (its texts may not be the articles)
SELECT outlet_id, count(*) AS articles, count(*) FILTER (is_own_copy) AS copies
FROM (
    SELECT articles.outlet_id, coalesce(articles.copy_kind = 'exact' AND leads.outlet_id = articles.outlet_id, false) AS is_own_copy
    FROM (
        SELECT outlet_id, copy_kind, copy_of FROM published.articles CROSS JOIN as_of WHERE published_on > as_of::DATE - 7 AND story_id IS NOT NULL
    ) AS articles
    LEFT JOIN published.articles AS leads ON articles.copy_of = leads.article_id
)
GROUP BY outlet_id
HAVING count(*) >= 20 AND count(*) FILTER (is_own_copy) > count(*) / 2
