-- critical: only articles are held against watch lists
SELECT answers.fetch_id, answers.watchlist_id
FROM staging.page_watchlists AS answers
LEFT JOIN judged_pages AS pages USING (fetch_id)
WHERE pages.fetch_id IS NULL OR pages.rejected_reason IS NOT NULL
