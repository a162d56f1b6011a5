-- The numbers of those wanted_pairs that were compared before.
SELECT number
FROM wanted_pairs
SEMI JOIN (SELECT one, other FROM warehouse.core.text_pairs WHERE is_copy OR NOT $only_copies) AS known USING (one, other)
