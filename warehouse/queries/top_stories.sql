-- Which stories were run most widely?
-- Grain: watch list and story, the ten widest. Read by: the report; exported.
CREATE TEMP TABLE top_stories AS
WITH
widest AS (
    SELECT watchlist_id, story_id, articles, outlets, mentions, row_number() OVER (PARTITION BY watchlist_id ORDER BY outlets DESC, articles DESC, mentions DESC, story_id) AS place
    FROM (
        SELECT watchlist_id, story_id, count(DISTINCT article_id) AS articles, count(DISTINCT outlet_id) AS outlets, sum(mentions)::BIGINT AS mentions
        FROM receipts
        GROUP BY watchlist_id, story_id
    )
    QUALIFY place <= 10
),

people AS (
    SELECT watchlist_id, story_id, string_agg(candidate_name, '; ' ORDER BY mentions DESC, candidate_name) AS candidate_names
    FROM (SELECT watchlist_id, story_id, candidate_name, sum(mentions) AS mentions FROM receipts GROUP BY watchlist_id, story_id, candidate_name)
    GROUP BY watchlist_id, story_id
),

shown AS (
    -- The lead where it is in the period; else the first article of the story that is.
    SELECT watchlist_id, story_id, article_id, candidate_id, outlet_id, outlet_name, day, title, url, sentence, surface
    FROM receipts
    QUALIFY
        row_number() OVER (
            PARTITION BY watchlist_id, story_id ORDER BY article_id = story_id DESC, published_at NULLS LAST, day, outlet_id, article_id, mentions DESC, candidate_id
        ) = 1
)

SELECT
    widest.watchlist_id, widest.place, widest.story_id, shown.title, shown.url, shown.sentence, shown.surface, shown.article_id, shown.outlet_id, shown.outlet_name, shown.day, story.wire_agency,
    people.candidate_names, widest.articles, widest.outlets, widest.mentions
FROM widest
INNER JOIN people ON widest.watchlist_id = people.watchlist_id AND widest.story_id = people.story_id
INNER JOIN shown ON widest.watchlist_id = shown.watchlist_id AND widest.story_id = shown.story_id
LEFT JOIN stories AS story ON widest.story_id = story.story_id
ORDER BY widest.watchlist_id, widest.place;

COMMENT ON TABLE top_stories IS 'The stories that most outlets ran. Grain: watch list and story, at most ten a list.';
COMMENT ON COLUMN top_stories.place IS 'Place by outlets, articles and mentions.';
COMMENT ON COLUMN top_stories.story_id IS 'The story; the article''s own identifier where it was not compared with others.';
COMMENT ON COLUMN top_stories.article_id IS 'The article shown: the lead where it is in the period, else the first article of the story that is.';
COMMENT ON COLUMN top_stories.outlet_id IS 'Outlet of the article shown.';
COMMENT ON COLUMN top_stories.outlet_name IS 'Name of the outlet as readers know it.';
COMMENT ON COLUMN top_stories.day IS 'Day of the article shown, in its outlet''s time zone.';
COMMENT ON COLUMN top_stories.sentence IS 'The sentence of that article around the first mention, at most 500 characters.';
COMMENT ON COLUMN top_stories.candidate_names IS 'Who is named, most mentioned first.';
COMMENT ON COLUMN top_stories.articles IS 'Articles of the story in the period.';
COMMENT ON COLUMN top_stories.outlets IS 'Outlets that ran it in the period.';
COMMENT ON COLUMN top_stories.mentions IS 'Mentions of candidates in them.';
