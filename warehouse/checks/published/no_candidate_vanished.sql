-- warning: a candidate who had mentions in the file that is being replaced still has some
SELECT candidate_id
FROM (SELECT DISTINCT candidate_id FROM previous.mentions)
SEMI JOIN published.candidates USING (candidate_id)
ANTI JOIN published.mentions USING (candidate_id)
