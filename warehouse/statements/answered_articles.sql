-- Has every article of the core been held against every watch list in its current form ($versions: watchlist_id → list version)?
-- An answer belongs to one article and one list, so numbers are enough.
SELECT bool_and(coalesce(answers.answered, 0) = articles.articles) AS all_answered
FROM (SELECT unnest(map_keys($versions)) AS watchlist_id, unnest(map_values($versions)) AS list_version) AS versions
LEFT JOIN (
    SELECT watchlist_id, list_version, count(*) AS answered FROM core.page_watchlists GROUP BY watchlist_id, list_version
) AS answers USING (watchlist_id, list_version)
CROSS JOIN (SELECT count(*) AS articles FROM core.pages WHERE rejected_reason IS NULL) AS articles
