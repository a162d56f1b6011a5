-- critical: race articles, unique articles and originals of a cell equal the rows that they come from
WITH named AS (
    SELECT articles.outlet_id, articles.published_on AS day, pairs.candidate_id, articles.article_id, articles.story_id, pairs.in_race
    FROM published.article_candidates AS pairs
    INNER JOIN published.articles AS articles USING (article_id)
    ANTI JOIN published.uncounted AS uncounted ON articles.article_id = uncounted.article_id
),

found AS (
    SELECT outlet_id, day, candidate_id, sum(in_race) AS races, sum(leads) AS leads, count(story_id) AS stories
    FROM (
        SELECT outlet_id, day, candidate_id, story_id, sum(in_race::INTEGER) AS in_race, sum((article_id = story_id)::INTEGER) AS leads
        FROM named
        GROUP BY outlet_id, day, candidate_id, story_id
    )
    GROUP BY outlet_id, day, candidate_id
)

SELECT outlet_id, day, candidate_id, race_articles, races, unique_articles, stories, originals, leads
FROM published.coverage_by_outlet_day
LEFT JOIN found USING (outlet_id, day, candidate_id)
WHERE articles IS NOT NULL AND (
    race_articles <> coalesce(races, 0) OR unique_articles <> coalesce(stories, 0) OR originals <> coalesce(leads, 0)
)
