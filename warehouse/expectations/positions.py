"""The published endorsement ledger."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.positions"
COLUMNS = """
    watchlist_id, endorser, candidate_id, number, changed_on, date_precision, date_basis,
    stance, status, evidence, flag, confirmations
"""


def expectations() -> list[Expectation]:
    """Identity, closed lists and order."""
    return [
        unique("watchlist_id", "endorser", "candidate_id", "number"),
        *present("stance", "status", "evidence", "date_precision", "date_basis"),
        one_of("stance", "supports", "opposes", "withholds", "withdraws-objection"),
        one_of("status", "stated", "reported", "conditional", "denied"),
        one_of("date_precision", "day", "none"),
        one_of("date_basis", "said", "published"),
        one_of("flag", "contradicts", "reverses", "conflict", "denies"),
        between("number", 1, None, "positions are numbered from 1"),
        between("confirmations", 0, None, "confirmations are counted"),
    ]
