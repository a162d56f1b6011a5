-- critical: every article is either in one outlet-day of the counts or in uncounted, never in both and never in neither
SELECT articles.article_id, articles.outlet_id, articles.published_on, uncounted.reason
FROM published.articles AS articles
LEFT JOIN published.uncounted AS uncounted USING (article_id)
LEFT JOIN (SELECT DISTINCT outlet_id, day FROM published.coverage_by_outlet_day WHERE total_articles IS NOT NULL) AS days
    ON articles.outlet_id = days.outlet_id AND articles.published_on = days.day
WHERE (days.day IS NULL) = (uncounted.article_id IS NULL)
   AND EXISTS (SELECT 1 FROM published.candidates)
