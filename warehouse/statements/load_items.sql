-- An item belongs to the poll that saw it first.
INSERT INTO collection.items BY NAME
SELECT
    item.item_id, outlet_id, item.url, polled_at AS first_seen_at, source_url, item.title, item.published_at, item.published_raw, item.authors, item.language
FROM (SELECT outlet_id, polled_at, source_url, unnest(items) AS item FROM journal WHERE event = 'poll')
QUALIFY row_number() OVER (PARTITION BY item.item_id ORDER BY polled_at, source_url, item.url) = 1
ON CONFLICT (item_id) DO NOTHING
