-- critical: every article that was made anew is held against a watch list once
SELECT article_id, watchlist_id, count(*) AS times
FROM published.article_watchlists
SEMI JOIN touched_articles USING (article_id)
GROUP BY article_id, watchlist_id
HAVING count(*) > 1
