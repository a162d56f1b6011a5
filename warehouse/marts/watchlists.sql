-- Grain: watch list. Reads: core.watchlists (the configuration).
SELECT watchlist_id, title, kind, watched_from, watched_until
FROM warehouse.core.watchlists
ORDER BY watchlist_id
