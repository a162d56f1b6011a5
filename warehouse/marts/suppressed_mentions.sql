-- Grain: article, field and span taken out by a person. Reads: article_pages, watchlists, core.page_mentions, core.suppressions.
SELECT pages.article_id, mentions.candidate_id, field, char_start, char_end, surface, suppressions.reason
FROM article_pages AS pages
INNER JOIN warehouse.core.page_mentions AS mentions USING (fetch_id)
SEMI JOIN watchlists ON mentions.watchlist_id = watchlists.watchlist_id
INNER JOIN (
    SELECT article_id, candidate_id, string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reason
    FROM warehouse.core.suppressions
    GROUP BY article_id, candidate_id
) AS suppressions
    ON pages.article_id = suppressions.article_id AND mentions.candidate_id = suppressions.candidate_id
ORDER BY pages.article_id, field, char_start, mentions.candidate_id
