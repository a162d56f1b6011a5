-- What pages say of positions, quotes and offices, and whose positions are followed.

-- Grain: read page, endorser and candidate.
CREATE TABLE core.page_endorsements (
    fetch_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, endorser VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, stance VARCHAR NOT NULL,
    status VARCHAR NOT NULL, speaker VARCHAR, speaker_role VARCHAR, said_on DATE, field VARCHAR NOT NULL, char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL, evidence VARCHAR NOT NULL, rule VARCHAR NOT NULL
);

-- Grain: read page, candidate, direction, field and span.
CREATE TABLE core.page_quotes (
    fetch_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, direction VARCHAR NOT NULL, speaker VARCHAR,
    is_direct BOOLEAN NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, quote VARCHAR NOT NULL
);

-- Grain: read page, field and span.
CREATE TABLE core.page_references (
    fetch_id VARCHAR NOT NULL, watchlist_id VARCHAR NOT NULL, candidate_id VARCHAR NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL, surface VARCHAR NOT NULL, rule VARCHAR NOT NULL
);

CREATE TABLE staging.page_endorsements AS FROM core.page_endorsements LIMIT 0;
CREATE TABLE staging.page_quotes AS FROM core.page_quotes LIMIT 0;
CREATE TABLE staging.page_references AS FROM core.page_references LIMIT 0;

-- Of the configuration: whose positions are followed, and since when the post is filled.
CREATE TABLE core.endorsers (watchlist_id VARCHAR NOT NULL, country VARCHAR NOT NULL, name VARCHAR NOT NULL, position INTEGER NOT NULL);
ALTER TABLE core.watchlists ADD COLUMN decided_on DATE;
ALTER TABLE core.candidates ADD COLUMN withdrew_on DATE
