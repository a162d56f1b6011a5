-- critical: an original leads its own story; a copy belongs to the story of an original, and says so
SELECT article_id, story_id, copy_kind, copy_of
FROM published.articles
WHERE story_id IS NOT NULL AND CASE
    WHEN copy_kind = 'original' THEN story_id <> article_id OR copy_of IS NOT NULL
    ELSE story_id = article_id OR copy_of IS DISTINCT FROM story_id
END
UNION ALL
SELECT copies.article_id, copies.story_id, copies.copy_kind, copies.copy_of
FROM (SELECT article_id, story_id, copy_kind, copy_of FROM published.articles WHERE copy_kind <> 'original') AS copies
ANTI JOIN (SELECT article_id FROM published.articles WHERE copy_kind = 'original') AS leads ON copies.copy_of = leads.article_id
