-- Grain: one row. The latest poll or fetch in the collection record: the moment that the counts speak of. Not published as a table.
SELECT max(moment) AS as_of
FROM (
    SELECT max(polled_at) AS moment FROM warehouse.collection.polls
    UNION ALL
    SELECT max(fetched_at) FROM warehouse.collection.fetches
)
