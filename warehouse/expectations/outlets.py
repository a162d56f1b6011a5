"""The published panel."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, matches, present, unique

TABLE = "published.outlets"
COLUMNS = """
    outlet_id, name, country, language, timezone, homepage, is_agency,
    (coalesce(panel_from, DATE '0001-01-01') <= coalesce(panel_until, DATE '9999-12-31'))::INTEGER AS dates_in_order
"""


def expectations() -> list[Expectation]:
    """Identity, codes, and dates in their order."""
    return [
        unique("outlet_id"),
        *present("name", "country", "language", "timezone", "homepage", "is_agency"),
        matches("country", "^[A-Z]{2}$", "country is a code"),
        matches("language", "^[a-z]{2}$", "language is ISO 639-1"),
        matches("homepage", r"^https?://[^/\s]+", "homepage is a web address"),
        between("dates_in_order", 1, 1, "panel dates are in order"),
    ]
