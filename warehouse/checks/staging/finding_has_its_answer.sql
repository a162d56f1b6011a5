-- critical: a statement, a quote or a reference belongs to a staged answer of its watch list
SELECT fetch_id, watchlist_id, candidate_id
FROM (
    SELECT fetch_id, watchlist_id, candidate_id FROM staging.page_endorsements
    UNION ALL
    SELECT fetch_id, watchlist_id, candidate_id FROM staging.page_quotes
    UNION ALL
    SELECT fetch_id, watchlist_id, candidate_id FROM staging.page_references
)
ANTI JOIN staging.page_watchlists USING (fetch_id, watchlist_id)
