-- critical: a day is final when the record reaches 48 hours past its local end, and no other is
-- Two hours are let pass around the moment itself: time zones of Python and DuckDB are of different ages, and clocks are changed at midnight here and there.
WITH reached AS (
    SELECT outlet_id, (as_of - INTERVAL 48 HOURS) AT TIME ZONE timezone AS local FROM published.outlets CROSS JOIN as_of
)
SELECT outlet_id, day, candidate_id, is_final, local
FROM published.coverage_by_outlet_day
INNER JOIN reached USING (outlet_id)
WHERE CASE WHEN is_final THEN local < (day + 1) - INTERVAL 2 HOURS ELSE local > (day + 1) + INTERVAL 2 HOURS END
