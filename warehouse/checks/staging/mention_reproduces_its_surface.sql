-- critical: the offsets of a mention give its surface
SELECT mentions.fetch_id, candidate_id, field, char_start, surface
FROM staging.page_mentions AS mentions
LEFT JOIN judged_pages AS pages USING (fetch_id)
WHERE substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM surface
