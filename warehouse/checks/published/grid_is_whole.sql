-- critical: every outlet-day of the collection health has one row for every candidate whose watch list runs then, and no other row is there
SELECT outlet_id, day, candidate_id, expected.status, cells.collection_status
FROM (
    SELECT health.outlet_id, health.day, candidates.candidate_id, health.status
    FROM published.collection_health AS health
    INNER JOIN published.watchlists AS lists ON health.day BETWEEN lists.watched_from AND lists.watched_until
    INNER JOIN published.candidates AS candidates USING (watchlist_id)
) AS expected
FULL JOIN published.coverage_by_outlet_day AS cells USING (outlet_id, day, candidate_id)
WHERE expected.status IS DISTINCT FROM cells.collection_status
