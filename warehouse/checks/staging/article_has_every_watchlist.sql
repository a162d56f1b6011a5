-- critical: a staged article has been held against every watch list
SELECT pages.fetch_id, lists.watchlist_id
FROM staging.pages AS pages
CROSS JOIN core.watchlists AS lists
ANTI JOIN staging.page_watchlists AS annotated ON pages.fetch_id = annotated.fetch_id AND lists.watchlist_id = annotated.watchlist_id
WHERE pages.rejected_reason IS NULL
