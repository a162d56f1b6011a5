-- How the items of the staged batch end. Runs before the batch is committed; an article is new when core does not hold it and no earlier page of the batch does.
-- A page that core held already was merely read again: it is no new item, unless it lay outside the window of its backfill and no longer does.
INSERT INTO history.outcomes BY NAME
WITH batch AS (
    SELECT
        staged.*,
        fetches.run_id,
        fetches.visit,
        row_number() OVER earlier AS place,
        -- the same item, the same URL earlier in the batch
        row_number() OVER (PARTITION BY staged.article_id, staged.rejected_reason IS NULL, staged.item_id ORDER BY staged.fetched_at, staged.url, staged.fetch_id) > 1
        OR row_number() OVER (PARTITION BY staged.article_id, staged.rejected_reason IS NULL, staged.url ORDER BY staged.fetched_at, staged.fetch_id) > 1 AS again,
        lag(staged.title) OVER earlier AS batch_title, lag(staged.text) OVER earlier AS batch_text
    FROM staging.pages AS staged
    INNER JOIN collection.fetches AS fetches USING (fetch_id)
    ANTI JOIN core.pages AS known
        ON staged.fetch_id = known.fetch_id AND (known.rejected_reason IS DISTINCT FROM 'out_of_window' OR staged.rejected_reason = 'out_of_window')
    WINDOW earlier AS (PARTITION BY staged.article_id, staged.rejected_reason IS NULL ORDER BY staged.fetched_at, staged.url, staged.fetch_id)
),

held AS (
    SELECT article_id, arg_max(title, fetched_at) AS title, arg_max(text, fetched_at) AS text, list(DISTINCT item_id) AS item_ids, list(DISTINCT url) AS urls
    FROM core.pages
    WHERE rowid IN (SELECT rowid FROM core.pages SEMI JOIN staging.pages AS staged USING (article_id)) AND rejected_reason IS NULL
    GROUP BY article_id
),

ended AS (
    SELECT
        batch.run_id, batch.visit, batch.item_id, batch.outlet_id, batch.url,
        CASE
            WHEN rejected_reason IS NOT NULL
                THEN CASE WHEN rejected_reason IN ('damaged_record', 'extraction_error', 'too_large', 'bad_encoding') THEN 'failed' ELSE 'rejected' END
            WHEN held.article_id IS NULL AND place = 1 THEN 'published'
            WHEN NOT again AND NOT list_contains(coalesce(held.item_ids, []), batch.item_id) AND NOT list_contains(coalesce(held.urls, []), batch.url)
                THEN 'duplicate_url'
            WHEN (coalesce(batch_title, held.title), coalesce(batch_text, held.text)) IS DISTINCT FROM (batch.title, batch.text) THEN 'updated'
            ELSE 'unchanged'
        END AS outcome,
        rejected_reason AS reason,
        nullif(rejected_detail, '') AS detail
    FROM batch
    LEFT JOIN held USING (article_id)
)

SELECT
    CASE WHEN settled.item_id IS NULL THEN ended.run_id ELSE $run_id END AS run_id,
    ended.item_id, ended.outlet_id, ended.url, ended.outcome, ended.reason, ended.detail, ended.visit
FROM ended
LEFT JOIN history.outcomes AS settled ON ended.run_id = settled.run_id AND ended.item_id = settled.item_id
ON CONFLICT (run_id, item_id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail
