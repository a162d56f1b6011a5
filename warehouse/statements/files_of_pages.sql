-- Grain: archive file that pages of the given outlets ($outlets) lie in, with how many they are, and whether it was deleted by its owner's rule.
SELECT fetches.warc_file, count(*) AS pages, bool_or(pruned.warc_file IS NOT NULL) AS is_pruned
FROM collection.fetches AS fetches
LEFT JOIN collection.pruned AS pruned USING (warc_file)
WHERE fetches.result = 'fetched' AND fetches.warc_file IS NOT NULL AND list_contains($outlets, fetches.outlet_id)
GROUP BY fetches.warc_file
ORDER BY fetches.warc_file
