-- Articles read by current code and a watch list ($versions: watchlist_id → list version) that has not annotated them yet.
SELECT pages.fetch_id, pages.title, pages.text, pages.language, pages.published_on, list(versions.watchlist_id ORDER BY versions.watchlist_id) AS watchlist_ids
FROM core.pages AS pages
CROSS JOIN (SELECT unnest(map_keys($versions)) AS watchlist_id, unnest(map_values($versions)) AS list_version) AS versions
ANTI JOIN core.page_watchlists AS lists
    ON pages.fetch_id = lists.fetch_id AND versions.watchlist_id = lists.watchlist_id AND versions.list_version = lists.list_version
ANTI JOIN staging.pages AS staged ON pages.fetch_id = staged.fetch_id
WHERE pages.rejected_reason IS NULL
GROUP BY ALL
ORDER BY pages.fetch_id
