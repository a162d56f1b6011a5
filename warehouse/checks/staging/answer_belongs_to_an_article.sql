-- critical: only articles are held against watch lists
SELECT answers.fetch_id, answers.watchlist_id
FROM staging.page_watchlists AS answers
LEFT JOIN (
    SELECT fetch_id, rejected_reason FROM staging.pages
    UNION ALL BY NAME
    SELECT fetch_id, rejected_reason FROM core.pages ANTI JOIN staging.pages USING (fetch_id)
) AS pages USING (fetch_id)
WHERE pages.fetch_id IS NULL OR pages.rejected_reason IS NOT NULL
