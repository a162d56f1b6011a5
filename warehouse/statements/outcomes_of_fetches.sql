-- Items that ended without a page to read: rejected, failed or deferred while fetching; archived responses that are no page of an outlet.
INSERT INTO history.outcomes BY NAME
SELECT run_id, item_id, outlet_id, url, result AS outcome, reason, detail, coalesce(visit, 0) AS visit
FROM journal
WHERE event = 'fetch' AND result <> 'fetched'
QUALIFY row_number() OVER (PARTITION BY run_id, item_id ORDER BY fetched_at DESC, attempt DESC) = 1
ON CONFLICT (run_id, item_id) DO NOTHING
