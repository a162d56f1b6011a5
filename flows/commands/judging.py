"""Commands over the audit: audit, accept."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows import passes
from flows.cli import BadUsage
from flows.environment import load_environment, new_run_id, sole_run
from warehouse.audit import QualityResult, refusals
from warehouse.quoting import clean


def audit(config: Path) -> None:
    """Judge what would be taken in and published, change nothing.

    Raises:
        RunRefused: a run would be refused.
    """
    environment = load_environment(config)
    with sole_run(environment.data):
        results = passes.audit_pass(environment, new_run_id())
    failed = [result for result in results if not result.success]
    if failed:
        Console().print(_table(failed))
    refused = refusals(results)
    print(f"{len(results)} expectations, {len(failed)} not met; see {environment.quality / 'index.html'}")
    if refused:
        raise passes.RunRefused(f"a run would be refused: {len(refused)} critical expectations are not met")


def accept(config: Path, run: str, because: str, by: str | None) -> None:
    """Accept what a run was refused for, and publish."""
    reason = " ".join(because.split())
    if not reason:
        raise BadUsage("--because must say why: the reason is published with the counts")
    if by and by.strip():
        reason = f"{reason} ({' '.join(by.split())})"
    environment = load_environment(config)
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "accept"):
        snapshot_hash = passes.accept_pass(environment, run_id, run, reason)
    print(f"published {environment.published}, snapshot {snapshot_hash}")


def _table(failed: list[QualityResult]) -> Table:
    table = Table("severity", "of", "expectation", "observed", "rows", "accepted")
    for result in sorted(failed, key=lambda r: (r.severity, r.suite, r.expectation)):
        rows = "" if result.failing_rows is None else str(result.failing_rows)
        cells = (result.severity, result.suite, result.expectation, result.observed or "", rows, result.accepted or "")
        table.add_row(*(escape(clean(cell)) for cell in cells))
    return table
