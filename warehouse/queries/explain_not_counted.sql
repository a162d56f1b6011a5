-- What could have been in the cell and is not. Parameters: outlet_id, day, candidate_id.
-- Grain: article and why: suppressed (corrections.toml), office (the candidate is named by an office alone), undated, off_panel, future (see uncounted).
-- Undated articles have no day; those are listed that came in on this one.
WITH
here AS (
    SELECT articles.*, uncounted.reason AS uncounted
    FROM articles
    LEFT JOIN uncounted USING (article_id)
    WHERE outlet_id = $outlet_id AND (
        published_on = $day
        OR uncounted.reason = 'undated' AND (first_seen_at AT TIME ZONE (SELECT timezone FROM outlets WHERE outlet_id = $outlet_id))::DATE = $day
    )
),

suppressed AS (
    SELECT article_id, any_value(reason) AS detail, list(DISTINCT surface ORDER BY surface) AS surfaces, count(*) AS mentions
    FROM suppressed_mentions
    WHERE candidate_id = $candidate_id
    GROUP BY article_id
),

offices AS (
    SELECT article_id, list(DISTINCT surface ORDER BY surface) AS surfaces, count(*) AS mentions
    FROM office_references
    WHERE candidate_id = $candidate_id
    GROUP BY article_id
),

named AS (
    SELECT article_id, list(DISTINCT surface ORDER BY surface) AS surfaces, count(*) AS mentions
    FROM mentions
    WHERE candidate_id = $candidate_id
    GROUP BY article_id
)

SELECT article_id, title, url, published_at, first_seen_at, 'suppressed' AS why, detail, surfaces, mentions
FROM here
INNER JOIN suppressed USING (article_id)
UNION ALL BY NAME
SELECT article_id, title, url, published_at, first_seen_at, 'office' AS why, surfaces, mentions
FROM here
INNER JOIN offices USING (article_id)
ANTI JOIN named USING (article_id)
WHERE uncounted IS NULL
UNION ALL BY NAME
SELECT article_id, title, url, published_at, first_seen_at, uncounted AS why, surfaces, coalesce(mentions, 0) AS mentions
FROM here
LEFT JOIN named USING (article_id)
WHERE uncounted IS NOT NULL
ORDER BY why = 'suppressed' DESC, mentions DESC, why, article_id
