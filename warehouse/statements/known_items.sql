-- Grain: item. Its id as a number and when it was first seen in microseconds since 1970, by outlet and ascending, as transforms/known.py wants them.
SELECT ('0x' || item_id)::UBIGINT AS id, epoch_us(first_seen_at) AS seen
FROM collection.items
ORDER BY outlet_id, id
