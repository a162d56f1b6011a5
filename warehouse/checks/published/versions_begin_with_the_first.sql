-- critical: an article has at least two versions or none, and the first of them comes first
SELECT article_id, count(*) AS versions, min(seen_at) AS first_seen_at
FROM published.article_versions
GROUP BY article_id
HAVING count(*) < 2 OR count(*) FILTER (changed = 'first') <> 1 OR min(seen_at) FILTER (changed = 'first') > min(seen_at)
