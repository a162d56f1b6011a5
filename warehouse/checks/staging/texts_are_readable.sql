-- critical: the letters of an outlet's articles are letters: of twenty or more, no half is written in the wrong encoding
SELECT outlet_id, count(*) AS articles, count(*) FILTER (is_garbled) AS garbled
FROM (
    SELECT
        outlet_id,
        regexp_matches(title || ' ' || left(text, 2000), '[ÃÐÑ][\x{80}-\x{BF}]|â€[™œ“”¦˜¢]|Ã[©¨¼¶¤±³¡]|\x{FFFD}') AS is_garbled
    FROM staging.pages
    WHERE rejected_reason IS NULL AND text IS NOT NULL
)
GROUP BY outlet_id
HAVING count(*) >= 20 AND count(*) FILTER (is_garbled) > count(*) / 2
