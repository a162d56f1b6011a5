-- Of the rows that are in both files: what changed in how many of them. Grain: table and measure. Reads: diff_rows.
SELECT table_name, measure, count(*) AS number
FROM differing
WHERE change = 'changed'
GROUP BY table_name, measure
ORDER BY table_name, number DESC, measure
