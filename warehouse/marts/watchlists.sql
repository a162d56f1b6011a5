-- Grain: watch list. Reads: core.watchlists (the configuration).
SELECT watchlist_id, title, kind, watched_from, watched_until, decided_on
FROM warehouse.core.watchlists
ORDER BY watchlist_id
