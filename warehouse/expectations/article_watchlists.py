"""The published answers whether an article is about a contest."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import present, unique

TABLE = "published.article_watchlists"
COLUMNS = "article_id, watchlist_id, in_race"


def expectations() -> list[Expectation]:
    """One answer for an article and a watch list."""
    return [unique("article_id", "watchlist_id"), *present("article_id", "watchlist_id", "in_race")]
