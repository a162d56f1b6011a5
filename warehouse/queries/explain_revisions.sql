-- What has changed in the cell since it was final. Parameters: outlet_id, day, candidate_id. Grain: measure and run, in the order of the runs.
SELECT revisions.measure, revisions.before, revisions.after, revisions.reason, revisions.run_id, runs.finished_at AS revised_at
FROM revisions
LEFT JOIN runs USING (run_id)
WHERE outlet_id = $outlet_id AND day = $day AND candidate_id = $candidate_id
ORDER BY runs.started_at, revisions.run_id, revisions.measure
