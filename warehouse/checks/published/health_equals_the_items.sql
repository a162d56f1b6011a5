-- critical: what was discovered for a day, and what became of it, equals the items
WITH items AS (
    SELECT
        outlet_id, day, count(*) AS found, count(*) FILTER (ended_as = 'known') AS known, count(*) FILTER (ended_as = 'new') AS new,
        count(*) FILTER (ended_as = 'rejected') AS rejected, count(*) FILTER (ended_as = 'failed') AS failed, count(*) FILTER (was_fetched) AS fetched
    FROM warehouse.core.item_ends
    GROUP BY outlet_id, day
)
SELECT outlet_id, day, discovered, found
FROM published.collection_health AS health
LEFT JOIN items USING (outlet_id, day)
WHERE
    discovered <> coalesce(found, 0) OR health.known <> coalesce(items.known, 0) OR health.new <> coalesce(items.new, 0)
    OR health.rejected <> coalesce(items.rejected, 0) OR health.failed <> coalesce(items.failed, 0) OR health.fetched <> coalesce(items.fetched, 0)
