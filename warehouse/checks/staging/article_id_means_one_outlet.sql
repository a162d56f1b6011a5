-- critical: an article belongs to one outlet, in the batch and in what was read before
SELECT article_id, min(outlet_id) AS outlet_id, max(outlet_id) AS other_outlet_id
FROM (
    SELECT article_id, outlet_id FROM staging.pages WHERE rejected_reason IS NULL
    UNION ALL
    SELECT article_id, outlet_id
    FROM core.pages
    WHERE article_id IN (SELECT article_id FROM staging.pages WHERE rejected_reason IS NULL) AND rejected_reason IS NULL
)
GROUP BY article_id
HAVING min(outlet_id) <> max(outlet_id)
