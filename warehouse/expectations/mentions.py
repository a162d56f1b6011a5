"""The published mentions."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.mentions"
COLUMNS = "article_id, candidate_id, field, char_start, char_end, surface, rule, char_end - char_start AS width"


def expectations() -> list[Expectation]:
    """Identity and places."""
    return [
        unique("article_id", "candidate_id", "field", "char_start"),
        *present("surface", "rule"),
        one_of("field", "title", "text"),
        between("width", 1, 200, "a name has a length that names have"),
    ]
