-- critical: a quote stands word for word where its offsets say
SELECT quotes.fetch_id, candidate_id, field, char_start, quote
FROM staging.page_quotes AS quotes
LEFT JOIN (
    SELECT fetch_id, title, text FROM staging.pages
    UNION ALL BY NAME
    SELECT fetch_id, title, text FROM core.pages ANTI JOIN staging.pages USING (fetch_id)
) AS pages USING (fetch_id)
WHERE substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM quote
