-- critical: the number of words is that of the text, give or take a tenth and twenty words (what is a letter changes with every version of Unicode)
SELECT fetch_id, word_count, found, text_length
FROM (
    SELECT fetch_id, word_count, length(text) AS text_length, len(regexp_extract_all(text, '[\p{L}\p{N}]+')) AS found
    FROM staging.pages
    WHERE rejected_reason IS NULL AND text IS NOT NULL
)
WHERE word_count IS NULL OR abs(word_count - found) > 20 + found / 10.0
