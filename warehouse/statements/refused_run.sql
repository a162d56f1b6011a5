-- Grain: run that the audit refused, at most one: the last one, unless something was published since or a person accepted what was found.
-- of_batch: it was refused for the batch, else for the counts. A refused batch stands as long as it lies in staging (it may have been judged
-- by a later run than that which staged it).
WITH failed AS (
    SELECT run_id, bool_or(suite LIKE '%staging%') AS of_batch
    FROM warehouse.history.quality_results
    WHERE NOT success AND severity = 'critical' AND accepted IS NULL
    GROUP BY run_id
)

SELECT runs.*, of_batch
FROM warehouse.history.runs AS runs
INNER JOIN failed USING (run_id)
ANTI JOIN warehouse.history.acceptances AS acceptances ON runs.run_id = acceptances.run_id
WHERE
    started_at >= coalesce(
        (SELECT max(published.started_at) FROM warehouse.history.runs AS published WHERE published.snapshot_hash IS NOT NULL),
        '-infinity'::TIMESTAMPTZ
    )
    AND (
        NOT of_batch
        OR started_at >= (SELECT min(staging.started_at) FROM warehouse.staging.batch AS batch JOIN warehouse.history.runs AS staging USING (run_id))
    )
ORDER BY started_at DESC, run_id
LIMIT 1
