-- critical: a quote or a reference is of a candidate of its watch list
SELECT fetch_id, watchlist_id, candidate_id
FROM (
    SELECT fetch_id, watchlist_id, candidate_id FROM staging.page_quotes
    UNION ALL
    SELECT fetch_id, watchlist_id, candidate_id FROM staging.page_references
)
ANTI JOIN core.candidates USING (watchlist_id, candidate_id)
