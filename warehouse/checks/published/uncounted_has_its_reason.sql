-- critical: an article is left out of the counts for the reason that it gives
SELECT article_id, reason, articles.published_on
FROM published.uncounted
INNER JOIN published.articles AS articles USING (article_id)
INNER JOIN published.outlets AS outlets USING (outlet_id)
WHERE CASE reason
    WHEN 'undated' THEN articles.published_on IS NOT NULL
    WHEN 'future' THEN articles.published_on IS NULL OR articles.published_on < (articles.first_seen_at AT TIME ZONE outlets.timezone)::DATE
    WHEN 'off_panel'
        THEN articles.published_on IS NULL
            OR (
                articles.published_on BETWEEN coalesce(outlets.panel_from, DATE '0001-01-01') AND coalesce(outlets.panel_until, DATE '9999-12-31')
                AND EXISTS (SELECT 1 FROM published.watchlists AS lists WHERE articles.published_on BETWEEN lists.watched_from AND lists.watched_until)
            )
END
