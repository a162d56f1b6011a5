-- Everything is made anew: every article and every item.
CREATE OR REPLACE TEMP TABLE touched_articles AS
SELECT DISTINCT article_id FROM warehouse.core.pages WHERE article_id IS NOT NULL
UNION
SELECT article_id FROM warehouse.core.article_pages
UNION
SELECT article_id FROM warehouse.core.article_texts;
CREATE OR REPLACE TEMP TABLE touched_items AS
SELECT item_id FROM warehouse.collection.items
UNION
SELECT item_id FROM warehouse.collection.fetches WHERE visit = 0
UNION
SELECT item_id FROM warehouse.core.item_ends
