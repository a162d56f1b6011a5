-- What was read (read_texts, read_fingerprints) replaces what the index holds of the same articles; articles that are gone leave it.
-- Leaves compared_texts: the texts whose candidates for copies are to be looked for.
CREATE OR REPLACE TEMP TABLE left_articles AS
SELECT known.article_id, known.text_id
FROM warehouse.core.article_texts AS known
SEMI JOIN touched_articles USING (article_id)
LEFT JOIN article_pages AS pages ON known.article_id = pages.article_id AND pages.text IS NOT NULL
WHERE pages.article_id IS NULL OR known.article_id IN (SELECT article_id FROM read_texts);

DELETE FROM warehouse.core.article_texts WHERE article_id IN (SELECT article_id FROM left_articles);
INSERT INTO warehouse.core.article_texts FROM read_texts;
CREATE OR REPLACE TEMP TABLE left_texts AS
SELECT DISTINCT text_id FROM left_articles ANTI JOIN warehouse.core.article_texts USING (text_id);

CREATE OR REPLACE TEMP TABLE fresh_texts AS
SELECT DISTINCT text_id FROM read_texts ANTI JOIN warehouse.core.texts USING (text_id);

-- fingerprints whose number of texts may have passed the limit, this way or that
CREATE OR REPLACE TEMP TABLE touched_fingerprints AS
SELECT DISTINCT fingerprint FROM read_fingerprints SEMI JOIN fresh_texts USING (text_id)
UNION
SELECT DISTINCT fingerprint FROM warehouse.core.text_fingerprints SEMI JOIN left_texts USING (text_id)
SEMI JOIN warehouse.core.common_fingerprints USING (fingerprint);

-- copies of a text that is gone may have another lead now
INSERT INTO affected_texts
SELECT other FROM warehouse.core.text_pairs SEMI JOIN left_texts ON one = left_texts.text_id WHERE is_copy
UNION
SELECT one FROM warehouse.core.text_pairs SEMI JOIN left_texts ON other = left_texts.text_id WHERE is_copy
UNION
SELECT text_id FROM read_texts;

DELETE FROM warehouse.core.texts WHERE text_id IN (SELECT text_id FROM left_texts);
DELETE FROM warehouse.core.text_fingerprints WHERE text_id IN (SELECT text_id FROM left_texts);
DELETE FROM warehouse.core.text_pairs
WHERE one IN (SELECT text_id FROM left_texts) OR other IN (SELECT text_id FROM left_texts);

INSERT INTO warehouse.core.text_fingerprints BY NAME
SELECT text_id, fingerprint FROM read_fingerprints SEMI JOIN fresh_texts USING (text_id);
INSERT INTO warehouse.core.texts BY NAME
SELECT fresh_texts.text_id, count(fingerprint)::INTEGER AS fingerprint_count
FROM fresh_texts
LEFT JOIN read_fingerprints USING (text_id)
GROUP BY fresh_texts.text_id;

CREATE OR REPLACE TEMP TABLE common_now AS
SELECT fingerprint
FROM warehouse.core.text_fingerprints
SEMI JOIN touched_fingerprints USING (fingerprint)
GROUP BY fingerprint
HAVING count(*) > getvariable('common_limit');
CREATE OR REPLACE TEMP TABLE rare_again AS
SELECT fingerprint
FROM warehouse.core.common_fingerprints
SEMI JOIN touched_fingerprints USING (fingerprint)
ANTI JOIN common_now USING (fingerprint);
-- which fingerprints count decides which pairs are copies
INSERT INTO affected_texts
SELECT DISTINCT text_id
FROM warehouse.core.text_fingerprints
WHERE fingerprint IN (
    FROM rare_again
    UNION
    SELECT fingerprint FROM common_now ANTI JOIN warehouse.core.common_fingerprints USING (fingerprint)
);

DELETE FROM warehouse.core.common_fingerprints WHERE fingerprint IN (SELECT fingerprint FROM touched_fingerprints);
INSERT INTO warehouse.core.common_fingerprints FROM common_now;

-- what is rare again may propose pairs that it did not propose before
CREATE OR REPLACE TEMP TABLE compared_texts AS
SELECT row_number() OVER () AS number, text_id
FROM (
    SELECT text_id FROM fresh_texts
    UNION
    SELECT text_id FROM warehouse.core.text_fingerprints SEMI JOIN rare_again USING (fingerprint)
)
