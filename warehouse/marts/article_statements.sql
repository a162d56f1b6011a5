-- Grain: article, endorser and candidate that stand. Reads: article_pages, watchlists, core.page_endorsements, core.suppressions. Not published.
SELECT
    pages.article_id, pages.published_on, pages.published_at, lists.decided_on,
    said.watchlist_id, said.endorser, said.candidate_id, said.stance, said.status, said.speaker, said.speaker_role, said.said_on,
    said.field, said.char_start, said.char_end, said.evidence, said.rule
FROM article_pages AS pages
INNER JOIN warehouse.core.page_endorsements AS said USING (fetch_id)
INNER JOIN warehouse.core.watchlists AS lists USING (watchlist_id)
ANTI JOIN warehouse.core.suppressions AS suppressions
    ON pages.article_id = suppressions.article_id AND said.candidate_id = suppressions.candidate_id
