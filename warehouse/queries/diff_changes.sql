-- How many rows of each table came, went and changed. Grain: table and change. Reads: diff_rows.
SELECT
    table_name, change,
    count(DISTINCT struct_pack(
        outlet_id := outlet_id, day := day, watchlist_id := watchlist_id, candidate_id := candidate_id, endorser := endorser, number := number,
        article_id := article_id
    )) AS number
FROM differing
GROUP BY table_name, change
