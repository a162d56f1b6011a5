-- critical: the evidence of a statement stands word for word where its offsets say
SELECT said.fetch_id, endorser, candidate_id, field, char_start, evidence
FROM staging.page_endorsements AS said
LEFT JOIN (
    SELECT fetch_id, title, text FROM staging.pages
    UNION ALL BY NAME
    SELECT fetch_id, title, text FROM core.pages ANTI JOIN staging.pages USING (fetch_id)
) AS pages USING (fetch_id)
WHERE substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM evidence
