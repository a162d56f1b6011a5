INSERT INTO collection.polls BY NAME
SELECT
    run_id, outlet_id, source_url, source_kind, polled_at, result, reason, detail, http_status, listed, known, oldest_listed_at, newest_listed_at, etag, last_modified,
    warc_file, warc_offset, record_id, body, len(items) AS new, moved_to, stands_for, failures, failing, interval_minutes, due_at, retry_at
FROM journal
WHERE event = 'poll'
