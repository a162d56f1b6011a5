-- What the published file (previous) tells of a run that this warehouse thinks unfinished: it was killed after the file was put in place.
INSERT INTO history.revisions BY NAME
SELECT told.outlet_id, told.day, told.candidate_id, told.measure, told.before, told.after, told.reason, told.run_id
FROM previous.revisions AS told
SEMI JOIN history.runs AS runs ON told.run_id = runs.run_id
WHERE told.run_id = (SELECT run_id FROM previous.snapshot) AND told.run_id NOT IN (SELECT run_id FROM history.revisions);
UPDATE history.runs SET status = 'succeeded', snapshot_hash = told.snapshot_hash, finished_at = told.published_at, detail = NULL
FROM previous.snapshot AS told
WHERE runs.run_id = told.run_id AND runs.status = 'interrupted'
