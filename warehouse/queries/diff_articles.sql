-- Articles that came, went, were moved to another day or are of another story. Grain: article that came or went (measure published_on), else
-- article and measure that differs.
-- The keys are joined first and the headlines looked up after, as most articles of two files are the same.
WITH differing_articles AS (
    SELECT
        CASE WHEN before.article_id IS NULL THEN 'came' WHEN after.article_id IS NULL THEN 'went' ELSE 'changed' END AS change, article_id,
        coalesce(after.outlet_id, before.outlet_id) AS outlet_id, before.published_on AS day_before, after.published_on AS day_after,
        before.story_id AS story_before, after.story_id AS story_after
    FROM earlier.articles AS before
    FULL JOIN later.articles AS after USING (article_id)
    WHERE
        before.article_id IS NULL OR after.article_id IS NULL OR before.published_on IS DISTINCT FROM after.published_on
        OR before.story_id IS DISTINCT FROM after.story_id
),

measured AS (
    SELECT
        change, outlet_id, article_id,
        unnest([
            {measure: 'published_on', before: day_before::VARCHAR, after: day_after::VARCHAR},
            {measure: 'story_id', before: story_before::VARCHAR, after: story_after::VARCHAR}
        ], recursive := true)
    FROM differing_articles
),

headlines AS (
    SELECT article_id, coalesce(max(title) FILTER (is_later), max(title)) AS title
    FROM (
        SELECT article_id, title, true AS is_later FROM later.articles
        SEMI JOIN differing_articles USING (article_id)
        UNION ALL
        SELECT article_id, title, false AS is_later FROM earlier.articles
        SEMI JOIN differing_articles USING (article_id)
    )
    GROUP BY article_id
)

SELECT measured.*, headlines.title
FROM measured
INNER JOIN headlines USING (article_id)
WHERE CASE WHEN change = 'changed' THEN before IS DISTINCT FROM after ELSE measure = 'published_on' END
