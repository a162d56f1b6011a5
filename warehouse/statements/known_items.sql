SELECT outlet_id, item_id, first_seen_at FROM collection.items
