-- critical: every outlet-day of the collection health has one row for every candidate whose watch list runs then, and no other row is there
-- Counted by outlet and day; that no row is doubled is a rule of its own.
WITH watched AS (
    SELECT days.day, candidates.candidate_id
    FROM (SELECT DISTINCT day FROM published.collection_health) AS days
    INNER JOIN published.watchlists AS lists ON days.day BETWEEN lists.watched_from AND lists.watched_until
    INNER JOIN published.candidates AS candidates USING (watchlist_id)
),

expected AS (
    SELECT health.outlet_id, health.day, health.status, wanted
    FROM published.collection_health AS health
    INNER JOIN (SELECT day, count(*) AS wanted FROM watched GROUP BY day) AS running USING (day)
),

cells AS (
    SELECT outlet_id, day, count(*) AS found, count(watched.day) AS found_watched, min(collection_status) AS status, max(collection_status) AS other_status
    FROM published.coverage_by_outlet_day
    LEFT JOIN watched USING (day, candidate_id)
    GROUP BY outlet_id, day
)

SELECT outlet_id, day, wanted, found, found_watched, expected.status, cells.status AS collection_status, other_status
FROM expected
FULL JOIN cells USING (outlet_id, day)
WHERE
    wanted IS DISTINCT FROM found
    OR found IS DISTINCT FROM found_watched
    OR expected.status IS DISTINCT FROM cells.status
    OR cells.status IS DISTINCT FROM other_status
