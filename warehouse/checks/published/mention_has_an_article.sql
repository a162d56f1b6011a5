-- critical: every mention belongs to a published article and candidate
SELECT article_id, candidate_id, char_start
FROM published.mentions
WHERE article_id NOT IN (SELECT article_id FROM published.articles) OR candidate_id NOT IN (SELECT candidate_id FROM published.candidates)
