"""The published quotes."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.quotes"
COLUMNS = "article_id, candidate_id, direction, is_direct, field, char_start, quote, char_end - char_start AS width"


def expectations() -> list[Expectation]:
    """Identity, words and places."""
    return [
        unique("article_id", "candidate_id", "direction", "field", "char_start"),
        *present("direction", "is_direct", "quote"),
        one_of("direction", "by", "about"),
        one_of("field", "title", "text"),
        between("width", 1, None, "the words are not empty"),
    ]
