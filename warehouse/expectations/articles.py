"""The published articles."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import matches, one_of, present, unique

TABLE = "published.articles"
COLUMNS = "article_id, outlet_id, url, length(title) AS title_length, date_precision, access, copy_kind, story_id, language, first_seen_at"


def expectations() -> list[Expectation]:
    """Identity, closed lists."""
    return [
        unique("article_id"),
        unique("outlet_id", "url"),
        *present("outlet_id", "url", "title_length", "first_seen_at", "story_id"),
        one_of("date_precision", "second", "day", "none"),
        one_of("access", "full", "metered", "stub"),
        one_of("copy_kind", "original", "exact", "near", "syndicated"),
        matches("url", r"^https?://[^/\s]+", "url is a web address"),
    ]
