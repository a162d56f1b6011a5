-- critical: the positions of an endorser on a candidate are numbered from 1, follow one another in time, and no two neighbours that were taken are alike
WITH numbered AS (
    SELECT *, row_number() OVER (PARTITION BY watchlist_id, endorser, candidate_id ORDER BY number) AS place
    FROM published.positions
),

taken AS (
    SELECT
        *,
        lag(changed_on) OVER thread AS before_on,
        lag(stance) OVER thread AS before_stance
    FROM numbered
    WHERE flag IS DISTINCT FROM 'contradicts'
    WINDOW thread AS (PARTITION BY watchlist_id, endorser, candidate_id ORDER BY number)
)

SELECT watchlist_id, endorser, candidate_id, number, changed_on, before_on, stance
FROM taken
WHERE changed_on < before_on OR stance = before_stance
UNION ALL
SELECT watchlist_id, endorser, candidate_id, number, changed_on, NULL, stance
FROM numbered
WHERE number <> place
