-- The private warehouse, data/warehouse.duckdb. Read and written by one process at a time; users read coverage.duckdb.
--   collection: the collection record, loaded from the journals that lie beside the WARC files
--   staging:    the batch being judged
--   core:       what passed the audit
--   history:    append-only accounts of what was run, judged and corrected
-- Instants are UTC. ids: see transforms/urls.py.

CREATE SCHEMA collection;
CREATE SCHEMA staging;
CREATE SCHEMA core;
CREATE SCHEMA history;

-- Grain: journal file. A journal is loaded once, whole, in one transaction.
CREATE TABLE collection.journals (name VARCHAR PRIMARY KEY);

-- Grain: poll of a feed or sitemap.
CREATE TABLE collection.polls (
    run_id VARCHAR NOT NULL, outlet_id VARCHAR NOT NULL, source_url VARCHAR NOT NULL, source_kind VARCHAR NOT NULL, polled_at TIMESTAMPTZ NOT NULL,
    result VARCHAR NOT NULL, reason VARCHAR, detail VARCHAR, http_status INTEGER, listed BIGINT, known BIGINT,
    oldest_listed_at TIMESTAMPTZ, newest_listed_at TIMESTAMPTZ, etag VARCHAR, last_modified VARCHAR,
    warc_file VARCHAR, warc_offset BIGINT, record_id VARCHAR
);

-- Grain: item, a URL of an outlet as first discovered; the evidence is the source's own.
CREATE TABLE collection.items (
    item_id VARCHAR PRIMARY KEY, outlet_id VARCHAR NOT NULL, url VARCHAR NOT NULL, first_seen_at TIMESTAMPTZ NOT NULL, source_url VARCHAR NOT NULL,
    title VARCHAR, published_at TIMESTAMPTZ, published_raw VARCHAR, authors VARCHAR[], language VARCHAR
);

-- Grain: attempt to fetch an item (origin 'own'), or archived response (origin 'archive', from `backfill`).
-- fetch_id is the WARC-Record-ID of the response; without a response it is run and item. item_id of an archived response is its record.
-- since, until: the window of publication days that a backfill asked for.
CREATE TABLE collection.fetches (
    fetch_id VARCHAR PRIMARY KEY, origin VARCHAR NOT NULL, run_id VARCHAR NOT NULL, outlet_id VARCHAR, item_id VARCHAR NOT NULL, url VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL, result VARCHAR NOT NULL, reason VARCHAR, detail VARCHAR, http_status INTEGER, final_url VARCHAR, content_type VARCHAR,
    warc_file VARCHAR, warc_offset BIGINT, attempt INTEGER, since DATE, until DATE
);

-- Grain: fetched response that was read. Either an article (rejected_reason NULL) or a rejection, with the fields that were found all the same.
CREATE TABLE core.pages (
    fetch_id VARCHAR PRIMARY KEY, origin VARCHAR NOT NULL, outlet_id VARCHAR NOT NULL, item_id VARCHAR NOT NULL, url VARCHAR NOT NULL, fetched_at TIMESTAMPTZ NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL, article_id VARCHAR, canonical_url VARCHAR, title VARCHAR, text VARCHAR, authors VARCHAR[], byline_org VARCHAR,
    wire_agency VARCHAR, published_at TIMESTAMPTZ, published_on DATE, modified_at TIMESTAMPTZ, date_source VARCHAR, date_precision VARCHAR, language VARCHAR,
    access VARCHAR, word_count INTEGER, rejected_stage VARCHAR, rejected_reason VARCHAR, rejected_detail VARCHAR,
    read_version VARCHAR NOT NULL  -- code and outlet configuration that read it: another version reads it again
);

-- Grain: read page and watch list.
CREATE TABLE core.page_watchlists (
    fetch_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, in_race BOOLEAN NOT NULL, candidates_in_race VARCHAR[] NOT NULL,
    list_version VARCHAR NOT NULL,  -- code and watch list that annotated it: another version annotates it again
    PRIMARY KEY (fetch_id, watchlist_id)
);

-- Grain: read page, field and span.
CREATE TABLE core.page_mentions (
    fetch_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL, surface VARCHAR NOT NULL, sentence VARCHAR NOT NULL, rule VARCHAR NOT NULL
);

CREATE TABLE staging.pages AS FROM core.pages LIMIT 0;
CREATE TABLE staging.page_watchlists AS FROM core.page_watchlists LIMIT 0;
CREATE TABLE staging.page_mentions AS FROM core.page_mentions LIMIT 0;

-- The configuration that the content tables are a function of; replaced by each run.
CREATE TABLE core.outlets (
    outlet_id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, country VARCHAR NOT NULL, language VARCHAR NOT NULL, timezone VARCHAR NOT NULL, homepage VARCHAR NOT NULL,
    is_agency BOOLEAN NOT NULL, panel_from DATE, panel_until DATE
);
CREATE TABLE core.watchlists (
    watchlist_id VARCHAR PRIMARY KEY, title VARCHAR NOT NULL, kind VARCHAR NOT NULL, watched_from DATE NOT NULL, watched_until DATE NOT NULL
);
CREATE TABLE core.candidates (
    candidate_id VARCHAR PRIMARY KEY, watchlist_id VARCHAR NOT NULL, name VARCHAR NOT NULL, country VARCHAR NOT NULL, status VARCHAR, position INTEGER NOT NULL
);
CREATE TABLE core.suppressions (article_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, reason VARCHAR NOT NULL);

CREATE TABLE history.runs (
    run_id VARCHAR PRIMARY KEY, command VARCHAR NOT NULL, started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ, status VARCHAR NOT NULL, detail VARCHAR,
    code_version VARCHAR NOT NULL, config_hash VARCHAR NOT NULL, snapshot_hash VARCHAR
);
CREATE TABLE history.outcomes (
    run_id VARCHAR NOT NULL, item_id VARCHAR NOT NULL, outlet_id VARCHAR, url VARCHAR, outcome VARCHAR NOT NULL, reason VARCHAR, detail VARCHAR,
    PRIMARY KEY (run_id, item_id)
);
CREATE TABLE history.quality_results (
    run_id VARCHAR NOT NULL, suite VARCHAR NOT NULL, expectation VARCHAR NOT NULL, severity VARCHAR NOT NULL, success BOOLEAN NOT NULL, observed VARCHAR,
    expected VARCHAR, failing_rows BIGINT, sample VARCHAR
);
CREATE TABLE history.revisions (
    outlet_id VARCHAR NOT NULL, day DATE NOT NULL, candidate_id VARCHAR NOT NULL, measure VARCHAR NOT NULL, before DOUBLE, after DOUBLE, reason VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);
