-- critical: every article that was made anew has the place among its copies that the comparison of texts gave it
SELECT article_id, articles.copy_kind, members.copy_kind AS compared_as, articles.story_id, members.story_id AS compared_story_id
FROM (SELECT article_id, story_id, copy_kind, copy_of FROM published.articles SEMI JOIN touched_articles USING (article_id)) AS articles
FULL JOIN (FROM warehouse.core.story_members SEMI JOIN touched_articles USING (article_id)) AS members USING (article_id)
WHERE
    articles.story_id IS DISTINCT FROM members.story_id
    OR articles.copy_kind IS DISTINCT FROM members.copy_kind
    OR articles.copy_of IS DISTINCT FROM members.copy_of
