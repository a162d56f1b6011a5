-- warning: the share of articles in other languages than the outlet's is what it was: last week against the four weeks before, twenty articles each
SELECT outlet_id, recent_articles, recent_share, earlier_articles, earlier_share
FROM (
    SELECT
        articles.outlet_id,
        count(*) FILTER (is_recent) AS recent_articles,
        avg(is_foreign) FILTER (is_recent) AS recent_share,
        count(*) FILTER (NOT is_recent) AS earlier_articles,
        avg(is_foreign) FILTER (NOT is_recent) AS earlier_share
    FROM (
        SELECT outlet_id, published_on > as_of::DATE - 7 AS is_recent, (articles.language <> outlets.language)::INTEGER AS is_foreign
        FROM published.articles AS articles
        INNER JOIN published.outlets AS outlets USING (outlet_id)
        CROSS JOIN as_of
        WHERE published_on BETWEEN as_of::DATE - 35 AND as_of::DATE + 1 AND articles.language IS NOT NULL
    ) AS articles
    GROUP BY articles.outlet_id
)
WHERE recent_articles >= 20 AND earlier_articles >= 20 AND abs(recent_share - earlier_share) > 0.3
