-- warning: every correction takes something out: its article is published, and something was found of the candidate in it
WITH corrected AS (
    SELECT suppressions.article_id, suppressions.candidate_id, suppressions.reason, pages.fetch_id
    FROM warehouse.core.suppressions AS suppressions
    LEFT JOIN published.articles AS articles USING (article_id)
    LEFT JOIN warehouse.core.article_pages AS pages ON articles.article_id = pages.article_id
),

found AS (
    SELECT fetch_id, candidate_id FROM warehouse.core.page_mentions SEMI JOIN corrected USING (fetch_id, candidate_id)
    UNION
    SELECT fetch_id, candidate_id FROM warehouse.core.page_references SEMI JOIN corrected USING (fetch_id, candidate_id)
    UNION
    SELECT fetch_id, candidate_id FROM warehouse.core.page_quotes SEMI JOIN corrected USING (fetch_id, candidate_id)
    UNION
    SELECT fetch_id, candidate_id FROM warehouse.core.page_endorsements SEMI JOIN corrected USING (fetch_id, candidate_id)
)

SELECT article_id, candidate_id, reason
FROM corrected
ANTI JOIN found USING (fetch_id, candidate_id)
ORDER BY article_id, candidate_id
