-- What did the audit of a run find? The batch before the counts, tables before the rules that join them.
-- Grain: expectation. Parameter: run_id. Read by: the quality page, on the private warehouse.
SELECT suite, expectation, severity, success, observed, expected, failing_rows, sample, accepted
FROM warehouse.history.quality_results
WHERE run_id = $run_id
ORDER BY suite LIKE '%published%', suite LIKE 'checks/%', suite, expectation
