-- Grain: failed critical expectation of a run that nobody has accepted. Parameter: run_id.
FROM warehouse.history.quality_results
WHERE run_id = $run_id AND NOT success AND severity = 'critical' AND accepted IS NULL
ORDER BY suite, expectation
