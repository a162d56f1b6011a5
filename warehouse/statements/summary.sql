SELECT 'articles' AS name, count(*)::VARCHAR AS value FROM articles
UNION ALL SELECT 'articles that name a candidate', count(DISTINCT article_id)::VARCHAR FROM mentions
UNION ALL SELECT 'mentions', count(*)::VARCHAR FROM mentions
UNION ALL SELECT 'outlets', count(*)::VARCHAR FROM outlets
UNION ALL SELECT 'outlet-days with unknown counts', count(*)::VARCHAR FROM collection_health WHERE status IN ('outage', 'blocked', 'not_due')
UNION ALL SELECT 'counts as of', as_of::VARCHAR FROM snapshot
UNION ALL SELECT 'snapshot', snapshot_hash FROM snapshot
