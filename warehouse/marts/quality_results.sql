-- Grain: run and expectation, history. Reads: history.quality_results.
SELECT run_id, suite, expectation, severity, success, observed, expected, failing_rows, sample
FROM warehouse.history.quality_results
ORDER BY run_id, suite, expectation
