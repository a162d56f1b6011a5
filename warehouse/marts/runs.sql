-- Grain: run, history. Reads: history.runs.
SELECT run_id, command, started_at, finished_at, status, detail, code_version, config_hash, snapshot_hash
FROM warehouse.history.runs
ORDER BY started_at, run_id
