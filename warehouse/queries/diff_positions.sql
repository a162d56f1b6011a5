-- Positions in the endorsement ledger that differ; how often they were confirmed is left out. Grain: position and measure that differs.
WITH measured AS (
    SELECT
        CASE WHEN before.endorser IS NULL THEN 'came' WHEN after.endorser IS NULL THEN 'went' ELSE 'changed' END AS change,
        watchlist_id, endorser, candidate_id, number,
        unnest([
            {measure: 'stance', before: before.stance::VARCHAR, after: after.stance::VARCHAR},
            {measure: 'status', before: before.status::VARCHAR, after: after.status::VARCHAR},
            {measure: 'changed_on', before: before.changed_on::VARCHAR, after: after.changed_on::VARCHAR},
            {measure: 'speaker', before: before.speaker::VARCHAR, after: after.speaker::VARCHAR},
            {measure: 'stated_on', before: before.stated_on::VARCHAR, after: after.stated_on::VARCHAR},
            {measure: 'flag', before: before.flag::VARCHAR, after: after.flag::VARCHAR},
            {measure: 'first_article_id', before: before.first_article_id::VARCHAR, after: after.first_article_id::VARCHAR}
        ], recursive := true)
    FROM earlier.positions AS before
    FULL JOIN later.positions AS after USING (watchlist_id, endorser, candidate_id, number)
    WHERE before IS DISTINCT FROM after
)

SELECT * FROM measured WHERE before IS DISTINCT FROM after
