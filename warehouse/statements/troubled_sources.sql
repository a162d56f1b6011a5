-- Grain: source that somebody should look at: it fails, has moved, or stands in for a dead one.
SELECT outlet_id, source_url, kind, status, reason, failures, last_answered_at, moved_to, stands_for
FROM sources
WHERE status <> 'healthy' OR moved_to IS NOT NULL OR stands_for IS NOT NULL
ORDER BY status = 'failing', outlet_id, source_url
