-- critical: a statement is of an endorser on a candidate of the same watch list
SELECT fetch_id, said.watchlist_id, endorser, said.candidate_id
FROM staging.page_endorsements AS said
LEFT JOIN core.endorsers AS endorsers ON said.watchlist_id = endorsers.watchlist_id AND said.endorser = endorsers.country
LEFT JOIN core.candidates AS candidates ON said.watchlist_id = candidates.watchlist_id AND said.candidate_id = candidates.candidate_id
WHERE endorsers.country IS NULL OR candidates.candidate_id IS NULL
