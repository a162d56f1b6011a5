-- What makes a count one that can be quoted: decisions of people over the audit, and what the published file was made of.

-- ---- the audit
-- Grain: refusal that a person accepted. finding: what was found, as a hash; something else found by the same expectation is refused again.
CREATE TABLE history.acceptances (
    run_id VARCHAR NOT NULL, suite VARCHAR NOT NULL, expectation VARCHAR NOT NULL, finding VARCHAR NOT NULL, because VARCHAR NOT NULL,
    accepted_at TIMESTAMPTZ NOT NULL
);
ALTER TABLE history.quality_results ADD COLUMN finding VARCHAR;  -- of a failure: a hash over all failing rows
ALTER TABLE history.quality_results ADD COLUMN accepted VARCHAR;  -- why a failed critical expectation did not stop publication

-- Grain: one row while a batch is staged. Which run staged it.
CREATE TABLE staging.batch (run_id VARCHAR NOT NULL);

-- Grain: outlet and domain (as URLs show it). Of the configuration.
CREATE TABLE core.outlet_domains (outlet_id VARCHAR NOT NULL, domain VARCHAR NOT NULL);

-- ---- what the published file was made of. A function of the rest: it may be emptied at any time, the next publication makes everything anew.
-- Grain: one row at most. The publication that the tables below describe.
CREATE TABLE core.publication (
    run_id VARCHAR NOT NULL, snapshot_hash VARCHAR NOT NULL, made_of VARCHAR NOT NULL, file_bytes BIGINT NOT NULL, file_modified_ns BIGINT NOT NULL
);

-- Grain: one row at most. What article_pages, item_ends and story_members below were last brought up to date with; none while
-- that is going on with something else than before.
CREATE TABLE core.kept_for (made_of VARCHAR NOT NULL);

-- Grain: content table. Number of rows and sums of their hashes.
CREATE TABLE core.content_sums (table_name VARCHAR NOT NULL, row_count HUGEINT NOT NULL, low HUGEINT NOT NULL, high HUGEINT NOT NULL);

-- Grain: article. The page that stands for it.
CREATE TABLE core.article_pages (
    article_id VARCHAR NOT NULL, fetch_id VARCHAR NOT NULL, outlet_id VARCHAR NOT NULL, published_on DATE, first_seen_at TIMESTAMPTZ NOT NULL, is_own BOOLEAN NOT NULL
);

-- Grain: item, or archived response. What became of it, and the publication day that it is accounted to.
CREATE TABLE core.item_ends (
    item_id VARCHAR NOT NULL, outlet_id VARCHAR NOT NULL, day DATE NOT NULL, was_fetched BOOLEAN NOT NULL, ended_as VARCHAR NOT NULL, unreached VARCHAR NOT NULL,
    article_id VARCHAR
);

-- Grain: article that has a text. Its place among its copies.
CREATE TABLE core.story_members (
    article_id VARCHAR NOT NULL, story_id VARCHAR NOT NULL, copy_kind VARCHAR NOT NULL, copy_of VARCHAR, similarity DOUBLE NOT NULL
);

-- Grain: article, item, run (repeats do no harm). What was touched since the last publication.
CREATE TABLE core.changed_articles (article_id VARCHAR NOT NULL);
CREATE TABLE core.changed_items (item_id VARCHAR NOT NULL);
CREATE TABLE core.changed_runs (run_id VARCHAR NOT NULL);

-- Grain: response that may have to be read (repeats do no harm): loaded since the last batch was committed, or within a wider window than before.
CREATE TABLE collection.unread (fetch_id VARCHAR NOT NULL);
INSERT INTO collection.unread
SELECT fetches.fetch_id
FROM collection.fetches AS fetches
LEFT JOIN core.pages AS pages USING (fetch_id)
WHERE fetches.result = 'fetched' AND (pages.fetch_id IS NULL OR pages.rejected_reason = 'out_of_window')
