"""The staged answers whether a page is about a contest."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import present, unique

TABLE = "staging.page_watchlists"
COLUMNS = "fetch_id, watchlist_id, in_race, len(candidates_in_race) AS candidate_count, list_version"


def expectations() -> list[Expectation]:
    """One answer for a page and a watch list."""
    return [unique("fetch_id", "watchlist_id"), *present("fetch_id", "watchlist_id", "in_race", "candidate_count", "list_version")]
