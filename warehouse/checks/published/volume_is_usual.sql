-- warning: the whole days of the last week hold as many articles as is usual for their outlet
SELECT outlet_id, day, new AS articles, expected_min, expected_max, volume
FROM published.collection_health
CROSS JOIN as_of
WHERE volume IN ('low', 'high') AND day >= as_of::DATE - 7
ORDER BY outlet_id, day
