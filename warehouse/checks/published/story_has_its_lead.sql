-- critical: every story that was made anew is led by an original of its own, and begins when that was published
SELECT stories.story_id, stories.lead_article_id, stories.first_published_at, leads.published_at
FROM (FROM published.stories SEMI JOIN touched_stories USING (story_id)) AS stories
LEFT JOIN published.articles AS leads ON stories.lead_article_id = leads.article_id AND leads.copy_kind = 'original'
WHERE
    leads.article_id IS NULL
    OR stories.story_id <> stories.lead_article_id
    OR stories.first_published_at IS DISTINCT FROM leads.published_at
