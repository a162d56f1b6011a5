-- Responses that no current code and configuration ($versions: outlet_id → read version) has read yet, in the order in which they came.
WITH versions AS (SELECT unnest(map_keys($versions)) AS outlet_id, unnest(map_values($versions)) AS read_version),

wanted AS MATERIALIZED (
    SELECT fetch_id FROM collection.unread
    UNION
    SELECT pages.fetch_id
    FROM core.pages AS pages
    INNER JOIN versions USING (outlet_id)
    WHERE pages.read_version <> versions.read_version
),

found AS MATERIALIZED (
    FROM collection.fetches WHERE rowid IN (SELECT rowid FROM collection.fetches SEMI JOIN wanted USING (fetch_id)) AND result = 'fetched'
)

SELECT
    fetches.fetch_id, fetches.origin, fetches.outlet_id, fetches.item_id, fetches.url,
    coalesce(items.first_seen_at, fetches.fetched_at) AS first_seen_at,
    fetches.fetched_at, fetches.since, fetches.until,
    fetches.final_url, fetches.content_type, fetches.warc_file, fetches.warc_offset,
    items.url AS listed_url, items.title AS listed_title, items.published_at AS listed_at, items.published_raw AS listed_raw,
    items.authors AS listed_authors, items.language AS listed_language
FROM found AS fetches
INNER JOIN versions USING (outlet_id)
LEFT JOIN (
    FROM collection.items WHERE rowid IN (SELECT rowid FROM collection.items SEMI JOIN found USING (item_id))
) AS items USING (item_id)
LEFT JOIN (
    SELECT fetch_id, read_version, rejected_reason, published_on
    FROM core.pages
    WHERE rowid IN (SELECT rowid FROM core.pages SEMI JOIN found USING (fetch_id))
) AS pages ON fetches.fetch_id = pages.fetch_id AND pages.read_version = versions.read_version
    AND (
        pages.rejected_reason IS DISTINCT FROM 'out_of_window'
        -- as in transforms/reading.py: what has no date is judged by the day of its fetch
        OR coalesce(pages.published_on, fetches.fetched_at::DATE)
            NOT BETWEEN coalesce(fetches.since, DATE '0001-01-01') AND coalesce(fetches.until, DATE '9999-12-31')
    )
-- what a pruned archive file held stays as it was read
LEFT JOIN collection.pruned AS pruned ON fetches.warc_file = pruned.warc_file
ANTI JOIN staging.pages AS staged ON fetches.fetch_id = staged.fetch_id
WHERE pages.fetch_id IS NULL AND pruned.warc_file IS NULL
ORDER BY fetches.fetched_at, fetches.url, fetches.fetch_id
