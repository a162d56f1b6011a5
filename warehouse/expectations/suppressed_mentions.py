"""The published mentions that a person took out."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.suppressed_mentions"
COLUMNS = "article_id, candidate_id, field, char_start, surface, length(trim(reason)) AS reason_length, char_end - char_start AS width"


def expectations() -> list[Expectation]:
    """Identity, places and reasons."""
    return [
        unique("article_id", "candidate_id", "field", "char_start"),
        *present("surface", "reason_length"),
        one_of("field", "title", "text"),
        between("width", 1, 200, "a name has a length that names have"),
        between("reason_length", 3, None, "a correction has its reason"),
    ]
