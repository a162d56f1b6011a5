-- The articles that have a text, in the order in which they came out: the first of a story leads it (transforms/dedupe.py, publication_order).
-- A day without a time counts as its end in the outlet's zone.
SELECT
    pages.article_id, texts.text_id, pages.outlet_id, outlets.is_agency, pages.wire_agency IS NOT NULL AS is_credited
FROM article_pages AS pages
INNER JOIN warehouse.core.outlets AS outlets USING (outlet_id)
INNER JOIN warehouse.core.article_texts AS texts USING (article_id)
ORDER BY
    coalesce(
        pages.published_at, ((pages.published_on + 1)::TIMESTAMP AT TIME ZONE outlets.timezone) - INTERVAL 1 MICROSECOND
    ) NULLS LAST,
    NOT outlets.is_agency, pages.outlet_id, pages.article_id
