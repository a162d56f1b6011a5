-- Grain: cell, measure and run, history. Reads: history.revisions, told_runs (all runs, or those that have changed since the last publication).
SELECT outlet_id, day, candidate_id, measure, before, after, reason, run_id
FROM warehouse.history.revisions
SEMI JOIN told_runs USING (run_id)
ORDER BY outlet_id, day, candidate_id, measure, run_id
