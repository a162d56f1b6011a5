-- warning: the articles of an outlet are as long as those that were read before: of twenty or more, the middle one has at least a third of its words
WITH staged AS (
    SELECT outlet_id, median(word_count) AS words
    FROM staging.pages
    WHERE rejected_reason IS NULL AND word_count IS NOT NULL
    GROUP BY outlet_id
    HAVING count(*) >= 20
),

held AS (
    SELECT outlet_id, approx_quantile(word_count, 0.5) AS words
    FROM core.pages
    SEMI JOIN staged USING (outlet_id)
    WHERE rejected_reason IS NULL AND word_count IS NOT NULL
    GROUP BY outlet_id
    HAVING count(*) >= 20
)

SELECT outlet_id, staged.words, held.words AS usual_words
FROM staged
INNER JOIN held USING (outlet_id)
WHERE staged.words < held.words / 3
