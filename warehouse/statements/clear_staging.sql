TRUNCATE staging.pages;
TRUNCATE staging.page_watchlists;
TRUNCATE staging.page_mentions
