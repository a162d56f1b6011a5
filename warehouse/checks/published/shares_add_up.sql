-- critical: the shares of voice of an outlet and day are the mentions over those of the watch list, and NULL where nobody is named
WITH lists AS (
    SELECT outlet_id, day, watchlist_id, sum(mentions) AS found FROM published.coverage_by_outlet_day GROUP BY outlet_id, day, watchlist_id
)
SELECT outlet_id, day, watchlist_id, candidate_id, mentions, list_mentions, found, share_of_voice
FROM published.coverage_by_outlet_day
INNER JOIN lists USING (outlet_id, day, watchlist_id)
WHERE list_mentions IS DISTINCT FROM found OR CASE
    WHEN coalesce(found, 0) = 0 THEN share_of_voice IS NOT NULL
    ELSE share_of_voice IS NULL OR abs(share_of_voice - mentions / found) > 1e-9
END
