-- The mentions behind the cell. Parameters: outlet_id, day, candidate_id. Grain: mention, headline first.
SELECT article_id, field, char_start, char_end, surface, sentence, rule
FROM receipts
WHERE outlet_id = $outlet_id AND day = $day AND candidate_id = $candidate_id
ORDER BY article_id, field = 'text', char_start
