"""What is published, and how the last runs went, in words: for ``frontrunner status`` and Prefect's artifacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import Connection, WarehouseBusy, attach, open_published, sql

DAYS_SHOWN = 28
SOURCES_SINCE = 2  # schema of the published file that has volumes and sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A run that the audit refused, as long as nothing was published or decided since."""

    run: dict[str, Any]
    of_batch: bool  # its batch is kept; else it was the counts that were refused
    results: tuple[dict[str, Any], ...]  # the failed critical expectations


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything that ``frontrunner status`` shows."""

    snapshot: dict[str, Any] | None  # the row of the published file; None: nothing is published
    runs: tuple[dict[str, Any], ...]  # the last ones, newest first
    health: dict[str, dict[date, tuple[str, str | None]]]  # outlet → day → status, volume
    since: dict[str, tuple[date, int]]  # outlet → the first day that is known wholly, and how many later ones are unknown
    sources: tuple[dict[str, Any], ...]  # those that fail, have moved, or stand in for a dead one
    quality: tuple[dict[str, Any], ...]  # failed expectations of the last run that was judged, with the reason where they were accepted
    refused: Refused | None  # what stands in the way of publication
    waiting: int  # pages of a batch that is kept
    staged_by: str | None  # the run that left this batch; None: not known, or there is none
    busy: bool  # a run is going on: what is told comes from the published file


def read_status(warehouse: Path, published: Path) -> Status:
    """Look at the private warehouse, or at the published file alone while a run is going on."""
    snapshot, health, since = None, {}, {}
    sources: tuple[dict[str, Any], ...] = ()
    if published.is_file():
        with open_published(published) as connection:
            snapshot = _rows(connection, "FROM snapshot")[0]
            if snapshot["schema_version"] >= SOURCES_SINCE:  # a file of before has less to tell
                health, since = _health(connection), _since(connection)
                sources = tuple(_rows(connection, sql("statements/troubled_sources.sql")))
            runs, quality = _runs(connection, "runs", "quality_results")
    else:
        runs, quality = (), ()
    waiting, staged_by, refused, busy = 0, None, None, False
    if warehouse.is_file():
        connection = duckdb.connect()
        try:
            connection.execute("SET TimeZone = 'UTC'").fetchall()
            try:
                attach(connection, warehouse, "warehouse", "(READ_ONLY)")
            except WarehouseBusy:
                busy = True
            else:
                runs, quality = _runs(connection, "warehouse.history.runs", "warehouse.history.quality_results")
                waiting = int(connection.execute("SELECT count(*) FROM warehouse.staging.pages").fetchall()[0][0])
                staged_by, refused = _batch(connection)
        finally:
            connection.close()
    return Status(
        snapshot=snapshot, runs=runs, health=health, since=since, sources=sources, quality=quality, refused=refused, waiting=waiting,
        staged_by=staged_by, busy=busy,
    )  # fmt: skip


def summary_markdown(published: Path) -> str:
    """A few lines on the published file."""
    with open_published(published) as connection:
        rows = connection.execute(sql("statements/summary.sql")).fetchall()
    return "| | |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)


def _runs(connection: Connection, runs: str, quality: str) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    found = tuple(_rows(connection, f"FROM {runs} ORDER BY started_at DESC, run_id LIMIT 5"))
    failed = tuple(
        _rows(
            connection,
            f"""
            FROM {quality}
            WHERE NOT success AND run_id = (SELECT run_id FROM {quality} JOIN {runs} USING (run_id) ORDER BY started_at DESC LIMIT 1)
            ORDER BY severity, suite, expectation
            """,  # noqa: S608 - names from above
        )
    )
    return found, tuple({"accepted": None} | row for row in failed)  # files of before do not have it


def _batch(connection: Connection) -> tuple[str | None, Refused | None]:
    """Whose batch is kept, and the refused run that stands in the way of publication."""
    tables = "SELECT 1 FROM duckdb_tables() WHERE database_name = 'warehouse' AND schema_name = 'history' AND table_name = 'acceptances'"
    if not connection.execute(tables).fetchall():
        return None, None  # a warehouse of before; the next run brings it up to date and judges anew
    staged_by = next((str(run_id) for (run_id,) in connection.execute("FROM warehouse.staging.batch").fetchall()), None)
    for run in _rows(connection, sql("statements/refused_run.sql")):
        results = _rows(connection, sql("statements/refusing_results.sql"), {"run_id": run["run_id"]})
        return staged_by, Refused(run=run, of_batch=run["of_batch"], results=tuple(results))
    return staged_by, None


def _health(connection: Connection) -> dict[str, dict[date, tuple[str, str | None]]]:
    health: dict[str, dict[date, tuple[str, str | None]]] = {}
    for outlet_id, day, status, volume in connection.execute(sql("statements/recent_health.sql"), {"days": DAYS_SHOWN}).fetchall():
        health.setdefault(outlet_id, {})[day] = (status, volume)
    return health


def _since(connection: Connection) -> dict[str, tuple[date, int]]:
    return {outlet_id: (day, unknown) for outlet_id, day, unknown in connection.execute(sql("statements/covered_since.sql")).fetchall()}


def _rows(connection: Connection, query: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def outcomes_of(published: Path, run_id: str) -> list[tuple[str, int]]:
    """How the items of a run ended: outcome with its reason, and how many."""
    with open_published(published) as connection:
        rows = connection.execute(sql("statements/outcomes_of_run.sql"), {"run_id": run_id}).fetchall()
    return [(str(name), int(count)) for name, count in rows]
