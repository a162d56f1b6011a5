"""The published list of articles that are in no cell."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import one_of, present, unique

TABLE = "published.uncounted"
COLUMNS = "article_id, reason"


def expectations() -> list[Expectation]:
    """Each article once, for a reason of the list."""
    return [unique("article_id"), *present("article_id", "reason"), one_of("reason", "undated", "off_panel", "future")]
