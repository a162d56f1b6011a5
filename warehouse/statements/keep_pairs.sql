-- wanted_pairs, as they were compared.
DELETE FROM warehouse.core.text_pairs WHERE (one, other) IN (SELECT (one, other) FROM wanted_pairs);
INSERT INTO warehouse.core.text_pairs BY NAME FROM wanted_pairs
