-- What differs between two published files. Filled by the diff_<table>.sql beside this file, which read the schemas "earlier" and "later"
-- (warehouse/differences.py); asked by diff_changes.sql, diff_measures.sql and diff_shown.sql.
-- Grain: row of a content table and measure that differs. change: came, went, changed. before is NULL for what came, after for what went, and
-- either where the file itself has NULL (a count that is unknown). Of the keys those of the table are filled.
CREATE TEMP TABLE differing (
    table_name VARCHAR NOT NULL, change VARCHAR NOT NULL, outlet_id VARCHAR, day DATE, watchlist_id VARCHAR, candidate_id VARCHAR, endorser VARCHAR,
    number INTEGER, article_id VARCHAR, title VARCHAR, measure VARCHAR NOT NULL, before VARCHAR, after VARCHAR
)
