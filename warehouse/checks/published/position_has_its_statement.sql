-- critical: every position is opened by an endorsement of the same words, and every endorsement that opens one has its position
SELECT positions.first_article_id, endorsements.article_id, coalesce(positions.endorser, endorsements.endorser) AS endorser
FROM published.positions AS positions
FULL JOIN (
    SELECT * FROM published.endorsements WHERE relation IN ('first', 'contradicts')
) AS endorsements
    ON positions.first_article_id = endorsements.article_id AND positions.endorser = endorsements.endorser
    AND positions.candidate_id = endorsements.candidate_id AND positions.evidence = endorsements.evidence AND positions.stance = endorsements.stance
WHERE endorsements.article_id IS NULL OR (positions.first_article_id IS NULL AND endorsements.relation = 'first')
