-- The days from first_day to the one before last_day of the generated press (benchmarks/growth_world.py), as temporary tables made_<table> with the columns of the
-- warehouse. A function of its variables: everything is drawn by hash(), and a day is the same whatever the slice that it is made in.
--   number: of an article, counted through the days. content: the number of the article whose words it has, its own unless it is a copy.

-- Grain: article, as it is drawn.
CREATE OR REPLACE TEMP TABLE told AS
WITH panel AS (
    SELECT outlet_id, timezone, language, row_number() OVER (ORDER BY outlet_id) - 1 AS place, count(*) OVER () AS outlets FROM core.outlets
),

numbers AS (
    SELECT
        number,
        CASE WHEN number < getvariable('articles') THEN number * getvariable('days') // getvariable('articles')
            ELSE getvariable('days') + (number - getvariable('articles')) // getvariable('daily')
        END::INTEGER AS day_number
    FROM range(getvariable('first_number'), getvariable('last_number')) AS numbers (number)
),

placed AS (
    SELECT
        number, day_number, getvariable('begins_on') + day_number AS day,
        -- some outlets publish more than others
        floor((SELECT any_value(outlets) FROM panel) * pow((hash(number, 'outlet') % 1000003) / 1000003, 1.5))::BIGINT AS place,
        6 * 3600 + (hash(number, 'time') % 57000)::INTEGER AS second,
        hash(number, 'date') % 100 AS chance,
        day_number >= getvariable('texts_since') AS has_any_text,
        hash(number, 'copy') % 100 AS fate
    FROM numbers
)

SELECT
    number, day_number, day, outlet_id, language,
    has_any_text OR hash(number, 'named') % 1000 < 80 AS has_text,
    CASE WHEN fate < 5 THEN 'exact' WHEN fate = 5 THEN 'near' ELSE 'own' END AS fate,
    CASE WHEN chance = 0 THEN 'none' WHEN chance < 8 THEN 'day' ELSE 'second' END AS date_precision,
    ((day::TIMESTAMP + second * INTERVAL 1 SECOND) AT TIME ZONE timezone) AS published_at
FROM placed
INNER JOIN panel USING (place);

-- Grain: article, with the words that it has and when it was found. A copy takes the words of another article of its day.
CREATE OR REPLACE TEMP TABLE drawn AS
WITH originals AS (
    SELECT day_number, number AS content, row_number() OVER (PARTITION BY day_number ORDER BY number) - 1 AS place
    FROM told
    WHERE has_text AND fate = 'own'
),

days AS (
    SELECT day_number, count(*) AS originals FROM originals GROUP BY day_number
),

chosen AS (
    SELECT told.*, CASE WHEN has_text AND fate <> 'own' THEN hash(number, 'source') % originals END AS place
    FROM told
    LEFT JOIN days USING (day_number)
)

SELECT
    chosen.* EXCLUDE (place, fate),
    coalesce(originals.content, number) AS content,
    CASE WHEN originals.content IS NULL THEN 'own' ELSE fate END AS fate,
    time_bucket(INTERVAL 6 HOURS, published_at, TIMESTAMPTZ '2000-01-01 05:30:00+00') + INTERVAL 6 HOURS AS first_seen_at,
    format('{:016x}', hash(number, 'item')) AS item_id,
    format('{:016x}', hash(number, 'article')) AS article_id,
    format('<urn:uuid:{:016x}{:016x}>', hash(number, 'fetch'), hash(number, 'record')) AS fetch_id,
    md5('run ' || day_number) AS run_id
FROM chosen
LEFT JOIN originals USING (day_number, place);

-- Grain: content, with its words. phrases: three words each, of which texts are made; two in a row hardly ever come again.
CREATE OR REPLACE TEMP TABLE contents AS
WITH begun AS (
    SELECT
        content,
        bool_or(has_text) AS has_text,
        hash(content, 'named') % 1000 < 80 AS is_named,
        (15 * pow((hash(content, 'candidate') % 1000003) / 1000003, 2))::INTEGER % 15 AS candidate,
        array_to_string(list_transform(range(3), lambda k: getvariable('phrases')[(hash(content, 'title', k) % 20000)::INTEGER + 1]), ' ') AS headline
    FROM drawn
    GROUP BY content
),

named AS (
    SELECT
        *,
        CASE WHEN is_named THEN list_transform(
            range((1 + hash(content, 'mentions') % 6)::INTEGER),
            lambda k: ((candidate + CASE WHEN k % 3 = 2 THEN 1 + hash(content, 'other') % 5 ELSE 0 END) % 15)::INTEGER + 1
        ) ELSE [] END AS candidates,
        is_named AND hash(content, 'in title') % 4 = 0 AS in_title,
        CASE WHEN has_text THEN array_to_string(
            list_transform(range(12), lambda k: getvariable('phrases')[(hash(content, 'intro', k) % 20000)::INTEGER + 1]), ' '
        ) END AS intro,
        CASE WHEN has_text THEN array_to_string(
            list_transform(range(44), lambda k: getvariable('phrases')[(hash(content, 'rest', k) % 20000)::INTEGER + 1]), ' '
        ) END AS rest
    FROM begun
)

SELECT
    * EXCLUDE (headline),
    CASE WHEN in_title THEN getvariable('names')[candidate + 1] || ' ' ELSE '' END || headline AS title,
    list_transform(candidates, lambda one, k: getvariable('names')[one] || ' ' || array_to_string(
        list_transform(range(3), lambda j: getvariable('phrases')[(hash(content, 'sentence', k, j) % 20000)::INTEGER + 1]), ' '
    ) || '.') AS sentences
FROM named;

-- Grain: content and mention in its text.
CREATE OR REPLACE TEMP TABLE content_mentions AS
SELECT
    content, number, getvariable('candidate_ids')[candidates[number]] AS candidate_id, getvariable('names')[candidates[number]] AS surface,
    sentences[number] AS sentence,
    (length(intro) + 1 + coalesce(list_sum(list_transform(sentences[:number - 1], lambda one: length(one) + 1)), 0))::INTEGER AS char_start
FROM (SELECT content, candidates, sentences, intro, unnest(range(1, len(sentences) + 1)) AS number FROM contents WHERE has_text);

CREATE OR REPLACE TEMP TABLE made_items AS
SELECT
    item_id, outlet_id,
    'https://www.' || outlet_id || '.example/' || strftime(day, '%Y/%m/%d/') || replace(lower(title), ' ', '-') || '-' || number AS url,
    first_seen_at, 'https://www.' || outlet_id || '.example/feed' AS source_url, title,
    published_at, strftime(published_at AT TIME ZONE 'UTC', '%a, %d %b %Y %H:%M:%S GMT') AS published_raw, []::VARCHAR[] AS authors, NULL::VARCHAR AS language
FROM drawn
INNER JOIN contents USING (content)
ORDER BY number;

CREATE OR REPLACE TEMP TABLE made_fetches AS
SELECT
    fetch_id, 'own' AS origin, run_id, outlet_id, item_id, url,
    drawn.first_seen_at + INTERVAL 1 MINUTE + (hash(number, 'fetched') % 1100)::INTEGER * INTERVAL 1 SECOND AS fetched_at,
    'fetched' AS result, 200 AS http_status, 'text/html; charset=utf-8' AS content_type,
    strftime(day, '%Y/%m/%d-') || left(run_id, 8) || '.warc.gz' AS warc_file, (hash(number, 'offset') % 900000000)::BIGINT AS warc_offset, 1 AS attempt, 0 AS visit
FROM drawn
INNER JOIN made_items AS items USING (item_id, outlet_id)
ORDER BY number;

CREATE OR REPLACE TEMP TABLE made_pages AS
WITH worded AS (
    SELECT
        drawn.*, contents.title,
        CASE WHEN drawn.has_text THEN concat_ws(chr(10), intro, CASE WHEN is_named THEN array_to_string(sentences, chr(10)) END, rest || '.')
            || CASE WHEN fate = 'near' THEN ' ' || getvariable('phrases')[(hash(number, 'added') % 20000)::INTEGER + 1] || '.' ELSE '' END
        END AS text
    FROM drawn
    INNER JOIN contents USING (content)
)

SELECT
    fetch_id, 'own' AS origin, worded.outlet_id, worded.item_id, fetches.url, fetches.fetched_at, first_seen_at, article_id, fetches.url AS canonical_url, title, text,
    CASE WHEN text IS NULL THEN [] ELSE ['Reporter ' || hash(number, 'author') % 800] END AS authors, NULL::VARCHAR AS byline_org,
    CASE WHEN fate <> 'own' AND number % 3 = 0 THEN getvariable('agency') END AS wire_agency,
    CASE WHEN date_precision = 'second' THEN published_at END AS published_at,
    CASE WHEN date_precision <> 'none' THEN day END AS published_on,
    NULL::TIMESTAMPTZ AS modified_at, CASE WHEN date_precision <> 'none' THEN 'meta' END AS date_source, date_precision, language, 'full' AS access,
    (length(text) - length(replace(replace(text, ' ', ''), chr(10), '')) + 1)::INTEGER AS word_count,
    NULL::VARCHAR AS rejected_stage, NULL::VARCHAR AS rejected_reason, NULL::VARCHAR AS rejected_detail,
    getvariable('read_versions')[worded.outlet_id] AS read_version
FROM worded
INNER JOIN made_fetches AS fetches USING (fetch_id)
ORDER BY number;

CREATE OR REPLACE TEMP TABLE made_page_watchlists AS
SELECT
    fetch_id, getvariable('watchlist_id') AS watchlist_id, in_race,
    CASE WHEN in_race THEN list_sort(list_distinct(list_transform(candidates, lambda one: getvariable('candidate_ids')[one]))) ELSE [] END AS candidates_in_race,
    getvariable('list_version') AS list_version
FROM drawn
INNER JOIN (SELECT content, candidates, is_named AND hash(content, 'race') % 10 < 4 AS in_race FROM contents) USING (content)
ORDER BY number;

CREATE OR REPLACE TEMP TABLE made_page_mentions AS
SELECT
    fetch_id, getvariable('watchlist_id') AS watchlist_id, candidate_id, 'text' AS field, char_start, (char_start + length(surface))::INTEGER AS char_end,
    surface, sentence, 'full_name' AS rule
FROM drawn
INNER JOIN content_mentions USING (content)
UNION ALL
SELECT
    fetch_id, getvariable('watchlist_id'), getvariable('candidate_ids')[candidate + 1], 'title', 0, length(getvariable('names')[candidate + 1]),
    getvariable('names')[candidate + 1], title, 'full_name'
FROM drawn
INNER JOIN contents USING (content)
WHERE in_title;

-- One article in forty that names somebody has a statement of a country, one a quote, one an office.
CREATE OR REPLACE TEMP TABLE made_page_endorsements AS
SELECT
    fetch_id, getvariable('watchlist_id') AS watchlist_id, endorser, candidate_id,
    CASE WHEN (hash(endorser, candidate_id) % 10 < 7) = (hash(content, 'turn') % 50 > 0) THEN 'supports' ELSE 'opposes' END AS stance,
    CASE WHEN hash(content, 'status') % 10 < 5 THEN 'stated' WHEN hash(content, 'status') % 10 < 9 THEN 'reported' ELSE 'expected' END AS status,
    NULL::VARCHAR AS speaker, NULL::VARCHAR AS speaker_role, NULL::DATE AS said_on, 'text' AS field, char_start,
    (char_start + length(sentence))::INTEGER AS char_end, sentence AS evidence, 'backs' AS rule
FROM drawn
INNER JOIN (
    SELECT *, getvariable('endorsers')[(hash(content, 'endorser') % len(getvariable('endorsers')))::INTEGER + 1] AS endorser FROM content_mentions
) AS mentions USING (content)
WHERE mentions.number = 1 AND hash(content, 'statement') % 40 = 0;

CREATE OR REPLACE TEMP TABLE made_page_quotes AS
SELECT
    fetch_id, getvariable('watchlist_id') AS watchlist_id, candidate_id, 'by' AS direction, surface AS speaker, true AS is_direct, 'text' AS field,
    (char_start + length(surface) + 1)::INTEGER AS char_start, (char_start + length(sentence))::INTEGER AS char_end, sentence[length(surface) + 2:] AS quote
FROM drawn
INNER JOIN content_mentions USING (content)
WHERE content_mentions.number = 1 AND hash(content, 'quote') % 40 = 0;

CREATE OR REPLACE TEMP TABLE made_page_references AS
SELECT
    fetch_id, getvariable('watchlist_id') AS watchlist_id, candidate_id, 'text' AS field, 0 AS char_start, length(string_split(intro, ' ')[1])::INTEGER AS char_end,
    string_split(intro, ' ')[1] AS surface, 'office' AS rule
FROM drawn
INNER JOIN contents USING (content)
INNER JOIN content_mentions USING (content)
WHERE content_mentions.number = 1 AND hash(content, 'office') % 40 = 0;

-- Four polls a day of a feed of each outlet; new: what it lists for the first time.
CREATE OR REPLACE TEMP TABLE made_polls AS
WITH asked AS (
    SELECT
        outlet_id, day_number, hour,
        ((getvariable('begins_on') + day_number)::TIMESTAMP + hour * INTERVAL 1 HOUR + INTERVAL 30 MINUTE) AT TIME ZONE 'UTC' AS polled_at
    FROM core.outlets
    CROSS JOIN (SELECT unnest(range(getvariable('first_day'), getvariable('last_day')))::INTEGER AS day_number)
    CROSS JOIN (SELECT unnest([5, 11, 17, 23]) AS hour)
),

listed AS (
    SELECT outlet_id, first_seen_at AS polled_at, count(*) AS new FROM made_items GROUP BY ALL
)

SELECT
    md5('run ' || day_number) AS run_id, outlet_id, 'https://www.' || outlet_id || '.example/feed' AS source_url, 'feed' AS source_kind, polled_at,
    'ok' AS result, 200 AS http_status, 40 + coalesce(new, 0) AS listed,
    CASE WHEN day_number = 0 AND hour = 5 THEN 0 ELSE 40 END::BIGINT AS known, coalesce(new, 0) AS new, 0 AS failures, 0.0::DOUBLE AS failing,
    360.0::DOUBLE AS interval_minutes, polled_at + INTERVAL 6 HOURS AS due_at
FROM asked
LEFT JOIN listed USING (outlet_id, polled_at)
ORDER BY polled_at, outlet_id
