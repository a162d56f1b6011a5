-- warning: where a watch list has a hundred mentions or more, each of its candidates has some
SELECT watchlist_id, candidate_id, coalesce(found, 0) AS mentions, total
FROM (
    SELECT watchlist_id, candidate_id, found, sum(found) OVER (PARTITION BY watchlist_id) AS total
    FROM published.candidates
    LEFT JOIN (SELECT candidate_id, count(*) AS found FROM published.mentions GROUP BY candidate_id) USING (candidate_id)
)
WHERE found IS NULL AND total >= 100
