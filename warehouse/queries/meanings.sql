-- What do the columns of the answers mean? Those without a comment of their own take the one of the first published column of the same name.
-- Grain: table and column, in order.
WITH
published AS (
    SELECT column_name, comment
    FROM duckdb_columns()
    WHERE NOT internal AND comment IS NOT NULL AND database_name <> 'temp'
    QUALIFY row_number() OVER (PARTITION BY column_name ORDER BY table_oid, column_index) = 1
)

SELECT answer.table_name, details.comment AS table_comment, answer.column_name, answer.data_type, coalesce(answer.comment, published.comment, '') AS comment
FROM duckdb_columns() AS answer
INNER JOIN duckdb_tables() AS details ON answer.database_name = details.database_name AND answer.table_name = details.table_name
LEFT JOIN published ON answer.column_name = published.column_name
WHERE answer.database_name = 'temp'
ORDER BY answer.table_name, answer.column_index;
