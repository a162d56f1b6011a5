-- The outlet-days whose cells are made anew: where a touched article is or was, where the health of the day has changed, and which have become final.
-- previous is the file that this publication grows from.
CREATE OR REPLACE TEMP TABLE touched_days AS
SELECT outlet_id, published_on AS day FROM articles SEMI JOIN touched_articles USING (article_id) WHERE published_on IS NOT NULL
UNION
SELECT outlet_id, published_on FROM previous.articles SEMI JOIN touched_articles USING (article_id) WHERE published_on IS NOT NULL
UNION
SELECT coalesce(now.outlet_id, before.outlet_id), coalesce(now.day, before.day)
FROM collection_health AS now
FULL JOIN previous.collection_health AS before ON now.outlet_id = before.outlet_id AND now.day = before.day
WHERE now.status IS DISTINCT FROM before.status
UNION
SELECT outlet_id, day
FROM outlet_days
CROSS JOIN as_of
CROSS JOIN previous.snapshot AS before
WHERE (ends_at + INTERVAL 48 HOURS <= as_of.as_of) IS DISTINCT FROM (ends_at + INTERVAL 48 HOURS <= before.as_of)
