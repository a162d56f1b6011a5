-- What is made anew: the articles that were touched since the last publication.
CREATE OR REPLACE TEMP TABLE touched_articles AS
SELECT DISTINCT article_id FROM warehouse.core.changed_articles;
CREATE OR REPLACE TEMP TABLE touched_items AS
SELECT DISTINCT item_id FROM warehouse.core.changed_items
