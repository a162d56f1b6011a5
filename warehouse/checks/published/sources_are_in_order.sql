-- warning: no source is dead, has moved for good, or stands in for a dead one
SELECT outlet_id, source_url, status, reason, moved_to, stands_for
FROM published.sources
WHERE status = 'dead' OR moved_to IS NOT NULL OR stands_for IS NOT NULL
ORDER BY outlet_id, source_url
