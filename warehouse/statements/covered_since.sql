-- Grain: outlet with a day that is known wholly. Since when it is covered, and how many days since then are not known.
WITH whole AS (
    SELECT outlet_id, min(day) AS since
    FROM collection_health
    WHERE status IN ('complete', 'archive')
    GROUP BY outlet_id
)

SELECT whole.outlet_id, whole.since, count(*) FILTER (health.status IN ('outage', 'blocked', 'not_due')) AS unknown_days
FROM whole
INNER JOIN collection_health AS health ON whole.outlet_id = health.outlet_id AND health.day >= whole.since
GROUP BY whole.outlet_id, whole.since
ORDER BY whole.outlet_id
