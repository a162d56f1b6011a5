-- Grain: story that lost or won an article, or whose articles were touched. Reads: articles, outlets, touched_stories.
-- The agency is that of the first article that credits one, in the order in which they came out (transforms/dedupe.py, publication_order).
SELECT
    story_id,
    story_id AS lead_article_id,
    max(published_at) FILTER (article_id = story_id) AS first_published_at,
    count(*)::INTEGER AS article_count,
    count(DISTINCT outlet_id)::INTEGER AS outlet_count,
    first(wire_agency ORDER BY
        coalesce(published_at, ((published_on + 1)::TIMESTAMP AT TIME ZONE timezone) - INTERVAL 1 MICROSECOND) NULLS LAST,
        NOT is_agency, outlet_id, article_id
    ) FILTER (wire_agency IS NOT NULL) AS wire_agency
FROM articles
SEMI JOIN touched_stories USING (story_id)
INNER JOIN outlets USING (outlet_id)
GROUP BY story_id
ORDER BY story_id
