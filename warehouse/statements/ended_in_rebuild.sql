-- Grain: outcome of an item that the old warehouse (old) does not know. How items ended when they were read first stands; what the old warehouse had not
-- read has ended now: in its own run, or in the one that rebuilds ($run_id) where its own run said that it waits.
CREATE OR REPLACE TEMP TABLE ended_now AS
SELECT ended.* REPLACE (CASE WHEN settled.item_id IS NULL THEN ended.run_id ELSE $run_id END AS run_id)
FROM history.outcomes AS ended
LEFT JOIN old.history.outcomes AS settled ON ended.run_id = settled.run_id AND ended.item_id = settled.item_id
LEFT JOIN (
    SELECT DISTINCT run_id, item_id
    FROM collection.fetches AS fetches
    SEMI JOIN core.pages AS pages USING (fetch_id)
    ANTI JOIN old.core.pages AS known USING (fetch_id)
) AS unread ON ended.run_id = unread.run_id AND ended.item_id = unread.item_id
WHERE settled.item_id IS NULL OR unread.item_id IS NOT NULL
