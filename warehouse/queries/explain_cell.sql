-- The cell as it is published, and how well its day is covered. Parameters: outlet_id, day, candidate_id. Grain: one row, none outside the grid.
SELECT
    cell.articles, cell.race_articles, cell.unique_articles, cell.originals, cell.mentions, cell.list_mentions, cell.total_articles, cell.share_of_voice,
    cell.collection_status, cell.is_final, health.reason AS collection_reason, health.discovered, health.known, health.fetched, health.new, health.rejected,
    health.failed, health.volume
FROM coverage_by_outlet_day AS cell
INNER JOIN collection_health AS health USING (outlet_id, day)
WHERE outlet_id = $outlet_id AND day = $day AND cell.candidate_id = $candidate_id
