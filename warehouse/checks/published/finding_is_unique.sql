-- critical: every quote, statement, reference, correction and version is there once
SELECT 'quotes' AS found_in, article_id, candidate_id, direction AS detail, char_start, count(*) AS times
FROM published.quotes
GROUP BY article_id, candidate_id, direction, field, char_start
HAVING count(*) > 1
UNION ALL
SELECT 'endorsements', article_id, candidate_id, endorser, NULL, count(*)
FROM published.endorsements
GROUP BY article_id, endorser, candidate_id
HAVING count(*) > 1
UNION ALL
SELECT 'office_references', article_id, candidate_id, field, char_start, count(*)
FROM published.office_references
GROUP BY article_id, candidate_id, field, char_start
HAVING count(*) > 1
UNION ALL
SELECT 'suppressed_mentions', article_id, candidate_id, field, char_start, count(*)
FROM published.suppressed_mentions
GROUP BY article_id, candidate_id, field, char_start
HAVING count(*) > 1
UNION ALL
SELECT 'article_versions', article_id, title, seen_at::VARCHAR, NULL, count(*)
FROM published.article_versions
GROUP BY article_id, seen_at, title, changed
HAVING count(*) > 1
