-- The items of a batch that the audit refused: they are taken up again by the next run ($run_id is the refused one).
INSERT INTO history.outcomes BY NAME
SELECT $run_id AS run_id, item_id, outlet_id, url, 'deferred' AS outcome, 'audit_refused' AS reason, NULL AS detail
FROM staging.pages
ANTI JOIN core.pages AS known USING (fetch_id)
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY fetched_at DESC) = 1
ON CONFLICT (run_id, item_id) DO NOTHING
