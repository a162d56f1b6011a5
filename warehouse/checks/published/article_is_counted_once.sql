-- critical: every article is either in one outlet-day of the counts or in uncounted, never in both and never in neither
-- A day that an outlet had not reached when it was fetched ("future") is counted later, with other articles.
SELECT articles.article_id, articles.outlet_id, articles.published_on, uncounted.reason
FROM published.articles AS articles
LEFT JOIN published.uncounted AS uncounted USING (article_id)
LEFT JOIN (SELECT DISTINCT outlet_id, day FROM published.coverage_by_outlet_day WHERE total_articles IS NOT NULL) AS days
    ON articles.outlet_id = days.outlet_id AND articles.published_on = days.day
WHERE (days.day IS NULL AND uncounted.article_id IS NULL OR days.day IS NOT NULL AND uncounted.reason <> 'future')
   AND EXISTS (SELECT 1 FROM published.candidates)
UNION ALL
SELECT article_id, NULL, NULL, string_agg(reason, ', ' ORDER BY reason) FROM published.uncounted GROUP BY article_id HAVING count(*) > 1
