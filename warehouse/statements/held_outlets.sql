-- Grain: outlet that asked us to come back at a time (Retry-After), with the latest such time.
SELECT outlet_id, max(retry_at) AS held_until
FROM (
    SELECT outlet_id, retry_at FROM collection.polls WHERE retry_at IS NOT NULL
    UNION ALL
    SELECT outlet_id, retry_at FROM collection.fetches WHERE retry_at IS NOT NULL AND outlet_id IS NOT NULL
)
GROUP BY outlet_id
