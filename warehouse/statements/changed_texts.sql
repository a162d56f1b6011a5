-- The touched articles whose text the index does not hold as it is now. Numbered, so that they can be read in parts.
CREATE OR REPLACE TEMP TABLE changed_texts AS
SELECT row_number() OVER () AS number, pages.article_id, hash(pages.text) AS digest
FROM article_pages AS pages
LEFT JOIN warehouse.core.article_texts AS known USING (article_id)
WHERE pages.text IS NOT NULL AND known.digest IS DISTINCT FROM hash(pages.text);

-- The texts whose stories may change: those of touched articles as they were. Those as they are now, and others, are added below.
CREATE OR REPLACE TEMP TABLE affected_texts (text_id UBIGINT);
INSERT INTO affected_texts
SELECT DISTINCT text_id FROM warehouse.core.article_texts SEMI JOIN touched_articles USING (article_id)
