-- critical: every article with a text belongs to a story, and a story counts its articles and outlets
-- The stories that were made anew one by one, all of them by their sums.
WITH members AS (
    SELECT story_id, count(*) AS found, count(DISTINCT outlet_id) AS outlets_found
    FROM published.articles
    SEMI JOIN touched_stories USING (story_id)
    GROUP BY story_id
)

SELECT story_id, article_count, found, outlet_count, outlets_found
FROM (FROM published.stories SEMI JOIN touched_stories USING (story_id)) AS stories
FULL JOIN members USING (story_id)
WHERE article_count IS DISTINCT FROM found OR outlet_count IS DISTINCT FROM outlets_found
UNION ALL
SELECT 'all', stories.members, articles.members, stories.leads, articles.leads
FROM (SELECT count(*) AS leads, coalesce(sum(article_count), 0) AS members FROM published.stories) AS stories
CROSS JOIN (SELECT count(*) FILTER (story_id = article_id) AS leads, count(story_id) AS members FROM published.articles) AS articles
WHERE stories.leads <> articles.leads OR stories.members <> articles.members
