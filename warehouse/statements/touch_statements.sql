-- The articles whose statements are made anew: those touched, and those whose statements are now something else to the ledger.
CREATE OR REPLACE TEMP TABLE touched_statements AS
SELECT article_id FROM touched_articles
UNION
SELECT said.article_id
FROM article_statements AS said
INNER JOIN ledger_relations AS relations USING (article_id, endorser, candidate_id)
WHERE said.relation <> relations.relation
