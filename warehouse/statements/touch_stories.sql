-- Stories that have or had one of the touched articles. Runs when articles are as they will be published; previous is the file before.
CREATE OR REPLACE TEMP TABLE touched_stories AS
SELECT story_id FROM articles SEMI JOIN touched_articles USING (article_id) WHERE story_id IS NOT NULL
UNION
SELECT story_id FROM previous.articles SEMI JOIN touched_articles USING (article_id) WHERE story_id IS NOT NULL
