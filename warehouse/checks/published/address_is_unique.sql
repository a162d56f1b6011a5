-- critical: every address of an outlet is one article
WITH doubled AS (
    SELECT hash(outlet_id, url) AS number FROM published.articles GROUP BY number HAVING count(*) > 1
)
SELECT outlet_id, url, count(*) AS times
FROM published.articles
WHERE hash(outlet_id, url) IN (SELECT number FROM doubled)
GROUP BY outlet_id, url
HAVING count(*) > 1
