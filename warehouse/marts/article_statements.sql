-- Grain: article, endorser and candidate that stand: of touched articles as they were read, of all others as they stand in endorsements.
-- Reads: article_pages, core.page_endorsements, core.suppressions, endorsements, articles, watchlists, touched_articles. Not published.
SELECT
    pages.article_id, pages.published_on, pages.published_at, lists.decided_on,
    said.watchlist_id, said.endorser, said.candidate_id, said.stance, said.status, said.speaker, said.speaker_role, said.said_on,
    said.field, said.char_start, said.char_end, said.evidence, said.rule, NULL AS relation
FROM article_pages AS pages
INNER JOIN warehouse.core.page_endorsements AS said USING (fetch_id)
INNER JOIN watchlists AS lists USING (watchlist_id)
ANTI JOIN warehouse.core.suppressions AS suppressions
    ON pages.article_id = suppressions.article_id AND said.candidate_id = suppressions.candidate_id
UNION ALL BY NAME
SELECT
    said.article_id, articles.published_on, articles.published_at, lists.decided_on,
    said.watchlist_id, said.endorser, said.candidate_id, said.stance, said.status, said.speaker, said.speaker_role, said.said_on,
    said.field, said.char_start, said.char_end, said.evidence, said.rule, said.relation
FROM endorsements AS said
ANTI JOIN touched_articles AS touched ON said.article_id = touched.article_id
INNER JOIN articles ON said.article_id = articles.article_id
INNER JOIN watchlists AS lists ON said.watchlist_id = lists.watchlist_id
