-- Grain: story. Reads: articles, story_order (articles in the order in which they came out).
SELECT
    articles.story_id,
    articles.story_id AS lead_article_id,
    max(published_at) FILTER (articles.article_id = articles.story_id) AS first_published_at,
    count(*)::INTEGER AS article_count,
    count(DISTINCT outlet_id)::INTEGER AS outlet_count,
    first(wire_agency ORDER BY position) FILTER (wire_agency IS NOT NULL) AS wire_agency
FROM articles
INNER JOIN story_members AS members USING (article_id)
WHERE articles.story_id IS NOT NULL
GROUP BY articles.story_id
ORDER BY articles.story_id
