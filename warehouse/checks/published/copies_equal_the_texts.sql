-- critical: exact copies have the words of their lead, near ones have others, and no two originals have the same words
-- Of the articles that were made anew; a text without words is nobody's copy.
WITH texts AS (
    SELECT article_id, text_id
    FROM warehouse.core.article_texts
    WHERE text_id <> 0 AND text_id IN (SELECT text_id FROM warehouse.core.article_texts SEMI JOIN touched_articles USING (article_id))
),

members AS (
    SELECT articles.article_id, articles.copy_kind, articles.copy_of, texts.text_id
    FROM published.articles AS articles
    INNER JOIN texts USING (article_id)
)

SELECT copies.article_id, copies.copy_kind, copies.copy_of
FROM (FROM members WHERE copy_kind <> 'original') AS copies
INNER JOIN warehouse.core.article_texts AS leads ON copies.copy_of = leads.article_id
WHERE (copies.copy_kind = 'exact') <> (copies.text_id = leads.text_id)
UNION ALL
SELECT article_id, copy_kind, copy_of
FROM members
WHERE copy_kind = 'original'
    AND text_id IN (SELECT text_id FROM members WHERE copy_kind = 'original' GROUP BY text_id HAVING count(*) > 1)
