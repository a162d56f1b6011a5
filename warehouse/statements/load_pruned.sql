-- Archive files that were deleted by their owner's rule.
INSERT INTO collection.pruned BY NAME
SELECT warc_file, min(pruned_at) AS pruned_at, any_value(bytes) AS bytes
FROM journal
WHERE event = 'prune'
GROUP BY warc_file
ON CONFLICT (warc_file) DO NOTHING
