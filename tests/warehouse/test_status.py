"""What `status` tells: of the published file, of the private warehouse, and of both while a run is going on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import builders as b
import pytest
from builders import PUBLISHED_AT, RUN, World, answers, day, fetch, mention, page, poll
from support import ROOT

from warehouse import audit, load, publish
from warehouse.audit import QualityResult
from warehouse.database import WarehouseBusy, attach
from warehouse.status import outcomes_of, read_status, summary_markdown

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
