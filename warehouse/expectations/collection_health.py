"""The published collection health."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, unique

TABLE = "published.collection_health"
COLUMNS = """
    outlet_id, day, status, discovered, failed, volume,
    discovered - known - new - rejected - failed AS unexplained,
    CASE WHEN discovered > 0 THEN failed / discovered END AS share_failed
"""


def expectations() -> list[Expectation]:
    """Each day has one status, and its items reconcile."""
    return [
        unique("outlet_id", "day"),
        one_of("status", "complete", "partial", "outage", "blocked", "not_due", "archive"),
        between("unexplained", 0, 0, "discovered is the sum of what became of it"),
        one_of("volume", "usual", "low", "high"),
        between("share_failed", 0, 0.2, "few items of a day fail", "warning"),
    ]
