"""The staged pages: articles and rejections of one batch."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import LANGUAGES, MOJIBAKE, between, matches, one_of, present, unique

TABLE = "staging.pages"
# an article of an archive that names nobody may be without text, and then without authors
COLUMNS = f"""
    fetch_id, outlet_id, item_id, url, fetched_at, first_seen_at, read_version, origin, rejected_reason, published_on, language,
    date_source,
    CASE WHEN rejected_reason IS NULL THEN article_id ELSE '0000000000000000' END AS article_id,
    CASE WHEN rejected_reason IS NULL THEN length(title) ELSE 1 END AS title_length,
    CASE WHEN rejected_reason IS NULL AND (origin <> 'archive' OR text IS NOT NULL) THEN length(text) ELSE 1 END AS text_length,
    CASE WHEN rejected_reason IS NULL AND (origin <> 'archive' OR text IS NOT NULL) THEN len(authors) ELSE 0 END AS author_count,
    CASE WHEN rejected_reason IS NULL THEN date_precision ELSE 'none' END AS date_precision,
    CASE WHEN rejected_reason IS NULL THEN access ELSE 'full' END AS access,
    CASE WHEN rejected_reason IS NULL THEN canonical_url ELSE url END AS canonical_url,
    (title LIKE '%�%' OR text LIKE '%�%')::INTEGER AS undecodable,
    CASE WHEN rejected_reason IS NULL THEN regexp_matches(title || left(coalesce(text, ''), 2000), '{MOJIBAKE}')::INTEGER END AS garbled,
    CASE WHEN rejected_reason IS NULL THEN (published_on IS NULL)::INTEGER END AS undated,
    CASE WHEN rejected_reason IS NULL THEN (published_on > fetched_at::DATE + 1)::INTEGER END AS of_the_future,
    CASE WHEN rejected_reason IS NULL THEN (language IS NULL)::INTEGER END AS unnamed_language,
    CASE
        WHEN rejected_reason IS NULL THEN published_on IS NULL OR published_on >= DATE '1990-01-01' ELSE true
    END::INTEGER AS plausible_date
"""


def expectations() -> list[Expectation]:
    """Every row has an identity; every article a title, a text, and dates and languages that can be."""
    return [
        unique("fetch_id"),
        *present("fetch_id", "outlet_id", "item_id", "url", "fetched_at", "first_seen_at", "read_version", "origin"),
        *present("article_id", "canonical_url", "title_length", "text_length", "author_count", "date_precision", "access"),
        one_of("origin", "own", "archive"),
        matches("article_id", r"^[0-9a-f]{16}$", "article_id is a hash"),
        matches("canonical_url", r"^https?://[^/\s]+", "canonical_url is a web address"),
        between("title_length", 1, 2_000, "title has a length that headlines have"),
        between("text_length", 1, 5_000_000, "text has a length that articles have"),
        one_of("date_precision", "second", "day", "none"),
        one_of("date_source", "jsonld", "meta", "time", "feed", "url", "text"),
        one_of("access", "full", "metered", "stub"),
        matches("language", r"^[a-z]{2}$", "language is ISO 639-1"),
        between("plausible_date", 1, 1, "published_on is not before 1990"),
        # a page now and then is broken at its source; a batch of them means that decoding broke
        between("undecodable", 0, 0, "few pages with undecodable characters", "warning", mostly=0.95),
        between("garbled", 0, 0, "few pages in the wrong encoding", "warning", mostly=0.95),
        between("undated", 0, 0, "few articles without a date", "warning", mostly=0.9),
        between("of_the_future", 0, 0, "few articles dated after their fetch", "warning", mostly=0.9),
        between("unnamed_language", 0, 0, "language is mostly known", "warning", mostly=0.95),
        one_of("language", *LANGUAGES, severity="warning"),
    ]
