-- Which counts may be compared with the period before? Those of an outlet whose day is complete now and was complete then (or archive both times).
-- A change between other days would be a change of the collection, not of the coverage.
-- Grain: watch list, outlet, day and candidate. Read by: candidate_totals, summary.
CREATE TEMP TABLE comparable AS
SELECT
    cell.watchlist_id, cell.outlet_id, cell.day, before.day AS day_before, cell.candidate_id, cell.articles, before.articles AS articles_before, cell.mentions,
    before.mentions AS mentions_before
FROM cells AS cell
CROSS JOIN period
INNER JOIN coverage_by_outlet_day AS before
    ON
        cell.watchlist_id = before.watchlist_id AND cell.outlet_id = before.outlet_id AND cell.candidate_id = before.candidate_id
        AND before.day = cell.day - period.days AND cell.collection_status = before.collection_status
WHERE cell.collection_status IN ('complete', 'archive') AND cell.articles IS NOT NULL AND before.articles IS NOT NULL;
