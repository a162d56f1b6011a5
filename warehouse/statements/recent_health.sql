-- Grain: outlet and day, of the last $days days that any outlet has.
SELECT outlet_id, day, status, volume
FROM collection_health
WHERE day > (SELECT max(day) FROM collection_health) - $days::INTEGER
ORDER BY outlet_id, day
