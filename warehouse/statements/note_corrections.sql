-- Articles over which people have decided otherwise than before (earlier_suppressions).
INSERT INTO core.changed_articles
SELECT article_id FROM (FROM core.suppressions EXCEPT ALL FROM earlier_suppressions)
UNION
SELECT article_id FROM (FROM earlier_suppressions EXCEPT ALL FROM core.suppressions)
