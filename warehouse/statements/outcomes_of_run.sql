SELECT concat_ws(':', outcome, reason) AS name, count(*) AS items
FROM outcomes
WHERE run_id = $run_id
GROUP BY ALL
ORDER BY name
