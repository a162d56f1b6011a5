"""The staged statements on candidates."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, matches, one_of, present, unique

TABLE = "staging.page_endorsements"
COLUMNS = """
    fetch_id, watchlist_id, endorser, candidate_id, stance, status,
    field, char_start, evidence, rule, char_end - char_start AS width
"""


def expectations() -> list[Expectation]:
    """A statement is of one country on one candidate, and has its sentence."""
    return [
        unique("fetch_id", "watchlist_id", "endorser", "candidate_id"),
        *present("fetch_id", "watchlist_id", "endorser", "candidate_id", "stance", "status", "evidence", "rule"),
        one_of("stance", "supports", "opposes", "withholds", "withdraws-objection"),
        one_of("status", "stated", "reported", "expected", "conditional", "denied"),
        one_of("field", "title", "text"),
        matches("endorser", "^[A-Z]{2}$", "endorser is a country's code"),
        between("char_start", 0, None, "char_start is in the text"),
        between("width", 1, None, "the evidence is not empty"),
    ]
