-- The pairs of affected texts that are copies, as far as they would be compared by what is known now: fingerprints that have become common since
-- count no more.
WITH pairs AS (
    SELECT one, other FROM warehouse.core.text_pairs WHERE is_copy AND one IN (FROM affected_texts)
),

suspects AS (
    SELECT DISTINCT one, other
    FROM pairs
    INNER JOIN warehouse.core.text_fingerprints AS ours ON pairs.one = ours.text_id
    SEMI JOIN warehouse.core.common_fingerprints AS common ON ours.fingerprint = common.fingerprint
),

shared AS (
    SELECT suspects.one, suspects.other, count(*) AS times
    FROM suspects
    INNER JOIN warehouse.core.text_fingerprints AS ours ON suspects.one = ours.text_id
    INNER JOIN warehouse.core.text_fingerprints AS theirs ON suspects.other = theirs.text_id AND ours.fingerprint = theirs.fingerprint
    ANTI JOIN warehouse.core.common_fingerprints AS common ON ours.fingerprint = common.fingerprint
    GROUP BY suspects.one, suspects.other
)

SELECT
    pairs.one, pairs.other, coalesce(shared.times, 0) AS times,
    least(ours.fingerprint_count, theirs.fingerprint_count) AS fewer, suspects.one IS NOT NULL AS is_suspect
FROM pairs
INNER JOIN warehouse.core.texts AS ours ON pairs.one = ours.text_id
INNER JOIN warehouse.core.texts AS theirs ON pairs.other = theirs.text_id
LEFT JOIN suspects ON pairs.one = suspects.one AND pairs.other = suspects.other
LEFT JOIN shared ON pairs.one = shared.one AND pairs.other = shared.other
