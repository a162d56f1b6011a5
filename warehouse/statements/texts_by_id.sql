-- A text of each text_id in wanted_texts, in their order. Articles of one text_id have the same words.
SELECT min(pages.text) AS text
FROM wanted_texts
INNER JOIN warehouse.core.article_texts AS known USING (text_id)
INNER JOIN article_pages AS pages USING (article_id)
GROUP BY wanted_texts.text_id
ORDER BY wanted_texts.text_id
