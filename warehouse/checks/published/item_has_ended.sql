-- critical: every item that was discovered is accounted for once
SELECT outlet_id, items.found AS items, ends.found AS ends
FROM (
    SELECT outlet_id, count(*) AS found FROM warehouse.collection.items SEMI JOIN published.outlets USING (outlet_id) GROUP BY outlet_id
) AS items
LEFT JOIN (SELECT outlet_id, count(*) AS found FROM warehouse.core.item_ends GROUP BY outlet_id) AS ends USING (outlet_id)
WHERE items.found > coalesce(ends.found, 0)
