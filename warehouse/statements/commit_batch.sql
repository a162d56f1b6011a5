-- The audited batch replaces what core holds of the same pages.
CREATE OR REPLACE TEMP TABLE replaced_pages AS SELECT fetch_id FROM core.pages SEMI JOIN staging.pages AS staged USING (fetch_id);
CREATE OR REPLACE TEMP TABLE replaced_answers AS
SELECT fetch_id, watchlist_id FROM core.page_watchlists SEMI JOIN staging.page_watchlists AS staged USING (fetch_id, watchlist_id)
UNION
SELECT fetch_id, watchlist_id FROM core.page_watchlists SEMI JOIN replaced_pages USING (fetch_id)
UNION
-- watch lists that are no longer followed
SELECT fetch_id, watchlist_id FROM core.page_watchlists ANTI JOIN core.watchlists AS lists USING (watchlist_id);

INSERT INTO core.changed_articles
SELECT article_id FROM staging.pages WHERE article_id IS NOT NULL
UNION
SELECT article_id
FROM core.pages
WHERE article_id IS NOT NULL AND fetch_id IN (
    SELECT fetch_id FROM replaced_pages UNION SELECT fetch_id FROM replaced_answers UNION SELECT fetch_id FROM staging.page_watchlists
);
INSERT INTO core.changed_items SELECT DISTINCT item_id FROM staging.pages;

DELETE FROM core.page_references AS found USING replaced_answers AS gone WHERE found.fetch_id = gone.fetch_id AND found.watchlist_id = gone.watchlist_id;
DELETE FROM core.page_quotes AS found USING replaced_answers AS gone WHERE found.fetch_id = gone.fetch_id AND found.watchlist_id = gone.watchlist_id;
DELETE FROM core.page_endorsements AS found USING replaced_answers AS gone WHERE found.fetch_id = gone.fetch_id AND found.watchlist_id = gone.watchlist_id;
DELETE FROM core.page_mentions AS found USING replaced_answers AS gone WHERE found.fetch_id = gone.fetch_id AND found.watchlist_id = gone.watchlist_id;
DELETE FROM core.page_watchlists AS found USING replaced_answers AS gone WHERE found.fetch_id = gone.fetch_id AND found.watchlist_id = gone.watchlist_id;
DELETE FROM core.pages WHERE fetch_id IN (SELECT fetch_id FROM replaced_pages);
INSERT INTO core.pages BY NAME FROM staging.pages;
INSERT INTO core.page_watchlists BY NAME FROM staging.page_watchlists;
INSERT INTO core.page_mentions BY NAME FROM staging.page_mentions;
INSERT INTO core.page_endorsements BY NAME FROM staging.page_endorsements;
INSERT INTO core.page_quotes BY NAME FROM staging.page_quotes;
INSERT INTO core.page_references BY NAME FROM staging.page_references;
DELETE FROM collection.unread WHERE fetch_id IN (SELECT fetch_id FROM staging.pages);
TRUNCATE staging.batch;
TRUNCATE staging.pages;
TRUNCATE staging.page_watchlists;
TRUNCATE staging.page_mentions;
TRUNCATE staging.page_endorsements;
TRUNCATE staging.page_quotes;
TRUNCATE staging.page_references
