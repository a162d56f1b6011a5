-- story_members, the articles of affected texts, take the place of what is kept of them. Articles whose place among their copies has changed are
-- touched by that, and stay so until they are published.
CREATE OR REPLACE TEMP TABLE moved_articles AS
SELECT fresh.article_id
FROM story_members AS fresh
LEFT JOIN warehouse.core.story_members AS kept USING (article_id)
ANTI JOIN touched_articles AS touched ON fresh.article_id = touched.article_id
WHERE (fresh.story_id, fresh.copy_kind, fresh.copy_of) IS DISTINCT FROM (kept.story_id, kept.copy_kind, kept.copy_of);
INSERT INTO touched_articles FROM moved_articles;
INSERT INTO warehouse.core.changed_articles FROM moved_articles;
DELETE FROM warehouse.core.story_members
WHERE article_id IN (SELECT article_id FROM touched_articles UNION SELECT article_id FROM story_members);
INSERT INTO warehouse.core.story_members BY NAME FROM story_members
