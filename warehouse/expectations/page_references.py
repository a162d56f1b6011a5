"""The staged references by an office."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "staging.page_references"
COLUMNS = "fetch_id, watchlist_id, candidate_id, field, char_start, surface, rule, char_end - char_start AS width"


def expectations() -> list[Expectation]:
    """A reference has a place and words."""
    return [
        unique("fetch_id", "watchlist_id", "candidate_id", "field", "char_start"),
        *present("fetch_id", "watchlist_id", "candidate_id", "surface", "rule"),
        one_of("field", "title", "text"),
        between("char_start", 0, None, "char_start is in the text"),
        between("width", 1, 200, "an office has a length that names of offices have"),
    ]
