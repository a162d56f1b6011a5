-- What the collection record says of sources, re-visits, stored bodies and pruned archive files. Older events lack these: NULL.

ALTER TABLE collection.polls ADD COLUMN body STRUCT(digest VARCHAR, record_id VARCHAR, url VARCHAR, fetched_at TIMESTAMPTZ);
ALTER TABLE collection.polls ADD COLUMN new BIGINT;  -- items that nobody had seen before
ALTER TABLE collection.polls ADD COLUMN moved_to VARCHAR;
ALTER TABLE collection.polls ADD COLUMN stands_for VARCHAR;
ALTER TABLE collection.polls ADD COLUMN failures INTEGER;
ALTER TABLE collection.polls ADD COLUMN failing DOUBLE;
ALTER TABLE collection.polls ADD COLUMN interval_minutes DOUBLE;
ALTER TABLE collection.polls ADD COLUMN due_at TIMESTAMPTZ;
ALTER TABLE collection.polls ADD COLUMN retry_at TIMESTAMPTZ;

-- visit: 0 for the fetch that an item was discovered for, 1 and more when an article is looked at again (origin 'own').
-- warc_file and warc_offset: where the body lies; body says which record holds it, fetch_id which record the exchange itself is.
ALTER TABLE collection.fetches ADD COLUMN body STRUCT(digest VARCHAR, record_id VARCHAR, url VARCHAR, fetched_at TIMESTAMPTZ);
ALTER TABLE collection.fetches ADD COLUMN visit INTEGER DEFAULT 0;
ALTER TABLE collection.fetches ADD COLUMN etag VARCHAR;
ALTER TABLE collection.fetches ADD COLUMN last_modified VARCHAR;
ALTER TABLE collection.fetches ADD COLUMN opt_outs VARCHAR[];
ALTER TABLE collection.fetches ADD COLUMN retry_at TIMESTAMPTZ;

-- Grain: archive file that was deleted by its owner's rule. What was read from it stays as it was read.
CREATE TABLE collection.pruned (warc_file VARCHAR PRIMARY KEY, pruned_at TIMESTAMPTZ NOT NULL, bytes BIGINT);

ALTER TABLE history.outcomes ADD COLUMN visit INTEGER DEFAULT 0;

-- What outlets are expected to publish, by their files.
ALTER TABLE core.outlets ADD COLUMN articles_per_day DOUBLE;
ALTER TABLE core.outlets ADD COLUMN articles_per_day_min DOUBLE;
ALTER TABLE core.outlets ADD COLUMN articles_per_day_max DOUBLE;
