-- The chart: mentions by day and candidate.
-- Grain: watch list, candidate and day. Read by: the report; exported.
CREATE TEMP TABLE candidate_days AS
WITH
counted AS (
    SELECT watchlist_id, candidate_id, day, sum(articles)::BIGINT AS articles, sum(mentions)::BIGINT AS mentions
    FROM cells
    GROUP BY watchlist_id, candidate_id, day
)

SELECT
    totals.watchlist_id, candidate.candidate_id, candidate.name AS candidate_name, totals.day, counted.articles, counted.mentions, totals.outlets_complete, totals.outlets_partial,
    totals.outlets_unknown
FROM day_totals AS totals
INNER JOIN candidates AS candidate ON totals.watchlist_id = candidate.watchlist_id
LEFT JOIN counted ON totals.watchlist_id = counted.watchlist_id AND candidate.candidate_id = counted.candidate_id AND totals.day = counted.day
ORDER BY totals.watchlist_id, candidate.candidate_id, totals.day;

COMMENT ON TABLE candidate_days IS 'Candidates by day. Grain: watch list, candidate and day.';
COMMENT ON COLUMN candidate_days.candidate_name IS 'Full name of the candidate.';
COMMENT ON COLUMN candidate_days.articles IS 'Articles that name the candidate, at the outlets that are known; NULL where none is.';
COMMENT ON COLUMN candidate_days.mentions IS 'Mentions of the candidate, at the outlets that are known; NULL where none is.';
COMMENT ON COLUMN candidate_days.outlets_complete IS 'Outlets whose day is known in full, or as an archive holds it.';
COMMENT ON COLUMN candidate_days.outlets_partial IS 'Outlets of which something may be missing.';
COMMENT ON COLUMN candidate_days.outlets_unknown IS 'Outlets of which nothing is known.';
