-- How alike the texts of wanted_pairs are, in the order of the pairs.
SELECT similarity FROM warehouse.core.text_pairs SEMI JOIN wanted_pairs USING (one, other) ORDER BY one, other
