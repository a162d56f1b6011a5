-- critical: only articles are held against watch lists
SELECT article_id, watchlist_id
FROM (FROM published.article_watchlists SEMI JOIN touched_articles USING (article_id))
ANTI JOIN published.articles USING (article_id)
