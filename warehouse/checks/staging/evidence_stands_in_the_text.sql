-- critical: the evidence of a statement stands word for word where its offsets say
SELECT said.fetch_id, endorser, candidate_id, field, char_start, evidence
FROM staging.page_endorsements AS said
LEFT JOIN judged_pages AS pages USING (fetch_id)
WHERE substring(CASE field WHEN 'title' THEN title ELSE text END, char_start + 1, char_end - char_start) IS DISTINCT FROM evidence
