-- Which page stands for each touched article, and since when the article is known.
-- The page whose own address is the canonical one wins, then the latest fetch; the rest only breaks ties the same way every time.
CREATE OR REPLACE TEMP TABLE chosen_pages AS
WITH read AS (
    SELECT
        pages.article_id, pages.fetch_id, pages.item_id, pages.outlet_id, pages.url, pages.canonical_url, pages.fetched_at, md5(concat_ws(chr(10), pages.title, pages.text)) AS digest,
        pages.published_on, coalesce(items.first_seen_at, pages.first_seen_at) AS first_seen_at, pages.origin, coalesce(fetches.visit, 0) AS visit
    -- by place: of a long table only the key is read to find the rows, here and in other statements
    FROM (
        FROM warehouse.core.pages
        WHERE rowid IN (SELECT rowid FROM warehouse.core.pages SEMI JOIN touched_articles USING (article_id)) AND rejected_reason IS NULL
    ) AS pages
    SEMI JOIN warehouse.core.outlets AS outlets ON pages.outlet_id = outlets.outlet_id
    LEFT JOIN warehouse.collection.fetches AS fetches ON pages.fetch_id = fetches.fetch_id
    LEFT JOIN warehouse.collection.items AS items ON pages.item_id = items.item_id
),

-- an article that is found under another address when it is looked at again is no second article
standing AS (
    FROM read
    WHERE visit = 0 OR (item_id, article_id) IN (SELECT (item_id, article_id) FROM read WHERE visit = 0)
)

SELECT
    article_id, fetch_id, outlet_id, published_on,
    min(first_seen_at) OVER article AS first_seen_at,
    bool_or(origin = 'own') OVER article AS is_own
FROM standing
WINDOW article AS (PARTITION BY article_id)
QUALIFY row_number() OVER (
    PARTITION BY article_id
    ORDER BY (url = canonical_url) DESC, fetched_at DESC, url, digest, fetch_id
) = 1;

DELETE FROM warehouse.core.article_pages WHERE article_id IN (SELECT article_id FROM touched_articles);
INSERT INTO warehouse.core.article_pages BY NAME FROM chosen_pages
