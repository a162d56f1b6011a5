-- Grain: run and item, history. Reads: history.outcomes, told_runs (all runs, or those that have changed since the last publication).
SELECT run_id, item_id, outlet_id, url, outcome, reason, detail, coalesce(visit, 0) AS visit
FROM warehouse.history.outcomes
SEMI JOIN told_runs USING (run_id)
ORDER BY run_id, item_id
