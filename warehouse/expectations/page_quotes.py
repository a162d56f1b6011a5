"""The staged quotes."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "staging.page_quotes"
COLUMNS = "fetch_id, watchlist_id, candidate_id, direction, is_direct, field, char_start, quote, char_end - char_start AS width"


def expectations() -> list[Expectation]:
    """A quote has a place, words and a direction."""
    return [
        unique("fetch_id", "watchlist_id", "candidate_id", "direction", "field", "char_start"),
        *present("fetch_id", "watchlist_id", "candidate_id", "direction", "is_direct", "quote"),
        one_of("direction", "by", "about"),
        one_of("field", "title", "text"),
        between("char_start", 0, None, "char_start is in the text"),
        between("width", 1, None, "the words are not empty"),
    ]
