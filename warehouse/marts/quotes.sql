-- Grain: article, candidate, direction, field and span. Reads: article_pages, watchlists, core.page_quotes, core.suppressions.
SELECT pages.article_id, quotes.candidate_id, direction, speaker, is_direct, quote, field, char_start, char_end
FROM article_pages AS pages
INNER JOIN warehouse.core.page_quotes AS quotes USING (fetch_id)
SEMI JOIN watchlists ON quotes.watchlist_id = watchlists.watchlist_id
ANTI JOIN warehouse.core.suppressions AS suppressions
    ON pages.article_id = suppressions.article_id AND quotes.candidate_id = suppressions.candidate_id
ORDER BY pages.article_id, field, char_start, quotes.candidate_id, direction
