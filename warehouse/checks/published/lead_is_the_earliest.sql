-- critical: no copy came out before its lead
-- Days are those of two outlets, which may be two apart at one instant; a day without a time is its end.
SELECT copies.article_id, copies.published_at, copies.published_on, leads.article_id AS lead_article_id, leads.published_at AS lead_published_at
FROM (
    SELECT article_id, copy_of, published_at, published_on FROM published.articles WHERE copy_kind <> 'original'
) AS copies
INNER JOIN published.articles AS leads ON copies.copy_of = leads.article_id
WHERE
    copies.published_at < leads.published_at
    OR copies.published_on < leads.published_on - 2
    OR (copies.published_on IS NOT NULL AND leads.published_on IS NULL)
