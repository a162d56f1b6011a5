-- critical: an instant is known exactly where the precision says so, and lies on the day that it is counted on
-- A day of difference is let pass within two hours of a midnight of the outlet: Python's time zones and DuckDB's are of different ages, and disagree
-- where a country has just changed its clocks.
WITH dated AS (
    SELECT pages.fetch_id, pages.date_precision, pages.published_at, pages.published_on, pages.published_at AT TIME ZONE outlets.timezone AS local
    FROM staging.pages AS pages
    INNER JOIN core.outlets AS outlets USING (outlet_id)
    WHERE rejected_reason IS NULL
)

SELECT fetch_id, date_precision, published_at, published_on, local
FROM dated
WHERE CASE date_precision
    WHEN 'second'
        THEN published_at IS NULL OR published_on IS NULL
            OR published_on NOT BETWEEN (local - INTERVAL 2 HOURS)::DATE AND (local + INTERVAL 2 HOURS)::DATE
    WHEN 'day' THEN published_at IS NOT NULL OR published_on IS NULL
    WHEN 'none' THEN published_at IS NOT NULL OR published_on IS NOT NULL
END
