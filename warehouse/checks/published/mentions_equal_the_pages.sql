-- critical: the mentions of every article that was made anew, with those that were taken out by hand, are those that were read from its page
WITH read AS (
    SELECT article_id, candidate_id, count(*) AS found, sum(hash(field, char_start, char_end, surface)::HUGEINT) AS sums
    FROM (FROM warehouse.core.article_pages SEMI JOIN touched_articles USING (article_id))
    INNER JOIN warehouse.core.page_mentions USING (fetch_id)
    SEMI JOIN published.watchlists USING (watchlist_id)
    GROUP BY article_id, candidate_id
),

told AS (
    SELECT article_id, candidate_id, count(*) AS found, sum(hash(field, char_start, char_end, surface)::HUGEINT) AS sums
    FROM (
        SELECT article_id, candidate_id, field, char_start, char_end, surface FROM published.mentions
        UNION ALL
        SELECT article_id, candidate_id, field, char_start, char_end, surface FROM published.suppressed_mentions
    )
    SEMI JOIN touched_articles USING (article_id)
    GROUP BY article_id, candidate_id
)

SELECT article_id, candidate_id, told.found AS mentions, read.found AS mentions_read
FROM told
FULL JOIN read USING (article_id, candidate_id)
WHERE told.found IS DISTINCT FROM read.found OR told.sums IS DISTINCT FROM read.sums
