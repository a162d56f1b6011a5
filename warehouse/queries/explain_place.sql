-- What is asked for, and where it lies. Parameters: outlet_id, day, candidate_id. Grain: one row, where both outlet and candidate are published.
-- Of two midnights (an hour that is there twice) the later one is what AT TIME ZONE gives; a day begins at the first.
WITH midnights AS (
    SELECT outlet_id, ($day::DATE::TIMESTAMP AT TIME ZONE timezone) AS this_one, (($day::DATE + 1)::TIMESTAMP AT TIME ZONE timezone) AS next_one
    FROM outlets
)

SELECT
    outlets.outlet_id, outlets.name AS outlet_name, outlets.timezone, outlets.panel_from, outlets.panel_until,
    candidates.candidate_id, candidates.name AS candidate_name, lists.watchlist_id, lists.title AS contest, lists.watched_from, lists.watched_until,
    $day::DATE AS day,
    CASE WHEN ((this_one - INTERVAL 1 HOUR) AT TIME ZONE timezone)::DATE = $day THEN this_one - INTERVAL 1 HOUR ELSE this_one END AS starts_at,
    CASE WHEN ((next_one - INTERVAL 1 HOUR) AT TIME ZONE timezone)::DATE = $day::DATE + 1 THEN next_one - INTERVAL 1 HOUR ELSE next_one END AS ends_at,
    (SELECT min(day) FROM collection_health WHERE outlet_id = $outlet_id) AS recorded_from,
    (SELECT max(day) FROM collection_health WHERE outlet_id = $outlet_id) AS recorded_until
FROM outlets
INNER JOIN midnights USING (outlet_id)
CROSS JOIN candidates
INNER JOIN watchlists AS lists USING (watchlist_id)
WHERE outlets.outlet_id = $outlet_id AND candidates.candidate_id = $candidate_id
