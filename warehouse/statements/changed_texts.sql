-- The articles whose text the index does not hold as it is now. Numbered, so that they can be read in parts.
CREATE OR REPLACE TEMP TABLE changed_texts AS
SELECT row_number() OVER () AS number, pages.article_id, md5_number_lower(pages.text) AS digest, pages.text
FROM article_pages AS pages
LEFT JOIN warehouse.core.article_texts AS known USING (article_id)
WHERE pages.text IS NOT NULL AND known.digest IS DISTINCT FROM md5_number_lower(pages.text);

CREATE OR REPLACE TEMP TABLE read_texts AS FROM warehouse.core.article_texts LIMIT 0;
CREATE OR REPLACE TEMP TABLE read_fingerprints AS FROM warehouse.core.text_fingerprints LIMIT 0
