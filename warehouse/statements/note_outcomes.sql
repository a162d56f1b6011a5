-- The runs whose outcomes the staged batch touches; $run_id is the run that commits or refuses it.
INSERT INTO core.changed_runs
SELECT $run_id
UNION
SELECT run_id FROM collection.fetches SEMI JOIN staging.pages AS staged USING (fetch_id)
