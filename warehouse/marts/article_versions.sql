-- Grain: article and change of headline or text, seen from one fetch to the next. Articles seen in one version have none.
-- Reads: article_pages, core.pages (own fetches and archived ones, in the order of their time).
WITH fetches AS (
    SELECT
        article_id, fetched_at, title,
        lag(title) OVER previous AS title_before,
        text, lag(text) OVER previous AS text_before,
        row_number() OVER previous AS number
    FROM warehouse.core.pages
    SEMI JOIN article_pages USING (article_id, url)  -- one address all along: others may show another edition
    WHERE rejected_reason IS NULL
    WINDOW previous AS (PARTITION BY article_id ORDER BY fetched_at, title, text, fetch_id)
),

versions AS (
    SELECT
        article_id, fetched_at AS seen_at, title,
        CASE
            WHEN number = 1 THEN 'first'
            WHEN title <> title_before AND text <> text_before THEN 'title+text'
            WHEN title <> title_before THEN 'title'
            WHEN text <> text_before THEN 'text'
        END AS changed
    FROM fetches
)

SELECT article_id, seen_at, title, changed
FROM versions
WHERE changed IS NOT NULL
QUALIFY count(*) OVER (PARTITION BY article_id) > 1
ORDER BY article_id, seen_at
