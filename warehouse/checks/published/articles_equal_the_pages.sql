-- critical: every outlet has all its articles on their days, and no others: those that a page stands for
-- Of the whole file, by sums of hashes, so that an article that was forgotten or left behind shows.
SELECT outlet_id, told.found AS articles, pages.found AS pages
FROM (
    SELECT outlet_id, count(*) AS found, sum(hash(article_id, published_on)::HUGEINT) AS sums FROM published.articles GROUP BY outlet_id
) AS told
FULL JOIN (
    SELECT outlet_id, count(*) AS found, sum(hash(article_id, published_on)::HUGEINT) AS sums FROM warehouse.core.article_pages GROUP BY outlet_id
) AS pages USING (outlet_id)
WHERE told.found IS DISTINCT FROM pages.found OR told.sums IS DISTINCT FROM pages.sums
