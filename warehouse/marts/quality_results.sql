-- Grain: run and expectation, history. Reads: history.quality_results, told_runs (all runs, or those that have changed since the last publication).
SELECT run_id, suite, expectation, severity, success, observed, expected, failing_rows, sample, accepted
FROM warehouse.history.quality_results
SEMI JOIN told_runs USING (run_id)
ORDER BY run_id, suite, expectation
