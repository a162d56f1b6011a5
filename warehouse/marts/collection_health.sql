-- Grain: outlet and publication day. Reads: outlet_days, collection.polls, core.item_ends (statements/end_items.sql).
-- A day is complete when successful polls leave no gap over the whole of it. Two successful polls of a source leave none when the later one was
-- answered "not modified" or lists an item that was known at the earlier one; a sitemap also covers the time back to the oldest date that it lists.
-- Nothing before an outlet's first poll counts as covered. Articles that were listed and could not be fetched (a bot wall, time-outs), other than
-- those that are gone, make their day partial: what they say is not known.
-- A source found in the place of a dead one covers for it (place). A page picks its articles, so it can show that something was published, never that
-- nothing else was.
WITH successes AS (
    SELECT
        outlet_id, coalesce(stands_for, source_url) AS place, source_kind, polled_at, oldest_listed_at,
        result = 'not_modified' OR known > 0 AS touches_earlier,
        lag(polled_at) OVER (PARTITION BY outlet_id, source_url ORDER BY polled_at, run_id) AS earlier_at,
        min(polled_at) OVER (PARTITION BY outlet_id) AS outlet_since
    FROM warehouse.collection.polls
    WHERE result IN ('ok', 'not_modified')
),

covered AS (
    SELECT
        outlet_id, place, source_kind, polled_at AS ends_at,
        CASE WHEN touches_earlier AND earlier_at IS NOT NULL THEN earlier_at ELSE polled_at END AS starts_at
    FROM successes
    UNION ALL
    SELECT outlet_id, place, source_kind, polled_at, greatest(oldest_listed_at, outlet_since)
    FROM successes
    WHERE source_kind = 'sitemap' AND oldest_listed_at < polled_at
),

-- merged stretches without a gap (gaps and islands)
marked AS (
    SELECT
        *,
        starts_at > max(ends_at) OVER (
            PARTITION BY outlet_id, place, source_kind = 'page' ORDER BY starts_at, ends_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS begins
    FROM covered
),

numbered AS (
    SELECT
        *,
        count(*) FILTER (begins) OVER (
            PARTITION BY outlet_id, place, source_kind = 'page' ORDER BY starts_at, ends_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stretch
    FROM marked
),

stretches AS (
    SELECT outlet_id, place, source_kind = 'page' AS is_page, min(starts_at) AS starts_at, max(ends_at) AS ends_at
    FROM numbered
    GROUP BY outlet_id, place, is_page, stretch
),

sources AS (
    SELECT
        outlet_id, coalesce(stands_for, source_url) AS place, arg_min(source_kind, polled_at) AS source_kind, min(polled_at) AS since, max(polled_at) AS until
    FROM warehouse.collection.polls
    GROUP BY outlet_id, place
),

-- which source covers which day: wholly, or at least touches it; a source owes a day when it was polled before and after the day's end
source_days AS (
    SELECT
        days.outlet_id, days.day, sources.source_kind,
        sources.since <= days.ends_at AND sources.until >= days.ends_at AS owes,
        coalesce(bool_or(stretches.starts_at <= days.starts_at AND stretches.ends_at >= days.ends_at) FILTER (NOT is_page), false) AS whole,
        coalesce(bool_or(stretches.starts_at < days.ends_at AND stretches.ends_at >= days.starts_at), false) AS touched
    FROM outlet_days AS days
    INNER JOIN sources USING (outlet_id)
    LEFT JOIN stretches USING (outlet_id, place)
    GROUP BY days.outlet_id, days.day, sources.place, sources.source_kind, sources.since, sources.until, days.ends_at
),

coverage AS (
    SELECT
        outlet_id, day,
        coalesce(bool_or(whole) FILTER (source_kind = 'sitemap'), false)
        OR coalesce(bool_and(whole) FILTER (source_kind = 'feed' AND owes), false) AS is_whole,
        bool_or(touched) AS is_touched
    FROM source_days
    GROUP BY outlet_id, day
),

failures AS (
    SELECT
        days.outlet_id, days.day,
        count(*) AS failed_polls,
        bool_and(reason IN ('robots', 'forbidden')) AS all_blocked,
        mode(reason ORDER BY reason) AS reason
    FROM outlet_days AS days
    INNER JOIN warehouse.collection.polls AS polls
        ON days.outlet_id = polls.outlet_id AND polls.polled_at >= days.starts_at AND polls.polled_at < days.ends_at AND polls.result = 'failed'
    GROUP BY days.outlet_id, days.day
),

counted AS (
    SELECT
        outlet_id, day,
        count(*) AS discovered,
        count(*) FILTER (ended_as = 'known') AS known,
        count(*) FILTER (was_fetched) AS fetched,
        count(*) FILTER (ended_as = 'new') AS new,
        count(*) FILTER (ended_as = 'rejected') AS rejected,
        count(*) FILTER (ended_as = 'failed') AS failed
    FROM warehouse.core.item_ends
    GROUP BY outlet_id, day
),

unreached AS (
    SELECT outlet_id, day, mode(unreached ORDER BY unreached) AS unreached
    FROM warehouse.core.item_ends
    WHERE ended_as = 'failed' AND unreached <> 'not_found'
    GROUP BY outlet_id, day
),

judged AS (
    SELECT
        days.outlet_id, days.day,
        CASE
            WHEN is_whole AND unreached IS NULL THEN 'complete'
            WHEN is_whole OR is_touched OR has_own_article THEN 'partial'
            WHEN in_archive THEN 'archive'
            WHEN all_blocked THEN 'blocked'
            WHEN failed_polls > 0 THEN 'outage'
            ELSE 'not_due'
        END AS status,
        coalesce(CASE WHEN is_whole THEN unreached END, failures.reason) AS failure,
        days.starts_at < since.outlet_since AS before_first_poll,
        days.ends_at > until.last_poll AS open
    FROM outlet_days AS days
    LEFT JOIN coverage USING (outlet_id, day)
    LEFT JOIN failures USING (outlet_id, day)
    LEFT JOIN unreached USING (outlet_id, day)
    LEFT JOIN (SELECT outlet_id, min(polled_at) AS outlet_since FROM warehouse.collection.polls GROUP BY outlet_id) AS since USING (outlet_id)
    LEFT JOIN (SELECT outlet_id, max(polled_at) AS last_poll FROM warehouse.collection.polls GROUP BY outlet_id) AS until USING (outlet_id)
),

days AS (
    SELECT
        judged.outlet_id, judged.day, judged.status,
        CASE
            WHEN status IN ('complete', 'archive') THEN NULL
            WHEN status = 'not_due' THEN 'no_poll'
            WHEN failure IS NOT NULL THEN failure
            WHEN before_first_poll THEN 'before_first_poll'
            WHEN open THEN 'open'
            ELSE 'gap'
        END AS reason,
        coalesce(discovered, 0) AS discovered,
        coalesce(known, 0) AS known,
        coalesce(fetched, 0) AS fetched,
        coalesce(new, 0) AS new,
        coalesce(rejected, 0) AS rejected,
        coalesce(failed, 0) AS failed,
        status IN ('complete', 'archive') AS is_whole
    FROM judged
    LEFT JOIN counted USING (outlet_id, day)
),

-- What is usual for an outlet, robustly: median and median absolute deviation of its whole days in the 28 days before, working days and weekends
-- apart; the spread is at least that of independent arrivals (the root of the median).
history AS (
    SELECT
        *,
        count(*) FILTER (is_whole) OVER earlier AS past_days,
        median(new) FILTER (is_whole) OVER earlier AS usual,
        greatest(1.4826 * mad(new) FILTER (is_whole) OVER earlier, sqrt(median(new) FILTER (is_whole) OVER earlier)) AS spread
    FROM days
    WINDOW earlier AS (
        PARTITION BY outlet_id, isodow(day) > 5 ORDER BY day RANGE BETWEEN INTERVAL 28 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
),

expected AS (
    SELECT
        history.*,
        past_days >= CASE WHEN isodow(day) > 5 THEN 4 ELSE 7 END AS has_history,
        -- until there is a history, a third to three times what the outlet's file expects
        coalesce(articles_per_day_min, CASE WHEN has_history THEN greatest(0, floor(usual - 3 * spread)) ELSE floor(articles_per_day / 3) END)::BIGINT AS expected_min,
        coalesce(articles_per_day_max, CASE WHEN has_history THEN ceil(usual + 3 * spread) ELSE ceil(articles_per_day * 3) END)::BIGINT AS expected_max
    FROM history
    INNER JOIN warehouse.core.outlets USING (outlet_id)
)

SELECT
    outlet_id,
    day,
    status,
    reason,
    discovered,
    known,
    fetched,
    new,
    rejected,
    failed,
    expected_min,
    expected_max,
    CASE
        WHEN NOT is_whole OR coalesce(expected_min, expected_max) IS NULL THEN NULL
        WHEN new < expected_min THEN 'low'
        WHEN new > expected_max THEN 'high'
        ELSE 'usual'
    END AS volume
FROM expected
ORDER BY outlet_id, day
