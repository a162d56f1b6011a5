-- How much was written about each candidate, and how much of it is new?
-- Grain: watch list and candidate. Read by: the report; exported.
CREATE TEMP TABLE candidate_totals AS
WITH
counted AS (
    SELECT
        watchlist_id, candidate_id, sum(articles)::BIGINT AS articles, sum(race_articles)::BIGINT AS race_articles, sum(originals)::BIGINT AS originals,
        sum(mentions)::BIGINT AS mentions, count(*) FILTER (articles > 0) AS outlet_days
    FROM cells
    GROUP BY watchlist_id, candidate_id
),

named AS (
    SELECT watchlist_id, candidate_id, count(DISTINCT story_id) AS stories, count(DISTINCT outlet_id) AS outlets
    FROM receipts
    GROUP BY watchlist_id, candidate_id
),

compared AS (
    SELECT watchlist_id, candidate_id, sum(mentions)::BIGINT AS mentions_comparable, sum(mentions_before)::BIGINT AS mentions_before
    FROM comparable
    GROUP BY watchlist_id, candidate_id
),

-- A candidate keeps the accent colour from week to week: it goes by all that is published, not by the week.
ranked AS (
    SELECT
        candidate.candidate_id,
        row_number() OVER (PARTITION BY candidate.watchlist_id ORDER BY coalesce(sum(named.mention_count), 0) DESC, candidate.candidate_id) AS accent
    FROM candidates AS candidate
    LEFT JOIN article_candidates AS named ON candidate.candidate_id = named.candidate_id
    GROUP BY candidate.watchlist_id, candidate.candidate_id
)

SELECT
    counted.watchlist_id, counted.candidate_id, candidate.name AS candidate_name, candidate.country, candidate.status, counted.mentions,
    counted.mentions / nullif(sum(counted.mentions) OVER (PARTITION BY counted.watchlist_id), 0)::DOUBLE AS share_of_voice,
    counted.articles, CASE WHEN counted.articles IS NOT NULL THEN coalesce(named.stories, 0) END AS stories, counted.originals, counted.race_articles,
    CASE WHEN counted.articles IS NOT NULL THEN coalesce(named.outlets, 0) END AS outlets, compared.mentions_comparable, compared.mentions_before,
    ranked.accent
FROM counted
INNER JOIN candidates AS candidate ON counted.candidate_id = candidate.candidate_id
INNER JOIN ranked ON counted.candidate_id = ranked.candidate_id
LEFT JOIN named ON counted.watchlist_id = named.watchlist_id AND counted.candidate_id = named.candidate_id
LEFT JOIN compared ON counted.watchlist_id = compared.watchlist_id AND counted.candidate_id = compared.candidate_id
ORDER BY counted.watchlist_id, counted.mentions DESC NULLS LAST, counted.articles DESC NULLS LAST, candidate.name, counted.candidate_id;

COMMENT ON TABLE candidate_totals IS 'The candidates in the period, at the outlets and days that are known. Grain: watch list and candidate.';
COMMENT ON COLUMN candidate_totals.candidate_name IS 'Full name of the candidate.';
COMMENT ON COLUMN candidate_totals.country IS 'Country of the candidate, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN candidate_totals.mentions IS 'Mentions of the candidate; NULL where nothing is known.';
COMMENT ON COLUMN candidate_totals.share_of_voice IS 'The candidate''s mentions over all mentions of the watch list in the period; NULL where there are none.';
COMMENT ON COLUMN candidate_totals.articles IS 'Articles (canonical URLs) that name the candidate.';
COMMENT ON COLUMN candidate_totals.stories IS 'Distinct stories among them over the whole period: a text that many outlets ran counts once.';
COMMENT ON COLUMN candidate_totals.originals IS 'Stories among them whose lead is in the period and the panel: wire copy taken from elsewhere does not count.';
COMMENT ON COLUMN candidate_totals.race_articles IS 'Articles among them that are about the contest and treat the candidate as a contender or possible one.';
COMMENT ON COLUMN candidate_totals.outlets IS 'Outlets that name the candidate.';
COMMENT ON COLUMN candidate_totals.mentions_comparable IS 'Mentions on the outlet-days that can be compared with the period before (complete both times).';
COMMENT ON COLUMN candidate_totals.mentions_before IS 'Mentions on the same outlet-days one period earlier; NULL where nothing can be compared.';
COMMENT ON COLUMN candidate_totals.accent IS 'Rank by mentions in the whole published file, which decides the colour.';
