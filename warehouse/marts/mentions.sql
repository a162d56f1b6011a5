-- Grain: article, field and span. Reads: article_pages, watchlists, core.page_mentions, core.suppressions.
SELECT pages.article_id, mentions.candidate_id, field, char_start, char_end, surface, sentence, rule
FROM article_pages AS pages
INNER JOIN warehouse.core.page_mentions AS mentions USING (fetch_id)
SEMI JOIN watchlists ON mentions.watchlist_id = watchlists.watchlist_id
ANTI JOIN warehouse.core.suppressions AS suppressions
    ON pages.article_id = suppressions.article_id AND mentions.candidate_id = suppressions.candidate_id
ORDER BY pages.article_id, field, char_start, mentions.candidate_id
