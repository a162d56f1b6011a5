-- Items that have not ended: never tried, or deferred so far. A deferral without a request leaves the number of attempts as it was.
WITH pending AS (
    FROM collection.items
    ANTI JOIN (SELECT item_id FROM collection.fetches WHERE visit = 0 AND result <> 'deferred') AS ended USING (item_id)
)

SELECT
    items.item_id, items.outlet_id, items.url, items.title, items.published_at, items.published_raw, items.authors, items.language, items.first_seen_at,
    coalesce(max(fetches.attempt), 0)::INTEGER AS attempts, count(fetches.item_id) > 0 AS was_deferred
FROM pending AS items
LEFT JOIN (FROM collection.fetches SEMI JOIN pending USING (item_id) WHERE visit = 0) AS fetches ON items.item_id = fetches.item_id
GROUP BY ALL
ORDER BY items.outlet_id, items.first_seen_at, items.url
