-- critical: the shares of voice of an outlet and day are the mentions over those of the watch list, and NULL where nobody is named
WITH lists AS (
    SELECT *, sum(mentions) OVER (PARTITION BY outlet_id, day, watchlist_id) AS list_mentions
    FROM published.coverage_by_outlet_day
)
SELECT outlet_id, day, watchlist_id, candidate_id, mentions, list_mentions, share_of_voice
FROM lists
WHERE CASE
    WHEN coalesce(list_mentions, 0) = 0 THEN share_of_voice IS NOT NULL
    ELSE share_of_voice IS NULL OR abs(share_of_voice - mentions / list_mentions) > 1e-9
END
