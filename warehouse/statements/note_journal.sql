-- What a journal touches: items whose end may change, responses to read, runs whose outcomes it tells.
INSERT INTO core.changed_items
SELECT item.item_id FROM (SELECT unnest(items) AS item FROM journal WHERE event = 'poll')
UNION
SELECT item_id FROM journal WHERE event = 'fetch' AND coalesce(visit, 0) = 0;
INSERT INTO collection.unread
SELECT DISTINCT coalesce(record_id, run_id || '/' || item_id) FROM journal WHERE event = 'fetch' AND result = 'fetched';
-- what another poll said of an item earlier is evidence that its page was read without: it is read again
INSERT INTO core.changed_articles
SELECT article_id FROM core.pages WHERE article_id IS NOT NULL AND item_id IN (SELECT item_id FROM earlier_items);
UPDATE core.pages SET read_version = 'earlier poll found' WHERE item_id IN (SELECT item_id FROM earlier_items);
INSERT INTO core.changed_runs SELECT DISTINCT run_id FROM journal WHERE event = 'fetch'
