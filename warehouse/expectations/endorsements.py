"""The published statements of countries."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import matches, one_of, present, unique

TABLE = "published.endorsements"
COLUMNS = "article_id, endorser, candidate_id, stance, status, evidence, relation, rule"


def expectations() -> list[Expectation]:
    """Identity and closed lists."""
    return [
        unique("article_id", "endorser", "candidate_id"),
        *present("stance", "status", "evidence", "relation", "rule"),
        one_of("stance", "supports", "opposes", "withholds", "withdraws-objection"),
        one_of("status", "stated", "reported", "expected", "conditional", "denied"),
        one_of("relation", "first", "confirms", "expects", "contradicts", "undated"),
        matches("endorser", "^[A-Z]{2}$", "endorser is a country's code"),
    ]
