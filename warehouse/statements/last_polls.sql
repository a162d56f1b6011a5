-- Grain: outlet and source. What the collector needs to know of each source: how the last poll left it, and the validators and body of the last answer.
SELECT
    outlet_id,
    source_url,
    arg_max(source_kind, polled_at) AS kind,
    max(polled_at) AS last_polled_at,
    max(polled_at) FILTER (result IN ('ok', 'not_modified')) AS last_answered_at,
    arg_max_null(etag, polled_at) FILTER (result IN ('ok', 'not_modified')) AS etag,
    arg_max_null(last_modified, polled_at) FILTER (result IN ('ok', 'not_modified')) AS last_modified,
    coalesce(arg_max_null(failures, polled_at), 0) AS failures,
    coalesce(arg_max_null(failing, polled_at), 0) AS failing,
    arg_max_null(interval_minutes, polled_at) AS interval_minutes,
    arg_max_null(due_at, polled_at) AS due_at,
    arg_max_null(moved_to, polled_at) AS moved_to,
    arg_max_null(stands_for, polled_at) AS stands_for,
    arg_max(
        {digest: body.digest, record_id: body.record_id, url: body.url, fetched_at: body.fetched_at, file: warc_file, "offset": warc_offset}, polled_at
    ) FILTER (result IN ('ok', 'not_modified') AND body.digest IS NOT NULL AND warc_file NOT IN (SELECT warc_file FROM collection.pruned)) AS body
FROM collection.polls
GROUP BY outlet_id, source_url
