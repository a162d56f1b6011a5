-- The texts to be compared, with what decides who leads a story. A day without a time counts as its end in the outlet's zone.
SELECT
    pages.article_id, pages.text, pages.outlet_id, outlets.is_agency, pages.wire_agency, pages.published_at,
    ((pages.published_on + 1)::TIMESTAMP AT TIME ZONE outlets.timezone) - INTERVAL 1 MICROSECOND AS published_until
FROM article_pages AS pages
INNER JOIN warehouse.core.outlets AS outlets USING (outlet_id)
