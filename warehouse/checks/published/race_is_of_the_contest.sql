-- critical: nobody is in the race in an article that is not about the contest
SELECT article_id, candidate_id
FROM published.article_candidates
INNER JOIN published.candidates USING (candidate_id)
ANTI JOIN (FROM published.article_watchlists WHERE in_race) AS about USING (article_id, watchlist_id)
WHERE in_race
