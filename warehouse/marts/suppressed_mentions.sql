-- Grain: article, field and span taken out by a person. Reads: article_pages, core.page_mentions, core.suppressions.
SELECT pages.article_id, mentions.candidate_id, field, char_start, char_end, surface, suppressions.reason
FROM article_pages AS pages
INNER JOIN warehouse.core.page_mentions AS mentions USING (fetch_id)
INNER JOIN warehouse.core.suppressions AS suppressions
    ON pages.article_id = suppressions.article_id AND mentions.candidate_id = suppressions.candidate_id
ORDER BY pages.article_id, field, char_start, mentions.candidate_id
