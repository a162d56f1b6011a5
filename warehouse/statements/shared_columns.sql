-- Columns of a table ($table_name) that both attached files, before and after, have.
SELECT column_name
FROM duckdb_columns()
WHERE database_name IN ('before', 'after') AND schema_name = 'main' AND table_name = $table_name
GROUP BY column_name
HAVING count(DISTINCT database_name) = 2
ORDER BY min(column_index), column_name
