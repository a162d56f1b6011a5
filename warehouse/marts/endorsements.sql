-- Grain: article, endorser and candidate. Reads: article_statements, ledger_relations, touched_statements.
SELECT
    said.article_id, said.watchlist_id, said.endorser, said.candidate_id, said.stance, said.status, said.speaker, said.speaker_role, said.said_on,
    said.evidence, relations.relation = 'first' AS is_first_report, relations.relation,
    coalesce(coalesce(said.said_on, said.published_on) > said.decided_on, false) AS is_after_decision,
    said.field, said.char_start, said.char_end, said.rule
FROM article_statements AS said
INNER JOIN ledger_relations AS relations USING (article_id, endorser, candidate_id)
SEMI JOIN touched_statements AS touched ON said.article_id = touched.article_id
ORDER BY said.article_id, said.endorser, said.candidate_id
