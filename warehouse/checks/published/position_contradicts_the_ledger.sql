-- warning: no report contradicts what a country said on the record
SELECT watchlist_id, endorser, candidate_id, changed_on, stance, flag, first_article_id
FROM published.positions
WHERE flag IS NOT NULL
ORDER BY changed_on, endorser, candidate_id
