-- critical: whom a page treats as a contender is a candidate of that watch list
SELECT fetch_id, watchlist_id, candidate_id
FROM (SELECT fetch_id, watchlist_id, unnest(candidates_in_race) AS candidate_id FROM staging.page_watchlists)
ANTI JOIN core.candidates USING (watchlist_id, candidate_id)
