-- Where the texts go that are read for the index, with their fingerprints.
-- Not made by AS … LIMIT 0: in DuckDB 2.0.0 rows that are added in bulk to an empty table made so within the same transaction cannot be read.
CREATE OR REPLACE TEMP TABLE read_texts (article_id VARCHAR, digest UBIGINT, text_id UBIGINT);
CREATE OR REPLACE TEMP TABLE read_fingerprints (text_id UBIGINT, fingerprint UBIGINT)
