-- critical: one address of an outlet is one article
SELECT outlet_id, canonical_url, min(article_id) AS article_id, max(article_id) AS other_article_id
FROM staging.pages
WHERE rejected_reason IS NULL
GROUP BY outlet_id, canonical_url
HAVING min(article_id) <> max(article_id)
