-- Items that have not ended: never tried, or deferred the last time. A deferral without a request leaves the number of attempts as it was.
SELECT
    items.item_id, items.outlet_id, items.url, items.title, items.published_at, items.published_raw, items.authors, items.language, items.first_seen_at,
    coalesce(max(fetches.attempt), 0)::INTEGER AS attempts, count(fetches.item_id) > 0 AS was_deferred
FROM collection.items AS items
LEFT JOIN collection.fetches AS fetches ON items.item_id = fetches.item_id AND fetches.visit = 0
GROUP BY ALL
HAVING coalesce(arg_max(fetches.result, fetches.fetched_at), 'deferred') = 'deferred'
ORDER BY items.outlet_id, items.first_seen_at, items.url
