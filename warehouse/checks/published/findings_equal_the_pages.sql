-- critical: quotes, references and statements of every article that was made anew are those that were read from its page
WITH pages AS (
    SELECT article_id, fetch_id FROM warehouse.core.article_pages SEMI JOIN touched_articles USING (article_id)
),

read AS (
    SELECT 'quotes' AS found_in, article_id, candidate_id, hash(direction, speaker, is_direct, field, char_start, char_end, quote) AS number
    FROM pages
    INNER JOIN warehouse.core.page_quotes USING (fetch_id)
    SEMI JOIN published.watchlists USING (watchlist_id)
    UNION ALL
    SELECT 'office_references', article_id, candidate_id, hash(field, char_start, char_end, surface, rule)
    FROM pages
    INNER JOIN warehouse.core.page_references USING (fetch_id)
    SEMI JOIN published.watchlists USING (watchlist_id)
    UNION ALL
    SELECT 'endorsements', article_id, candidate_id, hash(endorser, stance, status, speaker, speaker_role, said_on, field, char_start, char_end, evidence, rule)
    FROM pages
    INNER JOIN warehouse.core.page_endorsements USING (fetch_id)
    SEMI JOIN published.watchlists USING (watchlist_id)
),

told AS (
    SELECT 'quotes' AS found_in, article_id, candidate_id, hash(direction, speaker, is_direct, field, char_start, char_end, quote) AS number
    FROM published.quotes
    SEMI JOIN pages USING (article_id)
    UNION ALL
    SELECT 'office_references', article_id, candidate_id, hash(field, char_start, char_end, surface, rule)
    FROM published.office_references
    SEMI JOIN pages USING (article_id)
    UNION ALL
    SELECT 'endorsements', article_id, candidate_id, hash(endorser, stance, status, speaker, speaker_role, said_on, field, char_start, char_end, evidence, rule)
    FROM published.endorsements
    SEMI JOIN pages USING (article_id)
)

SELECT coalesce(told.found_in, read.found_in) AS found_in, coalesce(told.article_id, read.article_id) AS article_id, candidate_id
FROM told
FULL JOIN (
    -- what a person took out is not told
    FROM read ANTI JOIN warehouse.core.suppressions AS suppressions USING (article_id, candidate_id)
) AS read USING (found_in, article_id, candidate_id, number)
WHERE told.number IS NULL OR read.number IS NULL
