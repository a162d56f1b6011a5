-- Grain: candidate, in the order of the configuration. Reads: core.candidates.
SELECT candidate_id, watchlist_id, name, country, status, withdrew_on
FROM warehouse.core.candidates
ORDER BY watchlist_id, position
