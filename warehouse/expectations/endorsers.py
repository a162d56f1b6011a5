"""The published endorsers."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import matches, present, unique

TABLE = "published.endorsers"
COLUMNS = "watchlist_id, endorser, name"


def expectations() -> list[Expectation]:
    """Identity and codes."""
    return [
        unique("watchlist_id", "endorser"),
        *present("watchlist_id", "endorser", "name"),
        matches("endorser", "^[A-Z]{2}$", "endorser is a country's code"),
    ]
