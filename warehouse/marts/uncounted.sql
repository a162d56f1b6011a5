-- Grain: article that is in no cell, with the reason. Reads: article_pages, outlets, watchlists.
-- future: dated after the outlet's local day of the fetch.
SELECT
    pages.article_id,
    CASE
        WHEN pages.published_on IS NULL THEN 'undated'
        WHEN pages.published_on > (pages.fetched_at AT TIME ZONE outlets.timezone)::DATE THEN 'future'
        ELSE 'off_panel'
    END AS reason
FROM article_pages AS pages
INNER JOIN outlets USING (outlet_id)
WHERE
    pages.published_on IS NULL
    OR pages.published_on > (pages.fetched_at AT TIME ZONE outlets.timezone)::DATE
    OR pages.published_on < coalesce(outlets.panel_from, DATE '0001-01-01')
    OR pages.published_on > coalesce(outlets.panel_until, DATE '9999-12-31')
    OR NOT EXISTS (SELECT 1 FROM watchlists WHERE pages.published_on BETWEEN watched_from AND watched_until)
ORDER BY pages.article_id
