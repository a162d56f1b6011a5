-- critical: the offsets of a reference give its surface
SELECT named.fetch_id, candidate_id, field, char_start, surface
FROM staging.page_references AS named
LEFT JOIN (
    SELECT fetch_id, title, text FROM staging.pages
    UNION ALL BY NAME
    SELECT fetch_id, title, text FROM core.pages ANTI JOIN staging.pages USING (fetch_id)
) AS pages USING (fetch_id)
WHERE substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM surface
