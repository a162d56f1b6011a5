-- critical: nothing is fetched before it is discovered
SELECT fetch_id, first_seen_at, fetched_at FROM staging.pages WHERE first_seen_at > fetched_at
