-- What is kept of texts, so that stories grow without the texts of earlier days being read again (warehouse/stories.py). A function of core.pages
-- and of the code: it may be emptied at any time, the next publication fills it.

-- Grain: one row at most. Which code computed what stands below; another one begins anew.
CREATE TABLE core.story_index (version VARCHAR NOT NULL);

-- Grain: article whose text was read. text_id: the words of the text as a number (transforms/shingles.py), 0 where it has none.
CREATE TABLE core.article_texts (article_id VARCHAR NOT NULL, digest UBIGINT NOT NULL, text_id UBIGINT NOT NULL);

-- Grain: distinct text.
CREATE TABLE core.texts (text_id UBIGINT NOT NULL, fingerprint_count INTEGER NOT NULL);

-- Grain: distinct text and fingerprint (transforms/fingerprints.py).
CREATE TABLE core.text_fingerprints (text_id UBIGINT NOT NULL, fingerprint UBIGINT NOT NULL);

-- Grain: fingerprint that stands in too many texts to say anything.
CREATE TABLE core.common_fingerprints (fingerprint UBIGINT NOT NULL);

-- Grain: pair of distinct texts that were compared and are copies, or that only a chain of copies joins with their lead (is_copy false).
CREATE TABLE core.text_pairs (one UBIGINT NOT NULL, other UBIGINT NOT NULL, similarity DOUBLE NOT NULL, is_copy BOOLEAN NOT NULL);
