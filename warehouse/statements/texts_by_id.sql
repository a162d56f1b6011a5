-- A text of each text_id in wanted_texts, in their order. Articles of one text_id have the same words; the text of the least is taken.
WITH chosen AS (
    SELECT wanted.text_id, min(known.article_id) AS article_id
    FROM wanted_texts AS wanted
    INNER JOIN warehouse.core.article_texts AS known USING (text_id)
    GROUP BY wanted.text_id
)

SELECT pages.text
FROM chosen
INNER JOIN warehouse.core.article_pages AS standing USING (article_id)
INNER JOIN warehouse.core.pages AS pages ON standing.fetch_id = pages.fetch_id
ORDER BY chosen.text_id
