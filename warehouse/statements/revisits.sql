-- Grain: article of one's own collecting that mentions a candidate: the item to look at again, and how often that was done.
-- An article under several addresses is looked at under the one that stands for it. What ended as deferred did not take place.
WITH naming AS (
    SELECT outlet_id, item_id, url, article_id, canonical_url, first_seen_at, fetched_at
    FROM core.pages
    WHERE origin = 'own' AND rejected_reason IS NULL AND fetch_id IN (SELECT fetch_id FROM core.page_mentions)
),

visits AS (
    SELECT
        item_id,
        min(fetched_at) FILTER (visit = 0 AND result = 'fetched') AS first_fetched_at,
        coalesce(max(visit) FILTER (visit > 0 AND result <> 'deferred'), 0) AS done,
        arg_max_null(etag, fetched_at) FILTER (result IN ('fetched', 'unchanged')) AS etag,
        arg_max_null(last_modified, fetched_at) FILTER (result IN ('fetched', 'unchanged')) AS last_modified,
        arg_max(
            {digest: body.digest, record_id: body.record_id, url: body.url, fetched_at: body.fetched_at, file: warc_file, "offset": warc_offset}, fetched_at
        ) FILTER (body.digest IS NOT NULL AND warc_file NOT IN (SELECT warc_file FROM collection.pruned)) AS body
    FROM collection.fetches
    WHERE origin = 'own' AND item_id IN (SELECT item_id FROM naming)
    GROUP BY item_id
)

SELECT pages.outlet_id, pages.item_id, pages.url, done + 1 AS number, first_fetched_at, etag, last_modified, body
FROM naming AS pages
INNER JOIN visits USING (item_id)
WHERE first_fetched_at IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY pages.article_id ORDER BY (pages.url = pages.canonical_url) DESC, pages.first_seen_at, pages.url, pages.fetched_at DESC
) = 1
ORDER BY pages.outlet_id, first_fetched_at, pages.url
