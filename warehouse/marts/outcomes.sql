-- Grain: run and item, history. Reads: history.outcomes.
SELECT run_id, item_id, outlet_id, url, outcome, reason, detail, coalesce(visit, 0) AS visit
FROM warehouse.history.outcomes
ORDER BY run_id, item_id
