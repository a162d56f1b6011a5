-- The articles of the cell, each with the lead of its story. Parameters: outlet_id, day, candidate_id. Grain: article, in the order of publication.
SELECT
    named.article_id, named.title, named.url, named.published_at, (named.published_at AT TIME ZONE outlets.timezone) AS published_local,
    named.day AS published_on, named.brussels_on, named.date_source, named.date_precision, named.first_seen_at,
    named.mention_count, named.in_title, named.in_lead, named.in_race, contest.in_race AS is_about_the_contest,
    named.copy_kind, named.story_id, named.wire_agency, lead.outlet_id AS lead_outlet_id, lead.url AS lead_url, lead.published_at AS lead_published_at
FROM cell_articles AS named
INNER JOIN outlets ON named.outlet_id = outlets.outlet_id
LEFT JOIN article_watchlists AS contest ON named.article_id = contest.article_id AND named.watchlist_id = contest.watchlist_id
LEFT JOIN articles AS lead ON named.copy_of = lead.article_id
WHERE named.outlet_id = $outlet_id AND named.day = $day AND named.candidate_id = $candidate_id
ORDER BY named.published_at NULLS LAST, named.article_id
