"""The published references by an office."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.office_references"
COLUMNS = "article_id, candidate_id, field, char_start, surface, rule, char_end - char_start AS width"


def expectations() -> list[Expectation]:
    """Identity and places."""
    return [
        unique("article_id", "candidate_id", "field", "char_start"),
        *present("surface", "rule"),
        one_of("field", "title", "text"),
        between("width", 1, 200, "an office has a length that names of offices have"),
    ]
