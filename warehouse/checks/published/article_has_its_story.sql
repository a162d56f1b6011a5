-- critical: every article belongs to a story, and a story counts its articles and outlets
WITH members AS (
    SELECT story_id, count(*) AS articles_found, count(DISTINCT outlet_id) AS outlets_found FROM published.articles WHERE story_id IS NOT NULL GROUP BY story_id
)
SELECT story_id, article_count, articles_found, outlet_count, outlets_found
FROM published.stories
FULL JOIN members USING (story_id)
WHERE article_count IS DISTINCT FROM articles_found OR outlet_count IS DISTINCT FROM outlets_found
