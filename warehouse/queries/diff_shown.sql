-- What is shown of the differences: of each table what changed, then what went, then what came, at most `most` rows (0: all).
-- Grain: as diff_rows.
SELECT * EXCLUDE (place)
FROM (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY table_name
            ORDER BY
                list_position(['changed', 'went', 'came'], change), outlet_id, day, watchlist_id, endorser, candidate_id, number, article_id,
                measure
        ) AS place
    FROM differing
)
WHERE $most = 0 OR place <= $most
ORDER BY list_position($tables, table_name), place
