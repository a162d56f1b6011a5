-- Grain: outlet and source. Reads: collection.polls, outlets.
-- dead: at least 3 polls in a row without an answer, with 3 weighted days or more (DEAD_FAILURES and DEAD_AT in transforms/feed_health.py).
SELECT
    outlet_id,
    source_url,
    arg_max(source_kind, polled_at) AS kind,
    CASE
        WHEN arg_max(result, polled_at) <> 'failed' THEN 'healthy'
        WHEN arg_max(failures, polled_at) >= 3 AND arg_max(failing, polled_at) >= 3 THEN 'dead'
        ELSE 'failing'
    END AS status,
    arg_max_null(reason, polled_at) AS reason,
    min(polled_at) AS first_polled_at,
    max(polled_at) AS last_polled_at,
    max(polled_at) FILTER (result <> 'failed') AS last_answered_at,
    count(*) AS polls,
    count(*) FILTER (result <> 'failed') AS answered,
    coalesce(sum(new), 0)::BIGINT AS new,
    coalesce(arg_max_null(failures, polled_at), 0) AS failures,
    arg_max_null(interval_minutes, polled_at) AS interval_minutes,
    arg_max_null(moved_to, polled_at) AS moved_to,
    arg_max_null(stands_for, polled_at) AS stands_for
FROM warehouse.collection.polls
SEMI JOIN outlets USING (outlet_id)
GROUP BY outlet_id, source_url
ORDER BY outlet_id, source_url
