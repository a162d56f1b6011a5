-- warning: every article has been held against every watch list (what is missing is made up by the next processing)
SELECT watchlist_id, articles.found - coalesce(answers.found, 0) AS missing
FROM published.watchlists
CROSS JOIN (SELECT count(*) AS found FROM published.articles) AS articles
LEFT JOIN (SELECT watchlist_id, count(*) AS found FROM published.article_watchlists GROUP BY watchlist_id) AS answers USING (watchlist_id)
WHERE articles.found <> coalesce(answers.found, 0)
