-- critical: mentions, quotes and evidence of every article that was made anew stand in its published words where the offsets say
WITH found AS (
    SELECT 'mentions' AS found_in, article_id, field, char_start, char_end, surface AS words FROM published.mentions
    UNION ALL
    SELECT 'office_references', article_id, field, char_start, char_end, surface FROM published.office_references
    UNION ALL
    SELECT 'quotes', article_id, field, char_start, char_end, quote FROM published.quotes
    UNION ALL
    SELECT 'endorsements', article_id, field, char_start, char_end, evidence FROM published.endorsements
)

SELECT found_in, article_id, field, char_start, char_end, words
FROM (FROM found SEMI JOIN touched_articles USING (article_id)) AS found
INNER JOIN (
    FROM published.articles WHERE rowid IN (SELECT rowid FROM published.articles SEMI JOIN touched_articles USING (article_id))
) AS articles USING (article_id)
WHERE (field = 'title' OR text IS NOT NULL)
    AND substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM words
