-- What became of every touched item and archived response, and to which publication day it is accounted.
-- The items of one article belong together: the first one is new, the others were known.
INSERT INTO touched_items
SELECT item_id FROM warehouse.core.item_ends WHERE article_id IN (
    SELECT article_id FROM touched_articles
    UNION
    SELECT article_id FROM warehouse.core.item_ends SEMI JOIN touched_items USING (item_id) WHERE article_id IS NOT NULL
)
UNION
SELECT item_id FROM warehouse.core.pages SEMI JOIN touched_articles USING (article_id);

CREATE OR REPLACE TEMP TABLE ended_items AS
WITH wanted AS MATERIALIZED (SELECT DISTINCT item_id FROM touched_items),

last_fetches AS MATERIALIZED (
    SELECT item_id, fetch_id, outlet_id, fetched_at, result, reason
    FROM warehouse.collection.fetches
    WHERE rowid IN (SELECT rowid FROM warehouse.collection.fetches SEMI JOIN wanted USING (item_id)) AND visit = 0
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY fetched_at DESC, fetch_id DESC) = 1
),

items AS (
    SELECT item_id, outlet_id, first_seen_at, published_at
    FROM warehouse.collection.items
    WHERE rowid IN (SELECT rowid FROM warehouse.collection.items SEMI JOIN wanted USING (item_id))
),

pages AS (
    SELECT fetch_id, first_seen_at, article_id, rejected_reason
    FROM warehouse.core.pages
    WHERE rowid IN (SELECT rowid FROM warehouse.core.pages SEMI JOIN last_fetches USING (fetch_id))
),

dated AS (
    SELECT article_id, published_on FROM warehouse.core.article_pages SEMI JOIN pages USING (article_id)
),

entered AS (
    SELECT
        coalesce(items.outlet_id, fetches.outlet_id) AS outlet_id,
        coalesce(items.item_id, fetches.item_id) AS item_id,
        coalesce(items.first_seen_at, pages.first_seen_at, fetches.fetched_at) AS first_seen_at,
        items.published_at AS listed_at,
        fetches.result,
        fetches.reason,
        CASE WHEN pages.rejected_reason IS NULL THEN pages.article_id END AS article_id,
        pages.rejected_reason,
        dated.published_on
    FROM items
    FULL JOIN last_fetches AS fetches USING (item_id)
    LEFT JOIN pages ON fetches.fetch_id = pages.fetch_id
    LEFT JOIN dated ON pages.article_id = dated.article_id AND pages.rejected_reason IS NULL
)

SELECT
    item_id,
    entered.outlet_id,
    coalesce(
        published_on, (listed_at AT TIME ZONE timezone)::DATE, (first_seen_at AT TIME ZONE timezone)::DATE
    ) AS day,
    coalesce(result = 'fetched', false) AS was_fetched,
    CASE
        WHEN article_id IS NOT NULL
            THEN CASE WHEN row_number() OVER (PARTITION BY article_id ORDER BY first_seen_at, item_id) = 1 THEN 'new' ELSE 'known' END
        WHEN rejected_reason IS NOT NULL OR result = 'rejected' THEN 'rejected'
        ELSE 'failed'
    END AS ended_as,
    coalesce(reason, 'not_fetched') AS unreached,
    article_id
FROM entered
INNER JOIN warehouse.core.outlets AS outlets ON entered.outlet_id = outlets.outlet_id;

DELETE FROM warehouse.core.item_ends WHERE item_id IN (SELECT item_id FROM touched_items);
INSERT INTO warehouse.core.item_ends BY NAME FROM ended_items
