-- The audited batch replaces what core holds of the same pages.
DELETE FROM core.page_references WHERE (fetch_id, watchlist_id) IN (SELECT (fetch_id, watchlist_id) FROM staging.page_watchlists);
DELETE FROM core.page_references WHERE fetch_id IN (SELECT fetch_id FROM staging.pages);
DELETE FROM core.page_quotes WHERE (fetch_id, watchlist_id) IN (SELECT (fetch_id, watchlist_id) FROM staging.page_watchlists);
DELETE FROM core.page_quotes WHERE fetch_id IN (SELECT fetch_id FROM staging.pages);
DELETE FROM core.page_endorsements WHERE (fetch_id, watchlist_id) IN (SELECT (fetch_id, watchlist_id) FROM staging.page_watchlists);
DELETE FROM core.page_endorsements WHERE fetch_id IN (SELECT fetch_id FROM staging.pages);
DELETE FROM core.page_mentions WHERE (fetch_id, watchlist_id) IN (SELECT (fetch_id, watchlist_id) FROM staging.page_watchlists);
DELETE FROM core.page_mentions WHERE fetch_id IN (SELECT fetch_id FROM staging.pages);
DELETE FROM core.page_watchlists WHERE (fetch_id, watchlist_id) IN (SELECT (fetch_id, watchlist_id) FROM staging.page_watchlists);
DELETE FROM core.page_watchlists WHERE fetch_id IN (SELECT fetch_id FROM staging.pages);
DELETE FROM core.pages WHERE fetch_id IN (SELECT fetch_id FROM staging.pages);
-- watch lists that are no longer followed
DELETE FROM core.page_references WHERE watchlist_id NOT IN (SELECT watchlist_id FROM core.watchlists);
DELETE FROM core.page_quotes WHERE watchlist_id NOT IN (SELECT watchlist_id FROM core.watchlists);
DELETE FROM core.page_endorsements WHERE watchlist_id NOT IN (SELECT watchlist_id FROM core.watchlists);
DELETE FROM core.page_mentions WHERE watchlist_id NOT IN (SELECT watchlist_id FROM core.watchlists);
DELETE FROM core.page_watchlists WHERE watchlist_id NOT IN (SELECT watchlist_id FROM core.watchlists);
INSERT INTO core.pages BY NAME FROM staging.pages;
INSERT INTO core.page_watchlists BY NAME FROM staging.page_watchlists;
INSERT INTO core.page_mentions BY NAME FROM staging.page_mentions;
INSERT INTO core.page_endorsements BY NAME FROM staging.page_endorsements;
INSERT INTO core.page_quotes BY NAME FROM staging.page_quotes;
INSERT INTO core.page_references BY NAME FROM staging.page_references;
TRUNCATE staging.pages;
TRUNCATE staging.page_watchlists;
TRUNCATE staging.page_mentions;
TRUNCATE staging.page_endorsements;
TRUNCATE staging.page_quotes;
TRUNCATE staging.page_references
