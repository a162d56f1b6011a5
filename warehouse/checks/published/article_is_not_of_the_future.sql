-- critical: no counted article is dated after the moment of the counts, and none was seen after it
SELECT article_id, outlet_id, published_on, first_seen_at, as_of
FROM published.articles
CROSS JOIN as_of
ANTI JOIN published.uncounted USING (article_id)
WHERE published_on > (as_of + INTERVAL 14 HOURS)::DATE OR first_seen_at > as_of
