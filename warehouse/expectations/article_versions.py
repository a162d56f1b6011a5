"""The published versions of articles."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import one_of, present

TABLE = "published.article_versions"
COLUMNS = "article_id, seen_at, title, changed"


def expectations() -> list[Expectation]:
    """Every version was seen, and says what changed. What comes first is told by a check."""
    return [*present("article_id", "seen_at", "title", "changed"), one_of("changed", "first", "title", "text", "title+text")]
