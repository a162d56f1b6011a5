-- critical: the positions of an endorser on a candidate follow one another in time, and no two neighbours that were taken are alike
WITH taken AS (
    SELECT
        *,
        lag(changed_on) OVER thread AS before_on,
        lag(stance) OVER thread AS before_stance
    FROM published.positions
    WHERE flag IS DISTINCT FROM 'contradicts'
    WINDOW thread AS (PARTITION BY watchlist_id, endorser, candidate_id ORDER BY number)
)

SELECT watchlist_id, endorser, candidate_id, number, changed_on, before_on, stance
FROM taken
WHERE changed_on < before_on OR stance = before_stance
