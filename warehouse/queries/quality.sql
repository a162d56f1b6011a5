-- What did the audit of the published run find wanting?
-- Grain: expectation. Read by: the report; exported.
CREATE TEMP TABLE quality AS
SELECT result.suite, result.expectation, result.severity, result.observed, result.expected, result.failing_rows, result.accepted
FROM quality_results AS result
INNER JOIN snapshot ON result.run_id = snapshot.run_id
WHERE NOT result.success
ORDER BY result.severity, result.suite, result.expectation;

COMMENT ON TABLE quality IS 'What the audit of the published run found wanting. Grain: expectation.';
