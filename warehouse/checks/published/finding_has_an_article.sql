-- critical: every quote, reference, correction, version and answer belongs to a published article, candidate and watch list
WITH found AS (
    SELECT 'quotes' AS found_in, article_id, candidate_id FROM published.quotes
    UNION ALL
    SELECT 'office_references', article_id, candidate_id FROM published.office_references
    UNION ALL
    SELECT 'suppressed_mentions', article_id, candidate_id FROM published.suppressed_mentions
    UNION ALL
    SELECT 'article_candidates', article_id, candidate_id FROM published.article_candidates
    UNION ALL
    SELECT 'article_versions', article_id, NULL FROM published.article_versions
    UNION ALL
    SELECT 'uncounted', article_id, NULL FROM published.uncounted
)

SELECT found_in, article_id, candidate_id
FROM found
ANTI JOIN published.articles USING (article_id)
UNION ALL
SELECT found_in, article_id, candidate_id
FROM found
ANTI JOIN published.candidates USING (candidate_id)
WHERE candidate_id IS NOT NULL
UNION ALL
SELECT 'article_watchlists', article_id, watchlist_id
FROM (SELECT any_value(article_id) AS article_id, watchlist_id FROM published.article_watchlists GROUP BY watchlist_id)
ANTI JOIN published.watchlists USING (watchlist_id)
