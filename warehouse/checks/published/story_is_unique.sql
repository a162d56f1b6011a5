-- critical: every story that was made anew is there once (that no other is there twice shows in their number, see article_has_its_story)
SELECT story_id, count(*) AS times
FROM published.stories
SEMI JOIN touched_stories USING (story_id)
GROUP BY story_id
HAVING count(*) > 1
