"""The published watch lists."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.watchlists"
COLUMNS = "watchlist_id, title, kind, (watched_from <= watched_until)::INTEGER AS dates_in_order"


def expectations() -> list[Expectation]:
    """Identity, and dates in their order."""
    return [
        unique("watchlist_id"),
        *present("title", "kind", "dates_in_order"),
        one_of("kind", "person", "country"),
        between("dates_in_order", 1, 1, "watched dates are in order"),
    ]
