-- For the texts to be compared from $first to $last: every text that has a fingerprint of theirs, with that fingerprint and the number of its own.
-- Not those that were compared in an earlier part; waits: not in this part.
WITH wanted AS (
    SELECT DISTINCT fingerprint
    FROM warehouse.core.text_fingerprints
    SEMI JOIN (SELECT text_id FROM compared_texts WHERE number BETWEEN $first AND $last) AS part USING (text_id)
    ANTI JOIN warehouse.core.common_fingerprints USING (fingerprint)
),

found AS MATERIALIZED (FROM warehouse.core.text_fingerprints SEMI JOIN wanted USING (fingerprint))

SELECT found.text_id, found.fingerprint, texts.fingerprint_count, coalesce(compared.number > $last, true) AS waits
FROM found
INNER JOIN (FROM warehouse.core.texts WHERE text_id IN (SELECT text_id FROM found)) AS texts USING (text_id)
LEFT JOIN compared_texts AS compared USING (text_id)
WHERE compared.number IS NULL OR compared.number >= $first
