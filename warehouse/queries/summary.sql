-- The headline figures.
-- Grain: watch list. Lists without a row of counts in the period have NULL everywhere and zero outlet-days. Read by: the report; exported.
CREATE TEMP TABLE summary AS
WITH
grid AS (
    SELECT
        watchlist_id, sum(articles)::BIGINT AS articles, sum(mentions)::BIGINT AS mentions, sum(total_articles)::BIGINT AS total_articles, count(DISTINCT outlet_id) AS outlets,
        count(DISTINCT outlet_id) FILTER (articles > 0) AS outlets_naming, count(DISTINCT outlet_id) FILTER (articles IS NOT NULL) AS outlets_known, count(*) AS outlet_days,
        count(*) FILTER (collection_status = 'complete') AS outlet_days_complete, count(*) FILTER (collection_status = 'archive') AS outlet_days_archive,
        count(*) FILTER (collection_status = 'partial') AS outlet_days_partial, count(*) FILTER (articles IS NULL AND collection_status <> 'partial') AS outlet_days_unknown,
        count(*) FILTER (NOT is_final) AS outlet_days_open
    FROM outlet_days
    GROUP BY watchlist_id
),

texts AS (
    SELECT watchlist_id, count(DISTINCT story_id) AS stories
    FROM receipts
    GROUP BY watchlist_id
),

compared AS (
    SELECT watchlist_id, count(DISTINCT (outlet_id, day)) AS outlet_days_comparable, sum(mentions)::BIGINT AS mentions_comparable, sum(mentions_before)::BIGINT AS mentions_before
    FROM comparable
    GROUP BY watchlist_id
),

articles_now AS (
    SELECT pair.watchlist_id, count(DISTINCT receipt.article_id) AS articles
    FROM comparable AS pair
    INNER JOIN receipts AS receipt
        ON pair.watchlist_id = receipt.watchlist_id AND pair.outlet_id = receipt.outlet_id AND pair.day = receipt.day AND pair.candidate_id = receipt.candidate_id
    GROUP BY pair.watchlist_id
),

articles_then AS (
    SELECT pair.watchlist_id, count(DISTINCT article.article_id) AS articles
    FROM comparable AS pair
    INNER JOIN articles AS article ON pair.outlet_id = article.outlet_id AND pair.day_before = article.published_on
    INNER JOIN article_candidates AS named ON article.article_id = named.article_id AND pair.candidate_id = named.candidate_id
    WHERE article.article_id NOT IN (SELECT article_id FROM uncounted)
    GROUP BY pair.watchlist_id
)

SELECT
    listed.watchlist_id, listed.title, listed.kind, listed.watched_from, listed.watched_until, grid.articles, grid.mentions,
    CASE WHEN grid.articles IS NOT NULL THEN coalesce(texts.stories, 0) END AS stories, grid.total_articles, coalesce(grid.outlets, 0) AS outlets,
    CASE WHEN grid.articles IS NOT NULL THEN grid.outlets_naming END AS outlets_naming, coalesce(grid.outlets_known, 0) AS outlets_known,
    coalesce(grid.outlet_days, 0) AS outlet_days, coalesce(grid.outlet_days_complete, 0) AS outlet_days_complete, coalesce(grid.outlet_days_archive, 0) AS outlet_days_archive,
    coalesce(grid.outlet_days_partial, 0) AS outlet_days_partial, coalesce(grid.outlet_days_unknown, 0) AS outlet_days_unknown,
    coalesce(grid.outlet_days_open, 0) AS outlet_days_open, coalesce(compared.outlet_days_comparable, 0) AS outlet_days_comparable,
    CASE WHEN compared.outlet_days_comparable > 0 THEN coalesce(articles_now.articles, 0) END AS articles_comparable,
    CASE WHEN compared.outlet_days_comparable > 0 THEN coalesce(articles_then.articles, 0) END AS articles_before,
    compared.mentions_comparable, compared.mentions_before
FROM watchlists AS listed
LEFT JOIN grid ON listed.watchlist_id = grid.watchlist_id
LEFT JOIN texts ON listed.watchlist_id = texts.watchlist_id
LEFT JOIN compared ON listed.watchlist_id = compared.watchlist_id
LEFT JOIN articles_now ON listed.watchlist_id = articles_now.watchlist_id
LEFT JOIN articles_then ON listed.watchlist_id = articles_then.watchlist_id
ORDER BY coalesce(grid.outlet_days, 0) = 0, grid.mentions DESC NULLS LAST, listed.watchlist_id;

COMMENT ON TABLE summary IS 'The headline figures of the period, at the outlets and days that are known. Grain: watch list.';
COMMENT ON COLUMN summary.articles IS 'Articles that name at least one candidate, each counted once; NULL where nothing is known.';
COMMENT ON COLUMN summary.mentions IS 'Mentions of all candidates; NULL where nothing is known.';
COMMENT ON COLUMN summary.stories IS 'Distinct stories among the articles: a text that many outlets ran counts once.';
COMMENT ON COLUMN summary.total_articles IS 'All articles of the panel, whether or not they name somebody.';
COMMENT ON COLUMN summary.outlets IS 'Outlets of the panel in the period.';
COMMENT ON COLUMN summary.outlets_naming IS 'Outlets that name at least one candidate.';
COMMENT ON COLUMN summary.outlets_known IS 'Outlets of which at least one day is known.';
COMMENT ON COLUMN summary.outlet_days IS 'Outlet-days of the panel in the period.';
COMMENT ON COLUMN summary.outlet_days_complete IS 'Of those: known in full.';
COMMENT ON COLUMN summary.outlet_days_archive IS 'Of those: filled from an archive, as far as it holds them.';
COMMENT ON COLUMN summary.outlet_days_partial IS 'Of those: something may be missing.';
COMMENT ON COLUMN summary.outlet_days_unknown IS 'Of those: nothing is known.';
COMMENT ON COLUMN summary.outlet_days_open IS 'Of those: not final yet, counts may still grow.';
COMMENT ON COLUMN summary.outlet_days_comparable IS 'Of those: complete (or archive) now and one period earlier.';
COMMENT ON COLUMN summary.articles_comparable IS 'Articles on the comparable outlet-days; NULL where there are none.';
COMMENT ON COLUMN summary.articles_before IS 'Articles on the same outlet-days one period earlier; NULL where nothing can be compared.';
COMMENT ON COLUMN summary.mentions_comparable IS 'Mentions on the comparable outlet-days; NULL where there are none.';
COMMENT ON COLUMN summary.mentions_before IS 'Mentions on the same outlet-days one period earlier; NULL where nothing can be compared.';
