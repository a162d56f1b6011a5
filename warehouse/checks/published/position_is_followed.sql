-- critical: a position is of an endorser and a candidate of its watch list
SELECT positions.watchlist_id, positions.endorser, positions.candidate_id, positions.number
FROM published.positions AS positions
LEFT JOIN published.endorsers AS endorsers USING (watchlist_id, endorser)
LEFT JOIN published.candidates AS candidates ON positions.candidate_id = candidates.candidate_id AND positions.watchlist_id = candidates.watchlist_id
WHERE endorsers.name IS NULL OR candidates.name IS NULL
