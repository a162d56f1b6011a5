"""The published candidates."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, matches, present, unique

TABLE = "published.candidates"
COLUMNS = """
    candidate_id, watchlist_id, name, country, status,
    (withdrew_on IS NULL OR status IS NOT DISTINCT FROM 'withdrew')::INTEGER AS withdrawn_by_status
"""


def expectations() -> list[Expectation]:
    """Identity, codes, and a withdrawal that the status knows of."""
    return [
        unique("candidate_id"),
        *present("watchlist_id", "name", "country"),
        matches("country", "^[A-Z]{2}$", "country is a code"),
        matches("status", "^[a-z_]+$", "status is a word"),
        between("withdrawn_by_status", 1, 1, "who withdrew has that status"),
    ]
