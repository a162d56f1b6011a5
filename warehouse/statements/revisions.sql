-- Grain of new_revisions: cell that was final (final_cells, of the file before) and measure that differs now. Reads: previous, the file that is built.
-- Reasons, of which several may hold:
--   late_arrival  an article of the day was not in the file before
--   redated       an article moved from or to another day
--   removed       an article is none any more
--   uncounted     an article is dated into the future of its fetch, or no longer is
--   merged        an article's place among its copies changed
--   correction    config/corrections.toml takes mentions out, or no longer does
--   edited        the headline or the text of an article changed
--   reread        other code read or counted the same page
--   names         another configuration reads the same text otherwise: a new form of a name, a further candidate
--   collection    the day became known, or unknown
--   panel         dates or outlets of the configuration took the day or an article in or out
--   unexplained   none of these
CREATE OR REPLACE TEMP TABLE changed_counts AS
WITH pairs AS (
    SELECT
        before.outlet_id, before.day, before.candidate_id, before.watchlist_id, unnest([
            {measure: 'articles', before: before.articles::DOUBLE, after: now.articles::DOUBLE},
            {measure: 'race_articles', before: before.race_articles, after: now.race_articles},
            {measure: 'unique_articles', before: before.unique_articles, after: now.unique_articles},
            {measure: 'originals', before: before.originals, after: now.originals},
            {measure: 'mentions', before: before.mentions, after: now.mentions},
            {measure: 'total_articles', before: before.total_articles, after: now.total_articles},
            {measure: 'share_of_voice', before: before.share_of_voice, after: now.share_of_voice}
        ]) AS count,
        now.outlet_id IS NULL AS is_gone,
        (before.collection_status IN ('outage', 'blocked', 'not_due')) IS DISTINCT FROM (now.collection_status IN ('outage', 'blocked', 'not_due'))
        AND now.outlet_id IS NOT NULL AS is_found
    FROM final_cells AS before
    LEFT JOIN coverage_by_outlet_day AS now USING (outlet_id, day, candidate_id)
)

SELECT outlet_id, day, candidate_id, watchlist_id, count.measure, count.before, count.after, is_gone, is_found
FROM pairs
WHERE count.before IS DISTINCT FROM count.after;

CREATE OR REPLACE TEMP TABLE revised_days AS SELECT DISTINCT outlet_id, day FROM changed_counts;

-- the articles that were or are on such a day, as they were and as they are
CREATE OR REPLACE TEMP TABLE revised_articles AS
WITH ids AS (
    SELECT article_id FROM previous.articles SEMI JOIN revised_days ON articles.outlet_id = revised_days.outlet_id AND published_on = day
    UNION
    SELECT article_id FROM articles SEMI JOIN revised_days ON articles.outlet_id = revised_days.outlet_id AND published_on = day
),

was AS (
    SELECT articles.*, uncounted.reason AS uncounted
    FROM (FROM previous.articles SEMI JOIN ids USING (article_id)) AS articles
    LEFT JOIN previous.uncounted AS uncounted USING (article_id)
),

now AS (
    SELECT articles.*, uncounted.reason AS uncounted
    FROM (FROM articles SEMI JOIN ids USING (article_id)) AS articles
    LEFT JOIN uncounted USING (article_id)
)

SELECT
    coalesce(now.article_id, was.article_id) AS article_id, coalesce(now.outlet_id, was.outlet_id) AS outlet_id,
    was.published_on AS day_before, now.published_on AS day_now,
    was.article_id IS NOT NULL AS was_there, now.article_id IS NOT NULL AS is_there,
    was.uncounted AS uncounted_before, now.uncounted AS uncounted_now,
    was.title IS DISTINCT FROM now.title
    OR (was.text IS NOT NULL AND now.text IS NOT NULL AND was.text <> now.text) OR was.word_count IS DISTINCT FROM now.word_count AS is_edited,
    (was.story_id, was.copy_kind) IS DISTINCT FROM (now.story_id, now.copy_kind) AS is_merged
FROM now
FULL JOIN was USING (article_id);

CREATE OR REPLACE TEMP TABLE revised_candidates AS
SELECT
    article_id, candidate_id, was.mention_count IS DISTINCT FROM now.mention_count OR was.in_race IS DISTINCT FROM now.in_race AS is_changed,
    coalesce(hid.hidden, 0) <> coalesce(hides.hidden, 0) AS is_corrected
FROM (FROM previous.article_candidates SEMI JOIN revised_articles USING (article_id)) AS was
FULL JOIN (FROM article_candidates SEMI JOIN revised_articles USING (article_id)) AS now USING (article_id, candidate_id)
LEFT JOIN (SELECT article_id, candidate_id, count(*) AS hidden FROM previous.suppressed_mentions GROUP BY ALL) AS hid USING (article_id, candidate_id)
LEFT JOIN (SELECT article_id, candidate_id, count(*) AS hidden FROM suppressed_mentions GROUP BY ALL) AS hides USING (article_id, candidate_id);

-- Grain: article, day and reason; kind says which measures it can change.
CREATE OR REPLACE TEMP TABLE revision_events AS
SELECT DISTINCT article_id, outlet_id, unnest([day_before, day_now]) AS day, 'move' AS kind,
    CASE
        WHEN NOT was_there THEN 'late_arrival'
        WHEN NOT is_there AND outlet_id NOT IN (SELECT outlet_id FROM outlets) THEN 'panel'
        WHEN NOT is_there THEN 'removed'
        WHEN day_before IS DISTINCT FROM day_now THEN 'redated'
        WHEN 'off_panel' IN (uncounted_before, uncounted_now) THEN 'panel'
        ELSE 'uncounted'
    END AS reason
FROM revised_articles
WHERE NOT was_there OR NOT is_there OR day_before IS DISTINCT FROM day_now OR uncounted_before IS DISTINCT FROM uncounted_now
UNION ALL
SELECT article_id, outlet_id, day_now, 'merge', 'merged'
FROM revised_articles
WHERE is_merged AND was_there AND is_there;

-- Grain: outlet, day, candidate and reason, of articles that name or named the candidate.
CREATE OR REPLACE TEMP TABLE candidate_events AS
SELECT events.outlet_id, events.day, named.candidate_id, events.kind, events.reason
FROM revision_events AS events
INNER JOIN revised_candidates AS named USING (article_id)
UNION
SELECT
    articles.outlet_id, articles.day_now, named.candidate_id, 'reading',
    CASE
        WHEN is_corrected THEN 'correction'
        WHEN is_edited THEN 'edited'
        WHEN (SELECT code_version FROM previous.snapshot) <> getvariable('revising_code') THEN 'reread'
        WHEN (SELECT config_hash FROM previous.snapshot) <> getvariable('revising_config') THEN 'names'
        ELSE 'reread'
    END
FROM revised_candidates AS named
INNER JOIN revised_articles AS articles USING (article_id)
WHERE is_changed AND was_there AND is_there;

CREATE OR REPLACE TEMP TABLE new_revisions AS
WITH reasons AS (
    SELECT changed.outlet_id, changed.day, changed.candidate_id, changed.measure, events.reason
    FROM changed_counts AS changed
    INNER JOIN candidate_events AS events
        ON changed.outlet_id = events.outlet_id AND changed.day = events.day AND changed.candidate_id = events.candidate_id
    WHERE changed.measure <> 'total_articles' AND (events.kind <> 'merge' OR changed.measure IN ('unique_articles', 'originals'))
    UNION
    -- a share changes with the mentions of everybody on the list
    SELECT changed.outlet_id, changed.day, changed.candidate_id, changed.measure, events.reason
    FROM changed_counts AS changed
    INNER JOIN candidate_events AS events ON changed.outlet_id = events.outlet_id AND changed.day = events.day
    INNER JOIN candidates ON events.candidate_id = candidates.candidate_id AND changed.watchlist_id = candidates.watchlist_id
    WHERE changed.measure = 'share_of_voice' AND events.kind <> 'merge'
    UNION
    SELECT changed.outlet_id, changed.day, changed.candidate_id, changed.measure, events.reason
    FROM changed_counts AS changed
    INNER JOIN revision_events AS events ON changed.outlet_id = events.outlet_id AND changed.day = events.day
    WHERE changed.measure = 'total_articles' AND events.kind = 'move'
    UNION
    SELECT outlet_id, day, candidate_id, measure, CASE WHEN is_gone THEN 'panel' ELSE 'collection' END
    FROM changed_counts
    WHERE is_gone OR is_found
)

SELECT
    changed.outlet_id, changed.day, changed.candidate_id, changed.measure, changed.before, changed.after,
    coalesce(string_agg(reasons.reason, ', ' ORDER BY reasons.reason), 'unexplained') AS reason,
    getvariable('revising_run')::VARCHAR AS run_id
FROM changed_counts AS changed
LEFT JOIN reasons USING (outlet_id, day, candidate_id, measure)
GROUP BY changed.outlet_id, changed.day, changed.candidate_id, changed.measure, changed.before, changed.after
ORDER BY changed.outlet_id, changed.day, changed.candidate_id, changed.measure
