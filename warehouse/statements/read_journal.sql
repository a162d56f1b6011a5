-- The events of one journal ($path), one row a line; a line that is not JSON is a row of NULLs (the torn last line of a pass that was killed).
CREATE OR REPLACE TEMP TABLE journal AS
FROM read_json(
    $path,
    format = 'newline_delimited', ignore_errors = true, maximum_object_size = 268435456, compression = 'none',
    columns = {
        event: 'VARCHAR', origin: 'VARCHAR', run_id: 'VARCHAR', outlet_id: 'VARCHAR', source_url: 'VARCHAR', source_kind: 'VARCHAR', polled_at: 'TIMESTAMPTZ',
        result: 'VARCHAR', reason: 'VARCHAR', detail: 'VARCHAR', http_status: 'INTEGER', listed: 'BIGINT', known: 'BIGINT',
        oldest_listed_at: 'TIMESTAMPTZ', newest_listed_at: 'TIMESTAMPTZ', etag: 'VARCHAR', last_modified: 'VARCHAR',
        warc_file: 'VARCHAR', warc_offset: 'BIGINT', record_id: 'VARCHAR',
        body: 'STRUCT(digest VARCHAR, record_id VARCHAR, url VARCHAR, fetched_at TIMESTAMPTZ)',
        moved_to: 'VARCHAR', stands_for: 'VARCHAR', failures: 'INTEGER', failing: 'DOUBLE', interval_minutes: 'DOUBLE', due_at: 'TIMESTAMPTZ',
        retry_at: 'TIMESTAMPTZ', pruned_at: 'TIMESTAMPTZ', bytes: 'BIGINT', visit: 'INTEGER', opt_outs: 'VARCHAR[]',
        items: 'STRUCT(item_id VARCHAR, url VARCHAR, title VARCHAR, published_at TIMESTAMPTZ, published_raw VARCHAR, authors VARCHAR[], language VARCHAR)[]',
        item_id: 'VARCHAR', url: 'VARCHAR', fetched_at: 'TIMESTAMPTZ', final_url: 'VARCHAR', content_type: 'VARCHAR', attempt: 'INTEGER',
        since: 'DATE', until: 'DATE'
    }
)
