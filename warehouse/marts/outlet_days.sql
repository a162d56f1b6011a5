-- Grain: outlet and publication day for which there is a collection record, inside the outlet's panel dates. Not published.
-- Reads: collection.polls, collection.fetches, core.article_pages, outlets, uncounted.
-- From the first poll's local day to the last poll's; the days that archived files hold of the outlet; every other day that has an article.
-- A day that a backfill's window left out is no zero: nobody looked.
WITH polled AS (
    SELECT
        outlet_id,
        unnest(generate_series(
            (min(polled_at) AT TIME ZONE timezone)::DATE::TIMESTAMP, (max(polled_at) AT TIME ZONE timezone)::DATE::TIMESTAMP, INTERVAL 1 DAY
        ))::DATE AS day
    FROM warehouse.collection.polls
    INNER JOIN outlets USING (outlet_id)
    GROUP BY outlet_id, timezone
),

archived AS (
    -- one file covers, for each outlet that it holds, the days between its first and its last capture of that outlet, inside the window that was asked for
    SELECT
        outlet_id, since, until,
        unnest(generate_series(
            (min(fetched_at) AT TIME ZONE timezone)::DATE::TIMESTAMP, (max(fetched_at) AT TIME ZONE timezone)::DATE::TIMESTAMP, INTERVAL 1 DAY
        ))::DATE AS day
    FROM warehouse.collection.fetches
    INNER JOIN outlets USING (outlet_id)
    WHERE origin = 'archive'
    GROUP BY outlet_id, timezone, warc_file, since, until
),

dated AS (
    SELECT outlet_id, published_on AS day, bool_or(NOT is_own) AS in_archive, bool_or(is_own) AS in_own
    FROM warehouse.core.article_pages
    ANTI JOIN uncounted USING (article_id)
    WHERE published_on IS NOT NULL
    GROUP BY ALL
),

days AS (
    SELECT
        outlet_id, day, timezone,
        (day::TIMESTAMP AT TIME ZONE timezone) AS midnight,
        ((day + 1)::TIMESTAMP AT TIME ZONE timezone) AS next_midnight,
        bool_or(source = 'archived') AS in_archive,
        bool_or(source = 'dated') AS has_own_article
    FROM (
        SELECT outlet_id, day, 'polled' AS source FROM polled
        UNION ALL
        SELECT outlet_id, day, 'archived' FROM archived WHERE day BETWEEN coalesce(since, DATE '0001-01-01') AND coalesce(until, DATE '9999-12-31')
        UNION ALL
        SELECT outlet_id, day, 'archived' FROM dated WHERE in_archive
        UNION ALL
        SELECT outlet_id, day, 'dated' FROM dated WHERE in_own
    )
    INNER JOIN outlets USING (outlet_id)
    WHERE day BETWEEN coalesce(panel_from, DATE '0001-01-01') AND coalesce(panel_until, DATE '9999-12-31')
    GROUP BY outlet_id, day, timezone
)

-- where clocks go back over midnight, it is there twice, and the day begins with the first
SELECT
    outlet_id,
    day,
    CASE
        WHEN ((midnight - INTERVAL 1 HOUR) AT TIME ZONE timezone)::DATE = day THEN midnight - INTERVAL 1 HOUR ELSE midnight
    END AS starts_at,
    CASE
        WHEN ((next_midnight - INTERVAL 1 HOUR) AT TIME ZONE timezone)::DATE = day + 1 THEN next_midnight - INTERVAL 1 HOUR ELSE next_midnight
    END AS ends_at,
    in_archive,
    has_own_article
FROM days
ORDER BY outlet_id, day
