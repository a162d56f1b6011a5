-- Why must the file not be reported on? Selects nothing where it may be. Grain: reason.
SELECT format('it says {} times what it is (table snapshot), not once', count(*)) AS reason
FROM snapshot
HAVING count(*) <> 1
UNION ALL
SELECT format('critical expectation {} of {} failed in the published run', result.expectation, result.suite) AS reason
FROM quality_results AS result
INNER JOIN snapshot ON result.run_id = snapshot.run_id
WHERE result.severity = 'critical' AND NOT result.success AND result.accepted IS NULL
ORDER BY reason;
