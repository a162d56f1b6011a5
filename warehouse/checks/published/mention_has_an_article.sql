-- critical: every mention belongs to a published article and candidate
SELECT article_id, candidate_id, char_start
FROM published.mentions
ANTI JOIN (
    SELECT article_id, candidate_id
    FROM (SELECT DISTINCT article_id, candidate_id FROM published.mentions)
    SEMI JOIN published.articles USING (article_id)
    SEMI JOIN published.candidates USING (candidate_id)
) USING (article_id, candidate_id)
