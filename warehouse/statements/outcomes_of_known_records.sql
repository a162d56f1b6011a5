-- Archived responses that a backfill names again and that are neither new nor read anew end as unchanged.
INSERT INTO history.outcomes BY NAME
SELECT journal.run_id, journal.item_id, journal.outlet_id, journal.url, 'unchanged' AS outcome, NULL AS reason, 'read before' AS detail
FROM journal
INNER JOIN core.pages AS pages ON journal.record_id = pages.fetch_id
WHERE journal.event = 'fetch' AND journal.result = 'fetched'
QUALIFY row_number() OVER (PARTITION BY journal.run_id, journal.item_id ORDER BY journal.fetched_at) = 1
ON CONFLICT (run_id, item_id) DO NOTHING
