-- critical: an instant is known exactly where the precision says so, and lies on the day that it is counted on
-- A day of difference is let pass: Python's time zones and DuckDB's are of different ages, and disagree where a country has just changed its clocks.
SELECT pages.fetch_id, pages.date_precision, pages.published_at, pages.published_on
FROM staging.pages AS pages
INNER JOIN core.outlets AS outlets USING (outlet_id)
WHERE rejected_reason IS NULL AND CASE date_precision
    WHEN 'second' THEN coalesce(abs(date_diff('day', published_on, (published_at AT TIME ZONE timezone)::DATE)) > 1, true)
    WHEN 'day' THEN published_at IS NOT NULL OR published_on IS NULL
    WHEN 'none' THEN published_at IS NOT NULL OR published_on IS NOT NULL
END
