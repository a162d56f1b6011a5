-- Which run is told of, and which refused run can be accepted in its place?
-- Grain: one row. Parameter: run_id. Read by: the quality page, on the private warehouse.
-- A trial (`frontrunner audit`) is no run that can be accepted: what is accepted is the run that staged its batch, or the last one whose
-- counts were refused, if nothing was published since.
SELECT
    run.*,
    (SELECT any_value(batch.run_id) FROM warehouse.staging.batch AS batch) AS staged_by,
    (
        SELECT arg_max(earlier.run_id, earlier.started_at)
        FROM warehouse.history.runs AS earlier
        SEMI JOIN (
            FROM warehouse.history.quality_results
            WHERE NOT success AND severity = 'critical' AND accepted IS NULL AND suite LIKE '%published%'
        ) AS failed ON earlier.run_id = failed.run_id
        WHERE earlier.run_id <> run.run_id AND earlier.started_at >= coalesce(
            (SELECT max(published.started_at) FROM warehouse.history.runs AS published WHERE published.snapshot_hash IS NOT NULL),
            '-infinity'::TIMESTAMPTZ
        )
    ) AS counts_refused_in
FROM warehouse.history.runs AS run
WHERE run.run_id = $run_id
