-- critical: a quote stands word for word where its offsets say
SELECT quotes.fetch_id, candidate_id, field, char_start, quote
FROM staging.page_quotes AS quotes
LEFT JOIN judged_pages AS pages USING (fetch_id)
WHERE substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM quote
