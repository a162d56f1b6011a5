-- warning: of the articles that an outlet had new in the last week, twenty or more, no more than a third is without a date
SELECT outlet_id, count(*) AS articles, count(*) FILTER (published_on IS NULL) AS undated
FROM published.articles
CROSS JOIN as_of
WHERE first_seen_at > as_of - INTERVAL 7 DAYS
GROUP BY outlet_id
HAVING count(*) >= 20 AND count(*) FILTER (published_on IS NULL) > count(*) / 3
