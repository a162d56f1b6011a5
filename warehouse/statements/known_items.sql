SELECT outlet_id, list(item_id) AS item_ids FROM collection.items GROUP BY outlet_id
