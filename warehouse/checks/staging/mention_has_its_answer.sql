-- critical: a mention belongs to a staged answer of its watch list
SELECT fetch_id, watchlist_id, candidate_id, surface
FROM staging.page_mentions
ANTI JOIN staging.page_watchlists USING (fetch_id, watchlist_id)
