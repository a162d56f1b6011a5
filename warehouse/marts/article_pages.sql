-- Grain: touched article. The page that stands for it (statements/choose_pages.sql) with all that was read from it. Not published.
-- Reads: core.article_pages, core.pages, touched_articles. Read by: every mart of articles.
WITH chosen AS MATERIALIZED (
    FROM warehouse.core.article_pages SEMI JOIN touched_articles USING (article_id)
)

SELECT pages.*, chosen.first_seen_at AS article_first_seen_at, chosen.is_own
FROM chosen
INNER JOIN (
    FROM warehouse.core.pages WHERE rowid IN (SELECT rowid FROM warehouse.core.pages SEMI JOIN chosen USING (fetch_id))
) AS pages ON chosen.fetch_id = pages.fetch_id
