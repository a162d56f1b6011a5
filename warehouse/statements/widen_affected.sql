-- Copies of affected texts are affected. Leaves newly_affected: the texts that were added, to be widened from in turn.
CREATE OR REPLACE TEMP TABLE newly_affected AS
SELECT DISTINCT text_id
FROM (
    SELECT other AS text_id FROM warehouse.core.text_pairs WHERE is_copy AND one IN (FROM newly_affected)
    UNION ALL
    SELECT one FROM warehouse.core.text_pairs WHERE is_copy AND other IN (FROM newly_affected)
)
WHERE text_id NOT IN (FROM affected_texts);
INSERT INTO affected_texts FROM newly_affected
