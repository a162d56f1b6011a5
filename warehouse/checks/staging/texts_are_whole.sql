-- warning: the articles of an outlet differ in length and in words: of twenty or more, no half has one and the same text
SELECT outlet_id, sum(times)::BIGINT AS articles, max(times) AS alike
FROM (
    SELECT outlet_id, hash(text) AS words, count(DISTINCT article_id) AS times
    FROM staging.pages
    WHERE rejected_reason IS NULL AND text IS NOT NULL
    GROUP BY outlet_id, words
)
GROUP BY outlet_id
HAVING sum(times) >= 20 AND max(times) > sum(times) / 2
