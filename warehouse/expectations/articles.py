"""The published articles."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, matches, one_of, present, unique

TABLE = "published.articles"
# what an archive holds of articles that name nobody may be without text, and then without what is told from it
COLUMNS = """
    article_id, outlet_id, url, length(trim(title)) AS title_length, date_precision, access, copy_kind, language,
    first_seen_at, date_source,
    CASE date_precision
        WHEN 'second' THEN published_at IS NOT NULL AND published_on IS NOT NULL
        WHEN 'day' THEN published_at IS NULL AND published_on IS NOT NULL
        WHEN 'none' THEN published_at IS NULL AND published_on IS NULL
    END::INTEGER AS dated_as_said,
    (published_on IS NULL OR published_on >= DATE '1990-01-01')::INTEGER AS plausible_date,
    (
        (story_id IS NULL) = (copy_kind IS NULL) AND (copy_kind IS NULL OR (copy_kind = 'original') = (copy_of IS NULL))
    )::INTEGER AS placed_in_story,
    (text IS NULL OR (word_count IS NOT NULL AND story_id IS NOT NULL))::INTEGER AS placed_if_read,
    CASE WHEN text IS NOT NULL THEN length(text) - word_count END AS letters_beyond_words,
    date_diff('day', published_on, brussels_on) AS days_to_brussels
"""


def expectations() -> list[Expectation]:
    """Identity, closed lists, dates, and a place among the copies."""
    return [
        unique("article_id"),
        unique("outlet_id", "url"),
        *present("article_id", "outlet_id", "url", "title_length", "date_precision", "access", "first_seen_at"),
        one_of("date_precision", "second", "day", "none"),
        one_of("date_source", "jsonld", "meta", "time", "feed", "url", "text"),
        one_of("access", "full", "metered", "stub"),
        one_of("copy_kind", "original", "exact", "near", "syndicated"),
        matches("article_id", r"^[0-9a-f]{16}$", "article_id is a hash"),
        matches("url", r"^https?://[^/\s]+", "url is a web address"),
        matches("language", r"^[a-z]{2}$", "language is ISO 639-1"),
        between("title_length", 1, 2_000, "title has a length that headlines have"),
        between("dated_as_said", 1, 1, "an instant is known where the precision says so"),
        between("plausible_date", 1, 1, "published_on is not before 1990"),
        between("placed_in_story", 1, 1, "a story says what place an article has in it"),
        between("placed_if_read", 1, 1, "a text has words and a story"),
        between("letters_beyond_words", 0, None, "words are no more than letters"),
        between("days_to_brussels", -1, 1, "the day in Brussels is that day or next to it"),
    ]
