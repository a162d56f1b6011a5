-- The articles behind the counts: headline, link and one sentence, never the text.
-- Grain: article and candidate, in cells whose counts are known. Read by: outlet_days, candidate_totals, summary, top_stories; exported.
CREATE TEMP TABLE receipts AS
WITH
first_mentions AS (
    -- The sentence shown: from the text where there is one, since the headline stands beside it anyway.
    SELECT article_id, candidate_id, sentence, surface
    FROM mentions
    QUALIFY row_number() OVER (PARTITION BY article_id, candidate_id ORDER BY field = 'title', char_start, char_end) = 1
)

SELECT
    cell.watchlist_id, article.article_id, named.candidate_id, candidate.name AS candidate_name, article.outlet_id, outlet.name AS outlet_name,
    cell.day, article.published_at, article.language, article.title, article.url,
    -- Where no sentence end is found the "sentence" may be a whole article, which is not ours to share.
    CASE WHEN length(mention.sentence) > 500 THEN left(mention.sentence, 500) || '…' ELSE mention.sentence END AS sentence,
    mention.surface, named.mention_count AS mentions, named.in_title, named.in_lead, named.in_race, article.copy_kind,
    coalesce(article.story_id, article.article_id) AS story_id, article.wire_agency
FROM article_candidates AS named
INNER JOIN articles AS article ON named.article_id = article.article_id
INNER JOIN candidates AS candidate ON named.candidate_id = candidate.candidate_id
INNER JOIN outlets AS outlet ON article.outlet_id = outlet.outlet_id
INNER JOIN cells AS cell ON article.outlet_id = cell.outlet_id AND article.published_on = cell.day AND named.candidate_id = cell.candidate_id
LEFT JOIN first_mentions AS mention ON named.article_id = mention.article_id AND named.candidate_id = mention.candidate_id
WHERE cell.articles IS NOT NULL AND article.article_id NOT IN (SELECT article_id FROM uncounted)
ORDER BY cell.watchlist_id, article.outlet_id, cell.day, article.published_at NULLS LAST, article.article_id, named.candidate_id;

COMMENT ON TABLE receipts IS 'The articles behind the counts. Grain: article and candidate named in it.';
COMMENT ON COLUMN receipts.candidate_name IS 'Full name of the candidate.';
COMMENT ON COLUMN receipts.outlet_name IS 'Name of the outlet as readers know it.';
COMMENT ON COLUMN receipts.sentence IS 'The sentence around the first mention in the text (else in the headline), at most 500 characters.';
COMMENT ON COLUMN receipts.mentions IS 'Mentions of the candidate in headline and text.';
COMMENT ON COLUMN receipts.story_id IS 'The story; the article''s own identifier where it was not compared with others.';
COMMENT ON COLUMN receipts.in_race IS 'The article is about the contest and treats the candidate as a contender or possible one.';
