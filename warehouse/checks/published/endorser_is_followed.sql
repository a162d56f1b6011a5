-- critical: every endorsement and position is of an article, an endorser and a candidate that are published
SELECT endorsements.article_id, endorsements.endorser, endorsements.candidate_id
FROM published.endorsements AS endorsements
LEFT JOIN published.endorsers AS endorsers USING (watchlist_id, endorser)
LEFT JOIN published.candidates AS candidates ON endorsements.candidate_id = candidates.candidate_id AND endorsements.watchlist_id = candidates.watchlist_id
LEFT JOIN published.articles AS articles USING (article_id)
WHERE endorsers.name IS NULL OR candidates.name IS NULL OR articles.article_id IS NULL
