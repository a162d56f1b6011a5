"""The published collection health."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.collection_health"
_COUNTS = ("discovered", "known", "fetched", "new", "rejected", "failed")
COLUMNS = """
    outlet_id, day, status, discovered, known, fetched, new, rejected, failed, volume, discovered - fetched AS unfetched,
    discovered - known - new - rejected - failed AS unexplained,
    CASE WHEN discovered > 0 THEN failed / discovered END AS share_failed,
    ((status IN ('complete', 'archive')) = (reason IS NULL))::INTEGER AS reason_if_incomplete,
    (volume IS NULL OR status IN ('complete', 'archive'))::INTEGER AS judged_if_whole
"""


def expectations() -> list[Expectation]:
    """Each day has one status, and its items reconcile."""
    return [
        unique("outlet_id", "day"),
        *present("outlet_id", "day", "status"),
        one_of("status", "complete", "partial", "outage", "blocked", "not_due", "archive"),
        *(
            between(column, 0, None, f"{column} is a number of items")
            for column in ("discovered", "known", "fetched", "new", "rejected", "failed")
        ),
        between("unfetched", 0, None, "what was fetched had been discovered"),
        between("unexplained", 0, 0, "discovered is the sum of what became of it"),
        between("reason_if_incomplete", 1, 1, "a day that is not whole has its reason"),
        between("judged_if_whole", 1, 1, "only whole days are judged by their volume"),
        one_of("volume", "usual", "low", "high"),
        between("share_failed", 0, 0.2, "few items of a day fail", "warning"),
    ]
