-- One's own record of a response stands. A backfill that names an archived record again widens its window.
INSERT INTO collection.fetches BY NAME
SELECT
    coalesce(record_id, run_id || '/' || item_id) AS fetch_id, coalesce(origin, 'own') AS origin, run_id, outlet_id, item_id, url, fetched_at, result, reason, detail,
    http_status, final_url, content_type, warc_file, warc_offset, attempt, since, until, body, coalesce(visit, 0) AS visit, etag, last_modified, opt_outs,
    retry_at
FROM journal
WHERE event = 'fetch'
QUALIFY row_number() OVER (PARTITION BY fetch_id ORDER BY fetched_at, url) = 1
ON CONFLICT (fetch_id) DO UPDATE SET
    since = CASE WHEN since IS NULL OR excluded.since IS NULL THEN NULL ELSE least(since, excluded.since) END,
    until = CASE WHEN until IS NULL OR excluded.until IS NULL THEN NULL ELSE greatest(until, excluded.until) END,
    outlet_id = coalesce(outlet_id, excluded.outlet_id),
    result = CASE WHEN origin = 'archive' THEN excluded.result ELSE result END,
    reason = CASE WHEN origin = 'archive' THEN excluded.reason ELSE reason END
