-- Grain: article and candidate with at least one mention that stands. Reads: mentions, article_pages, core.page_watchlists, candidates.
WITH named AS (
    SELECT
        mentions.article_id, mentions.candidate_id, candidates.watchlist_id,
        count(*)::INTEGER AS mention_count,
        bool_or(field = 'title') AS in_title,
        bool_or(field = 'text' AND (instr(pages.text, chr(10)) = 0 OR char_start < instr(pages.text, chr(10)))) AS in_lead,
        any_value(pages.fetch_id) AS fetch_id
    FROM mentions
    INNER JOIN article_pages AS pages USING (article_id)
    INNER JOIN candidates USING (candidate_id)
    GROUP BY mentions.article_id, mentions.candidate_id, candidates.watchlist_id
)

SELECT
    article_id, candidate_id, mention_count, in_title, in_lead,
    lists.in_race AND list_contains(lists.candidates_in_race, candidate_id) AS in_race
FROM named
INNER JOIN warehouse.core.page_watchlists AS lists USING (fetch_id, watchlist_id)
ORDER BY article_id, candidate_id
