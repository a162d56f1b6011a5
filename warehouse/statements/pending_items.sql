-- Items that have not ended: never tried, or deferred the last time. Deferrals that were no attempt do not count as one.
SELECT
    items.item_id, items.outlet_id, items.url, items.title, items.published_at, items.published_raw, items.authors, items.language, items.first_seen_at,
    count(*) FILTER (fetches.result = 'deferred' AND fetches.reason NOT IN ('outlet_unavailable', 'run_limit'))::INTEGER AS attempts
FROM collection.items AS items
LEFT JOIN collection.fetches AS fetches USING (item_id)
GROUP BY ALL
HAVING coalesce(arg_max(fetches.result, fetches.fetched_at), 'deferred') = 'deferred'
ORDER BY items.outlet_id, items.first_seen_at, items.url
