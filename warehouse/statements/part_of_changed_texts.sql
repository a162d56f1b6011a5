-- The changed texts from $first to $last.
SELECT changed.article_id, changed.digest, pages.text
FROM changed_texts AS changed
INNER JOIN article_pages AS pages USING (article_id)
WHERE changed.number BETWEEN $first AND $last
