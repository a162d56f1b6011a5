-- warning: nothing is fetched before it is discovered (a clock that was set back does this; no count depends on it)
SELECT fetch_id, first_seen_at, fetched_at FROM staging.pages WHERE first_seen_at > fetched_at
