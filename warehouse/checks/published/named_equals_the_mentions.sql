-- critical: who is named in which article, how often and where, is what the mentions say
WITH named AS (
    SELECT article_id, candidate_id, count(*) AS found, count(*) FILTER (field = 'title') > 0 AS found_in_title
    FROM published.mentions
    GROUP BY article_id, candidate_id
)
SELECT article_id, candidate_id, mention_count, found, in_title, found_in_title
FROM published.article_candidates
FULL JOIN named USING (article_id, candidate_id)
WHERE mention_count IS DISTINCT FROM found OR in_title IS DISTINCT FROM found_in_title
