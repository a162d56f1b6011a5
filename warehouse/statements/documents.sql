-- The articles that have an affected text, in the order in which they came out: the first of a story leads it (transforms/dedupe.py,
-- publication_order). A day without a time counts as its end in the outlet's zone. A text without words is nobody's copy.
SELECT
    texts.article_id, texts.text_id, pages.outlet_id, outlets.is_agency, pages.wire_agency IS NOT NULL AS is_credited
FROM (
    FROM warehouse.core.article_texts
    WHERE text_id IN (SELECT text_id FROM affected_texts) AND (text_id <> 0 OR article_id IN (SELECT article_id FROM touched_articles))
) AS texts
INNER JOIN warehouse.core.article_pages AS chosen USING (article_id)
INNER JOIN warehouse.core.pages AS pages ON chosen.fetch_id = pages.fetch_id
INNER JOIN warehouse.core.outlets AS outlets ON pages.outlet_id = outlets.outlet_id
ORDER BY
    coalesce(
        pages.published_at, ((pages.published_on + 1)::TIMESTAMP AT TIME ZONE outlets.timezone) - INTERVAL 1 MICROSECOND
    ) NULLS LAST,
    NOT outlets.is_agency, pages.outlet_id, texts.article_id
