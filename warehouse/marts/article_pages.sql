-- Grain: article (outlet and canonical URL). Which fetched page stands for it, and since when it is known.
-- Reads: core.pages. Read by: every mart below. Not published.
-- The page whose own address is the canonical one wins, then the latest fetch; the rest only breaks ties the same way every time.
SELECT
    pages.*,
    min(first_seen_at) OVER article AS article_first_seen_at,
    bool_or(origin = 'own') OVER article AS is_own
FROM warehouse.core.pages AS pages
INNER JOIN warehouse.core.outlets USING (outlet_id)
WHERE rejected_reason IS NULL
WINDOW article AS (PARTITION BY article_id)
QUALIFY row_number() OVER (
    PARTITION BY article_id
    ORDER BY (url = canonical_url) DESC, fetched_at DESC, url, title, text, fetch_id
) = 1
