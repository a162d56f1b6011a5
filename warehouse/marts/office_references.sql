-- Grain: article, field and span. Reads: article_pages, watchlists, core.page_references, core.suppressions.
SELECT pages.article_id, named.candidate_id, field, char_start, char_end, surface, rule
FROM article_pages AS pages
INNER JOIN warehouse.core.page_references AS named USING (fetch_id)
SEMI JOIN watchlists ON named.watchlist_id = watchlists.watchlist_id
ANTI JOIN warehouse.core.suppressions AS suppressions
    ON pages.article_id = suppressions.article_id AND named.candidate_id = suppressions.candidate_id
ORDER BY pages.article_id, field, char_start, named.candidate_id
