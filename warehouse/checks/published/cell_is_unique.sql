-- critical: every outlet, day and candidate has one row of counts
WITH doubled AS (
    SELECT hash(outlet_id, day, candidate_id) AS number FROM published.coverage_by_outlet_day GROUP BY number HAVING count(*) > 1
)
SELECT outlet_id, day, candidate_id, count(*) AS times
FROM published.coverage_by_outlet_day
WHERE hash(outlet_id, day, candidate_id) IN (SELECT number FROM doubled)
GROUP BY outlet_id, day, candidate_id
HAVING count(*) > 1
