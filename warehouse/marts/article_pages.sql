-- Grain: article (outlet and canonical URL). Which fetched page stands for it, and since when it is known.
-- Reads: core.pages, collection.fetches. Read by: every mart below. Not published.
-- The page whose own address is the canonical one wins, then the latest fetch; the rest only breaks ties the same way every time.
SELECT
    pages.*,
    min(first_seen_at) OVER article AS article_first_seen_at,
    bool_or(pages.origin = 'own') OVER article AS is_own
FROM warehouse.core.pages AS pages
INNER JOIN warehouse.core.outlets USING (outlet_id)
LEFT JOIN warehouse.collection.fetches AS fetches USING (fetch_id)
WHERE rejected_reason IS NULL
    -- an article that is found under another address when it is looked at again is no second article
    AND (
        coalesce(fetches.visit, 0) = 0
        OR (pages.item_id, pages.article_id) IN (
            SELECT (first.item_id, first.article_id)
            FROM warehouse.core.pages AS first
            INNER JOIN warehouse.collection.fetches AS firsts USING (fetch_id)
            WHERE firsts.visit = 0 AND first.rejected_reason IS NULL
        )
    )
WINDOW article AS (PARTITION BY article_id)
QUALIFY row_number() OVER (
    PARTITION BY article_id
    ORDER BY (pages.url = canonical_url) DESC, pages.fetched_at DESC, pages.url, title, text, fetch_id
) = 1
