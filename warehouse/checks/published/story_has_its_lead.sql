-- critical: every story is led by an original of its own
SELECT stories.story_id
FROM published.stories AS stories
LEFT JOIN published.articles AS leads ON stories.lead_article_id = leads.article_id AND leads.copy_kind = 'original'
WHERE leads.article_id IS NULL
