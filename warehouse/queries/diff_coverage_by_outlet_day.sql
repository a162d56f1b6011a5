-- Counts that differ. Grain: cell and measure that differs.
WITH measured AS (
    SELECT
        CASE WHEN before.outlet_id IS NULL THEN 'came' WHEN after.outlet_id IS NULL THEN 'went' ELSE 'changed' END AS change,
        outlet_id, day, watchlist_id, candidate_id,
        unnest([
            {measure: 'articles', before: before.articles::VARCHAR, after: after.articles::VARCHAR},
            {measure: 'race_articles', before: before.race_articles::VARCHAR, after: after.race_articles::VARCHAR},
            {measure: 'unique_articles', before: before.unique_articles::VARCHAR, after: after.unique_articles::VARCHAR},
            {measure: 'originals', before: before.originals::VARCHAR, after: after.originals::VARCHAR},
            {measure: 'mentions', before: before.mentions::VARCHAR, after: after.mentions::VARCHAR},
            {measure: 'total_articles', before: before.total_articles::VARCHAR, after: after.total_articles::VARCHAR},
            {measure: 'share_of_voice', before: before.share_of_voice::VARCHAR, after: after.share_of_voice::VARCHAR},
            {measure: 'list_mentions', before: before.list_mentions::VARCHAR, after: after.list_mentions::VARCHAR},
            {measure: 'collection_status', before: before.collection_status::VARCHAR, after: after.collection_status::VARCHAR},
            {measure: 'is_final', before: before.is_final::VARCHAR, after: after.is_final::VARCHAR}
        ], recursive := true)
    FROM earlier.coverage_by_outlet_day AS before
    FULL JOIN later.coverage_by_outlet_day AS after USING (outlet_id, day, watchlist_id, candidate_id)
    WHERE before IS DISTINCT FROM after
)

SELECT * FROM measured WHERE before IS DISTINCT FROM after
