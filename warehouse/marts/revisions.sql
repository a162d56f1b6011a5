-- Grain: cell, measure and run, history. Reads: history.revisions.
SELECT outlet_id, day, candidate_id, measure, before, after, reason, run_id
FROM warehouse.history.revisions
ORDER BY outlet_id, day, candidate_id, measure, run_id
