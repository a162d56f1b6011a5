-- critical: every mention is there once
WITH doubled AS (
    SELECT hash(article_id, candidate_id, field, char_start) AS number FROM published.mentions GROUP BY number HAVING count(*) > 1
)
SELECT article_id, candidate_id, field, char_start, count(*) AS times
FROM published.mentions
WHERE hash(article_id, candidate_id, field, char_start) IN (SELECT number FROM doubled)
GROUP BY article_id, candidate_id, field, char_start
HAVING count(*) > 1
