-- Which articles name a candidate but are in no count?
-- Grain: article. Those without a day are told by the UTC day on which the collection first knew of them. Read by: the report; exported.
CREATE TEMP TABLE uncounted_articles AS
SELECT article.article_id, article.outlet_id, outlet.name AS outlet_name, article.published_on AS day, article.first_seen_at, article.title, article.url, left_out.reason
FROM uncounted AS left_out
INNER JOIN articles AS article ON left_out.article_id = article.article_id
INNER JOIN outlets AS outlet ON article.outlet_id = outlet.outlet_id
CROSS JOIN period
WHERE
    coalesce(article.published_on, (article.first_seen_at AT TIME ZONE 'UTC')::DATE) BETWEEN period.since AND period.until
    AND article.article_id IN (SELECT article_id FROM article_candidates)
ORDER BY article.outlet_id, article.first_seen_at, article.article_id;

COMMENT ON TABLE uncounted_articles IS 'Articles that name a candidate and are in no count. Grain: article.';
COMMENT ON COLUMN uncounted_articles.outlet_name IS 'Name of the outlet as readers know it.';
COMMENT ON COLUMN uncounted_articles.day IS 'The day that the article gives; NULL where it has none that can be trusted.';
COMMENT ON COLUMN uncounted_articles.reason IS 'undated; off_panel: outside the dates of the outlet''s panel or of every watch list; future: dated after the day of its fetch.';
