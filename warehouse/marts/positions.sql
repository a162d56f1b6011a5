-- Grain: endorser, candidate and change. Reads: ledger_positions, article_statements.
SELECT
    said.watchlist_id, positions.endorser, positions.candidate_id, positions.number, positions.changed_on, positions.date_precision, positions.date_basis,
    said.stance, said.status, said.speaker, said.speaker_role, positions.article_id AS first_article_id, said.evidence, positions.flag,
    positions.stated_on, positions.confirmations, positions.last_confirmed_on
FROM ledger_positions AS positions
INNER JOIN article_statements AS said USING (article_id, endorser, candidate_id)
ORDER BY said.watchlist_id, positions.endorser, positions.candidate_id, positions.number
