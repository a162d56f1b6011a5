"""The published sources."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, unique

TABLE = "published.sources"
COLUMNS = "outlet_id, source_url, kind, status, polls - answered AS unanswered, failures"


def expectations() -> list[Expectation]:
    """Each source once, in a state that has a name."""
    return [
        unique("outlet_id", "source_url"),
        one_of("kind", "feed", "sitemap", "page"),
        one_of("status", "healthy", "failing", "dead"),
        between("unanswered", 0, None, "answers are among the polls"),
        between("failures", 0, None, "failures are a number of polls"),
    ]
