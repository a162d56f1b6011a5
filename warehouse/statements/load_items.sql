-- An item belongs to the poll that saw it first, whichever journal is loaded first. Leaves earlier_items: known items that were seen before by a poll
-- of this journal.
CREATE OR REPLACE TEMP TABLE listed_items AS
SELECT
    item.item_id, outlet_id, item.url, polled_at AS first_seen_at, source_url, item.title, item.published_at, item.published_raw, item.authors, item.language
FROM (SELECT outlet_id, polled_at, source_url, unnest(items) AS item FROM journal WHERE event = 'poll')
QUALIFY row_number() OVER (PARTITION BY item.item_id ORDER BY polled_at, source_url, item.url) = 1;

CREATE OR REPLACE TEMP TABLE earlier_items AS
SELECT listed.item_id
FROM listed_items AS listed
INNER JOIN (
    FROM collection.items WHERE rowid IN (SELECT rowid FROM collection.items SEMI JOIN listed_items USING (item_id))
) AS known USING (item_id)
WHERE (listed.first_seen_at, listed.source_url, listed.url) < (known.first_seen_at, known.source_url, known.url);

DELETE FROM collection.items WHERE item_id IN (SELECT item_id FROM earlier_items);
INSERT INTO collection.items BY NAME FROM listed_items ON CONFLICT (item_id) DO NOTHING
