-- What the collector needs to know of each source: the last poll, and the validators of the last answer.
SELECT
    outlet_id, source_url, max(polled_at) AS last_polled_at, max(polled_at) FILTER (result IN ('ok', 'not_modified')) AS last_answered_at,
    arg_max_null(etag, polled_at) FILTER (result IN ('ok', 'not_modified')) AS etag,
    arg_max_null(last_modified, polled_at) FILTER (result IN ('ok', 'not_modified')) AS last_modified
FROM collection.polls
GROUP BY outlet_id, source_url
