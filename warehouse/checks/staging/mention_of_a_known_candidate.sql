-- critical: a mention names a candidate of its watch list
SELECT fetch_id, watchlist_id, candidate_id
FROM staging.page_mentions
ANTI JOIN core.candidates USING (watchlist_id, candidate_id)
