-- critical: every article is there once
-- By hashes first, as they are short; what is doubled among them is looked at itself.
WITH doubled AS (
    SELECT hash(article_id) AS number FROM published.articles GROUP BY number HAVING count(*) > 1
)
SELECT article_id, count(*) AS times
FROM published.articles
WHERE hash(article_id) IN (SELECT number FROM doubled)
GROUP BY article_id
HAVING count(*) > 1
