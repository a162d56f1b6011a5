-- The pages that the staged findings are about: those of the batch, and those of the core that were only held against a watch list again.
CREATE OR REPLACE TEMP TABLE judged_pages AS
SELECT fetch_id, rejected_reason, title, text FROM staging.pages
UNION ALL
SELECT fetch_id, rejected_reason, title, text
FROM core.pages
WHERE fetch_id IN (SELECT fetch_id FROM staging.page_watchlists EXCEPT SELECT fetch_id FROM staging.pages)
