"""What a person decided over the audit: refused runs, and the findings of theirs that were accepted with a reason.

An acceptance holds for one finding: the same expectation that finds something else is refused again. Judging is ``audit``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from warehouse.audit import QualityResult
from warehouse.database import Connection, transaction


class NoSuchRun(Exception):
    """No run, or more than one, has an id that begins so."""


class NotRefused(Exception):
    """The run was not refused: there is nothing to accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refused run and what it was refused for."""

    run_id: str
    results: tuple[QualityResult, ...]  # the critical ones that failed
    of_batch: bool  # of the staged batch; else of the counts
    staged: bool  # the batch in staging is still that of this run
    accepted: bool  # a person has accepted it before


def find_refusal(connection: Connection, prefix: str) -> Refusal:
    """The refused run whose id begins with ``prefix``.

    Raises:
        NoSuchRun: see there.
        NotRefused: see there.
    """
    runs = connection.execute(
        "SELECT run_id, status FROM history.runs WHERE starts_with(run_id, ?) ORDER BY run_id LIMIT 2", [prefix]
    ).fetchall()
    if not prefix or not runs:
        raise NoSuchRun(f"no run has an id that begins with {prefix!r}: see `frontrunner status`")
    if len(runs) > 1:
        raise NoSuchRun(f"more than one run has an id that begins with {prefix!r}: give more of it")
    run_id, status = runs[0]
    rows = connection.execute(
        """
        SELECT suite, expectation, severity, success, observed, expected, failing_rows, sample, finding FROM history.quality_results
        WHERE run_id = ? AND severity = 'critical' AND NOT success AND accepted IS NULL ORDER BY suite, expectation
        """,
        [run_id],
    ).fetchall()
    if not rows:
        raise NotRefused(f"run {run_id} was not refused: it is {status}")
    names = ("suite", "expectation", "severity", "success", "observed", "expected", "failing_rows", "sample", "finding")
    results = tuple(QualityResult(**dict(zip(names, row, strict=True))) for row in rows)
    batch = connection.execute("SELECT run_id FROM staging.batch").fetchall()
    of_batch = any(result.suite.startswith(("staging.", "checks/staging")) for result in results)
    known = connection.execute("SELECT count(*) FROM history.acceptances WHERE run_id = ?", [run_id]).fetchall()
    return Refusal(run_id=run_id, results=results, of_batch=of_batch, staged=batch == [(run_id,)], accepted=known != [(0,)])


def accept(connection: Connection, refusal: Refusal, because: str, accepted_at: datetime) -> None:
    """Record that a person accepts what the run was refused for. Repeating it records nothing twice."""
    with transaction(connection):
        for result in refusal.results:
            values = [refusal.run_id, result.suite, result.expectation, result.finding or ""]
            known = connection.execute(
                "SELECT 1 FROM history.acceptances WHERE run_id = ? AND suite = ? AND expectation = ? AND finding = ?", values
            ).fetchall()
            if not known:
                connection.execute("INSERT INTO history.acceptances VALUES (?, ?, ?, ?, ?, ?)", [*values, because, accepted_at]).fetchall()


def withdraw(connection: Connection, refusal: Refusal) -> None:
    """Take back the acceptance of a refusal."""
    connection.execute("DELETE FROM history.acceptances WHERE run_id = ?", [refusal.run_id]).fetchall()


def with_acceptances(connection: Connection, results: Iterable[QualityResult]) -> list[QualityResult]:
    """The results; a critical failure of which exactly this finding was accepted carries the reason, the latest where there are several."""
    rows = connection.execute(
        "SELECT suite, expectation, finding, because FROM warehouse.history.acceptances ORDER BY accepted_at, because"
    ).fetchall()
    reasons = {(suite, expectation, finding): because for suite, expectation, finding, because in rows}
    return [
        replace(r, accepted=reasons.get((r.suite, r.expectation, r.finding or "")))
        if not r.success and r.severity == "critical" and r.finding
        else r
        for r in results
    ]
