-- critical: what a person took out is taken out, with a reason of config/corrections.toml
SELECT article_id, candidate_id, 'is counted' AS what
FROM (SELECT DISTINCT article_id, candidate_id FROM warehouse.core.suppressions)
SEMI JOIN published.mentions USING (article_id, candidate_id)
UNION ALL
SELECT article_id, candidate_id, 'nobody took it out'
FROM published.suppressed_mentions
ANTI JOIN warehouse.core.suppressions USING (article_id, candidate_id)
