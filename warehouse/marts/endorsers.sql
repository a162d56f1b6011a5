-- Grain: watch list and endorser, in the order of the configuration. Reads: core.endorsers.
SELECT watchlist_id, country AS endorser, name
FROM warehouse.core.endorsers
ORDER BY watchlist_id, position
