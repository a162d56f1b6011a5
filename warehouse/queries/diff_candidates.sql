-- Candidates that differ. Grain: candidate and measure that differs.
WITH measured AS (
    SELECT
        CASE WHEN before.candidate_id IS NULL THEN 'came' WHEN after.candidate_id IS NULL THEN 'went' ELSE 'changed' END AS change, candidate_id,
        unnest([
            {measure: 'watchlist', before: before.watchlist_id::VARCHAR, after: after.watchlist_id::VARCHAR},
            {measure: 'name', before: before.name::VARCHAR, after: after.name::VARCHAR},
            {measure: 'country', before: before.country::VARCHAR, after: after.country::VARCHAR},
            {measure: 'status', before: before.status::VARCHAR, after: after.status::VARCHAR},
            {measure: 'withdrew_on', before: before.withdrew_on::VARCHAR, after: after.withdrew_on::VARCHAR}
        ], recursive := true)
    FROM earlier.candidates AS before
    FULL JOIN later.candidates AS after USING (candidate_id)
    WHERE before IS DISTINCT FROM after
)

SELECT * FROM measured WHERE before IS DISTINCT FROM after
