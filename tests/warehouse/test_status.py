"""What `status` tells: of the published file, of the private warehouse, and of both while a run is going on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import builders as b
import pytest
from builders import PUBLISHED_AT, RUN, World, answers, day, fetch, mention, page, poll
from support import ROOT

from flows.cli import call
from warehouse import acceptance, audit, load, publish
from warehouse.audit import QualityResult
from warehouse.database import WarehouseBusy, attach
from warehouse.quality_page import write_quality_page
from warehouse.status import Refused, Status, outcomes_of, read_status, summary_markdown

KILLED = """
import os, sys
from pathlib import Path
from warehouse import load
from warehouse.database import open_warehouse
from datetime import UTC, datetime
with open_warehouse(Path(sys.argv[1])) as connection:
    load.start_run(connection, "killed", "run", datetime(2024, 7, 1, tzinfo=UTC), "1", "c")
    os._exit(9)
"""


@pytest.fixture(autouse=True)
def _unaudited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "audit", lambda connection, stage, **asked: [])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def wrong(name: str, severity: str = "critical", success: bool = False) -> QualityResult:
    return QualityResult(
        suite="s", expectation=name, severity=severity, success=success, observed=None, expected="x", failing_rows=1, sample=None  # type: ignore[arg-type]
    )  # fmt: skip


def test_nothing_is_there_yet(tmp_path: Path) -> None:
    status = read_status(tmp_path / "warehouse.duckdb", tmp_path / "coverage.duckdb")
    assert (status.snapshot, status.runs, status.health, status.quality, status.waiting, status.busy) == (None, (), {}, (), 0, False)
    assert list(tmp_path.iterdir()) == []


def test_what_is_published(tmp_path: Path) -> None:
    with b.world(tmp_path) as world:
        event = fetch("a", "2024-07-02 08:00")
        trouble = {"failures": 9, "failing": 4.0, "reason": "not_found", "interval_minutes": 60.0}
        world.record(
            poll("2024-07-01 06:00"), poll("2024-07-20 06:00", known=1), event, poll("2024-07-20 06:00", "failed", source="old", **trouble),
            poll("2024-07-20 06:00", source="feed2", moved_to="https://post.example/feed3"),
        )  # fmt: skip
        row = page(event, text="Ann Stone.")
        world.add(row, mentions=[mention(row, "ann")])
        publication = world.publish()
        world.stage([page(fetch("b", "2024-07-02 09:00"))])
    status = read_status(tmp_path / "warehouse.duckdb", tmp_path / "coverage.duckdb")
    assert status.snapshot is not None
    assert (status.snapshot["run_id"], status.snapshot["snapshot_hash"]) == (RUN, publication.snapshot_hash)
    assert list(status.health["post"]) == [day("2024-07-01") + timedelta(days=n) for n in range(20)]
    assert status.health["post"][day("2024-07-19")] == ("complete", "usual")
    assert status.since["post"] == (day("2024-07-02"), 0)
    assert [(s["source_url"], s["status"], s["reason"], s["moved_to"]) for s in status.sources] == [
        ("https://post.example/feed2", "healthy", None, "https://post.example/feed3"),
        ("https://post.example/old", "dead", "not_found", None),
    ]  # fmt: skip
    assert (status.waiting, status.busy) == (1, False)
    assert [run["run_id"] for run in status.runs] == [RUN]
    assert summary_markdown(tmp_path / "coverage.duckdb").splitlines()[2:6] == [
        "| articles | 1 |", "| articles that name a candidate | 1 |", "| mentions | 1 |", "| outlets | 1 |",
    ]  # fmt: skip
    assert outcomes_of(tmp_path / "coverage.duckdb", RUN) == [("published", 1)]
    assert outcomes_of(tmp_path / "coverage.duckdb", "another") == []


def test_the_last_runs_and_what_failed_in_the_last_one_that_was_judged(tmp_path: Path) -> None:
    with b.world(tmp_path) as world:
        for number in range(7):
            load.start_run(world.connection, f"run-{number}", "run", PUBLISHED_AT + timedelta(hours=number), "1", "c")
        audit.record(world.connection, "run-3", [wrong("old")])
        audit.record(world.connection, "run-5", [wrong("slight", "warning"), wrong("grave"), wrong("fine", success=True)])
    status = read_status(tmp_path / "warehouse.duckdb", tmp_path / "coverage.duckdb")
    assert [run["run_id"] for run in status.runs] == ["run-6", "run-5", "run-4", "run-3", "run-2"]
    assert [result["expectation"] for result in status.quality] == ["grave", "slight"]


# ---- what the audit refused


def refuse(world: World, run: str, *results: QualityResult, hours: int = 0, stage: bool = True) -> None:
    """A run that was refused for this, with the batch that it staged."""
    load.start_run(world.connection, run, "process", PUBLISHED_AT + timedelta(hours=hours), "1", "c")
    if stage:
        load.stage(world.connection, [{"pages": [page(fetch("b", "2024-07-02 09:00"))]}], run)
    audit.record(world.connection, run, results)
    load.end_run(world.connection, run, PUBLISHED_AT + timedelta(hours=hours), "refused", "refused for a reason")


BATCH = replace(wrong("grave"), suite="checks/staging", observed="3 wrong rows", failing_rows=3)
COUNTS = replace(BATCH, suite="published.articles")


def status_of(world: World) -> Status:
    world.connection.close()
    return read_status(world.folder / "warehouse.duckdb", world.target)


def test_a_refused_batch_is_shown_with_what_refused_it(world: World) -> None:
    accepted = replace(BATCH, expectation="known", accepted="seen by the desk")
    refuse(world, "run-one", BATCH, accepted, wrong("slight", "warning"), wrong("fine", success=True))
    status = status_of(world)
    assert (status.waiting, status.staged_by) == (1, "run-one")
    assert status.refused is not None
    assert (status.refused.run["run_id"], status.refused.of_batch) == ("run-one", True)
    assert [(r["suite"], r["expectation"], r["failing_rows"]) for r in status.refused.results] == [("checks/staging", "grave", 3)]
    assert [(r["expectation"], r["accepted"]) for r in status.quality] == [
        ("grave", None), ("known", "seen by the desk"), ("slight", None),
    ]  # fmt: skip


def test_refused_counts_stand_until_something_is_published(world: World) -> None:
    load.start_run(world.connection, "published-before", "run", PUBLISHED_AT - timedelta(hours=1), "1", "c")
    world.query("UPDATE history.runs SET snapshot_hash = 'h'")
    refuse(world, "run-one", COUNTS, stage=False)
    load.start_run(world.connection, "run-two", "process", PUBLISHED_AT + timedelta(hours=1), "1", "c")
    audit.record(world.connection, "run-two", [wrong("fine", success=True)])
    world.query("CHECKPOINT")
    refused = read_refused(world)
    assert refused is not None
    assert (refused.run["run_id"], refused.of_batch) == ("run-one", False)
    world.query("UPDATE history.runs SET snapshot_hash = 'h' WHERE run_id = 'run-two'")
    assert read_refused(world) is None


def read_refused(world: World) -> Refused | None:
    """What stands, as a copy of the warehouse tells."""
    world.query("CHECKPOINT")
    copied = world.folder / "copy.duckdb"
    shutil.copy(world.folder / "warehouse.duckdb", copied)
    return read_status(copied, world.target).refused


def test_a_refused_batch_stands_until_it_is_read_again_or_accepted(world: World) -> None:
    refuse(world, "run-one", BATCH)
    load.clear_staging(world.connection)
    assert read_refused(world) is None, "it is there no more"
    load.start_run(world.connection, "killed", "process", PUBLISHED_AT + timedelta(hours=1), "1", "c")
    load.stage(world.connection, [{"pages": [page(fetch("b", "2024-07-02 09:00"))]}], "killed")
    assert read_refused(world) is None, "another run has staged another batch, and judged nothing"
    load.clear_staging(world.connection)
    refuse(world, "run-two", BATCH, hours=2)
    refuse(world, "run-three", BATCH, hours=3, stage=False)
    refused = read_refused(world)
    assert refused is not None
    assert refused.run["run_id"] == "run-three", "judged again as it lies"
    acceptance.accept(world.connection, acceptance.find_refusal(world.connection, "run-three"), "seen by the desk", PUBLISHED_AT)
    refused = read_refused(world)
    assert refused is not None
    assert refused.run["run_id"] == "run-two"
    acceptance.accept(world.connection, acceptance.find_refusal(world.connection, "run-two"), "seen by the desk", PUBLISHED_AT)
    assert read_refused(world) is None


@pytest.fixture
def told(minimal_config: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What the command prints."""

    def call_status() -> str:
        assert call(["status", "--config", str(minimal_config)]) == 0
        return capsys.readouterr().out

    return call_status


def test_the_command_tells_of_a_refused_batch(minimal_config: Path, told: Callable[[], str]) -> None:
    data = minimal_config.parent / "data"
    evil = replace(BATCH, expectation="evil", observed="[bold]\x1b[31m\u202e" + "x" * 900, failing_rows=None)
    with b.world(data) as world:
        refuse(world, "0123456789abcdef", BATCH, evil, wrong("slight", "warning"))
        write_quality_page(world.connection, data / "quality", "0123456789abcdef")
    lines = told().splitlines()
    assert lines[1:8] == [
        "Run 01234567 (process, 2024-07-31 12:00:00 UTC) was refused for its batch; what was published stays.",
        f"  critical: checks/staging: evil — [bold][31m{'x' * 557}…",
        "  critical: checks/staging: grave — 3 wrong rows",
        "  The batch of 1 page is kept. Ways on:",
        "    frontrunner audit                                  judges it again as it lies, and changes nothing",
        "    frontrunner process, then frontrunner publish      after its cause was mended: judges anew",
        '    frontrunner accept 01234567 --because "…"          accepts exactly what was found, and publishes',
    ]
    assert lines[-2:] == [
        "warning: s: slight — – (1 failing row)",
        f"What the audit found, with failing rows: {data / 'quality' / 'index.html'}",
    ]  # fmt: skip


def test_the_command_tells_of_what_was_accepted_and_of_a_batch_that_was_left(minimal_config: Path, told: Callable[[], str]) -> None:
    with b.world(minimal_config.parent / "data") as world:
        refuse(world, "0123456789abcdef", replace(COUNTS, accepted="seen by the desk (K. Reader)"))
    out = told()
    assert "critical: published.articles: grave — 3 wrong rows; accepted by a person: seen by the desk (K. Reader)" in out
    assert "A batch of 1 page of run 01234567 is kept that was not taken in: `frontrunner process` reads and judges it anew." in out
    assert "was refused for" not in out
    assert "index.html" not in out


# ---- a run that is going on, or was killed


def test_a_busy_warehouse_leaves_the_published_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish()
    world.connection.close()

    def busy(*_: object) -> None:
        raise WarehouseBusy("in use")

    monkeypatch.setattr("warehouse.status.attach", busy)
    status = read_status(world.folder / "warehouse.duckdb", world.target)
    assert (status.busy, [run["run_id"] for run in status.runs]) == (True, [RUN])
    assert callable(attach)


def test_a_killed_run_can_be_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 9
    assert [(run["run_id"], run["status"]) for run in read_status(path, tmp_path / "none").runs] == [("killed", "running")]


def test_looking_changes_nothing(world: World) -> None:
    event = fetch("a", "2024-07-02 08:00")
    world.record(event)
    world.stage([page(event)], answers(page(event)))
    world.connection.close()
    path = world.folder / "warehouse.duckdb"
    before = path.read_bytes()
    assert read_status(path, world.target).waiting == 1
    assert path.read_bytes() == before
