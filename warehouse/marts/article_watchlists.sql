-- Grain: article and watch list. Reads: article_pages, watchlists, core.page_watchlists.
SELECT pages.article_id, lists.watchlist_id, lists.in_race
FROM article_pages AS pages
INNER JOIN warehouse.core.page_watchlists AS lists USING (fetch_id)
SEMI JOIN watchlists ON lists.watchlist_id = watchlists.watchlist_id
ORDER BY pages.article_id, lists.watchlist_id
