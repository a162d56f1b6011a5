-- critical: every article that was made anew says what the page says that stands for it
WITH chosen AS MATERIALIZED (FROM warehouse.core.article_pages SEMI JOIN touched_articles USING (article_id))

SELECT articles.article_id, articles.outlet_id, articles.url, pages.fetch_id
FROM (
    FROM published.articles WHERE rowid IN (SELECT rowid FROM published.articles SEMI JOIN touched_articles USING (article_id))
) AS articles
FULL JOIN (
    SELECT chosen.first_seen_at AS known_since, pages.*
    FROM chosen
    INNER JOIN (
        FROM warehouse.core.pages WHERE rowid IN (SELECT rowid FROM warehouse.core.pages SEMI JOIN chosen USING (fetch_id))
    ) AS pages USING (fetch_id)
) AS pages USING (article_id)
WHERE
    articles.outlet_id IS DISTINCT FROM pages.outlet_id
    OR articles.url IS DISTINCT FROM pages.canonical_url
    OR articles.title IS DISTINCT FROM pages.title
    OR articles.authors IS DISTINCT FROM pages.authors
    OR articles.byline_org IS DISTINCT FROM pages.byline_org
    OR articles.language IS DISTINCT FROM pages.language
    OR articles.published_at IS DISTINCT FROM pages.published_at
    OR articles.published_on IS DISTINCT FROM pages.published_on
    OR articles.date_source IS DISTINCT FROM pages.date_source
    OR articles.date_precision IS DISTINCT FROM pages.date_precision
    OR articles.first_seen_at IS DISTINCT FROM pages.known_since
    OR articles.word_count IS DISTINCT FROM pages.word_count
    OR articles.access IS DISTINCT FROM pages.access
    OR articles.wire_agency IS DISTINCT FROM pages.wire_agency
    OR (articles.text IS NOT NULL AND articles.text IS DISTINCT FROM pages.text)
