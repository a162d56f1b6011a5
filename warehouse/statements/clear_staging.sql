TRUNCATE staging.batch;
TRUNCATE staging.pages;
TRUNCATE staging.page_watchlists;
TRUNCATE staging.page_mentions;
TRUNCATE staging.page_endorsements;
TRUNCATE staging.page_quotes;
TRUNCATE staging.page_references
