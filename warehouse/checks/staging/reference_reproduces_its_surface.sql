-- critical: the offsets of a reference give its surface
SELECT named.fetch_id, candidate_id, field, char_start, surface
FROM staging.page_references AS named
LEFT JOIN judged_pages AS pages USING (fetch_id)
WHERE substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM surface
