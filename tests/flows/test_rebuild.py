"""Rebuilding: the same content from archive, record and configuration. What is not there any more is told; a failure costs nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from newsroom_fixtures import (
    HOSTS,
    MORNING,
    Story,
    ask,
    ask_warehouse,
    content,
    small_press,
    snapshot_hash,
    stories,
    surroundings,
    write_config,
)  # fmt: skip
from support import ROOT

from flows import passes
from flows.cli import call
from flows.environment import sole_run
from warehouse import audit, publish
from warehouse.audit import QualityResult

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFUSED = QualityResult(
    suite="s", expectation="nothing is wrong", severity="critical", success=False, observed="1", expected="0", failing_rows=1, sample=None
)  # fmt: skip
KILLED = """
import os, sys
from flows import rebuild
from flows.cli import call
rebuild.put_in_place = lambda *paths: os._exit(9)
call(["rebuild", "--config", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a newsroom after two runs: the second one finds another article, and an edited one at an address of its own."""
    folder = tmp_path_factory.mktemp("played")
    config = write_config(folder / "config", HOSTS)
    with small_press() as press:
        with surroundings(**press.environment()):
            assert call(["run", "--no-prefect", "--config", str(config)]) == 0
        known = stories("courier.example")
        late = Story(
            url="http://courier.example/late", title="A late story", paragraphs=stories("l.example")[1].paragraphs, published=MORNING
        )
        other = Story(
            url=f"{known[0].url}-again", title="Rutte tours again", paragraphs=known[0].paragraphs, published=known[0].published,
            canonical=known[0].url,
        )  # fmt: skip
        press.feed("http://courier.example/feed", [late, other, *known])
        with surroundings(**press.environment(MORNING + timedelta(hours=5))):
            assert call(["run", "--no-prefect", "--config", str(config)]) == 0
    return folder


@pytest.fixture
def config(played: Path, tmp_path: Path) -> Iterator[Path]:
    """The configuration of a copy of that folder, some hours later; nobody answers there."""
    shutil.copytree(played, tmp_path / "newsroom")
    with surroundings(FRONTRUNNER_NOW=(MORNING + timedelta(hours=9)).isoformat()):
        yield tmp_path / "newsroom" / "config"


def rebuild(config: Path, *more: str) -> int:
    return call(["rebuild", "--config", str(config), *more])


def history(config: Path, table: str) -> list[tuple[object, ...]]:
    return sorted(ask_warehouse(config, f"FROM history.{table}"), key=repr)


def left_beside(config: Path) -> set[str]:
    return {path.name for path in (config.parent / "data").iterdir() if "rebuild" in path.name or path.name.endswith(".wal")}


def test_the_content_is_the_same(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = config.parent / "data"
    for name in (".warehouse.rebuild.duckdb", ".warehouse.rebuild.duckdb.wal", ".coverage.rebuild.duckdb"):
        (data / name).write_bytes(b"what a killed rebuild left")
    before, hashed = content(config), snapshot_hash(config)
    told = {table: history(config, table) for table in ("runs", "outcomes", "quality_results", "revisions", "acceptances")}
    old = (data / "warehouse.duckdb").stat().st_ino
    capsys.readouterr()
    assert rebuild(config) == 0
    assert "14 pages read again" in (said := capsys.readouterr().out)
    assert "The content is the same as before." in said
    assert (content(config), snapshot_hash(config)) == (before, hashed)
    assert (data / "warehouse.duckdb").stat().st_ino != old
    assert left_beside(config) == set()
    for table in ("outcomes", "revisions", "acceptances"):
        assert history(config, table) == told[table], table
    for table in ("runs", "quality_results"):
        assert set(history(config, table)) >= set(told[table]), table
    assert ask_warehouse(
        config, "SELECT command, status, snapshot_hash = ? FROM history.runs ORDER BY started_at".replace("?", f"'{hashed}'")
    )[-1] == ("rebuild", "succeeded", True)
    assert ask(config, "SELECT command FROM runs JOIN snapshot USING (run_id)") == [("rebuild",)]
    # from there on all goes on as ever
    assert call(["process", "--config", str(config)]) == 0
    assert capsys.readouterr().out.startswith("0 pages read")


def test_what_was_collected_and_not_read_ends_in_the_rebuild(config: Path) -> None:
    with small_press() as press:
        late = Story(url="http://tribune.example/later", title="Later", paragraphs=stories("t.example")[3].paragraphs, published=MORNING)
        press.feed("http://tribune.example/feed", [late, *stories("tribune.example")])
        with surroundings(**press.environment(MORNING + timedelta(hours=8))):
            assert call(["collect", "--config", str(config)]) == 0
    before = history(config, "outcomes")
    assert rebuild(config) == 0
    added = [row for row in history(config, "outcomes") if row not in before]
    assert [(row[3], row[4]) for row in added] == [(late.url, "published")]
    assert ask(config, "SELECT count(*) FROM articles WHERE url LIKE '%/later'") == [(1,)]


@pytest.mark.parametrize("kind", ["missing", "pruned"])
def test_archive_files_that_are_not_there_are_named(config: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    archive = config.parent / "data" / "archive"
    name, pages = ask_warehouse(
        config, "SELECT warc_file, count(*) FROM collection.fetches WHERE result = 'fetched' GROUP BY ALL ORDER BY ALL LIMIT 1"
    )[0]
    (archive / name).unlink()
    if kind == "pruned":
        line = {"event": "prune", "warc_file": name, "pruned_at": MORNING.isoformat(), "bytes": 1}
        (archive / "zz-pruned.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    before, read = content(config), ask_warehouse(config, "FROM core.pages ORDER BY fetch_id")
    capsys.readouterr()
    assert rebuild(config) == 1
    said = capsys.readouterr().err
    assert f"{pages} pages lie in 1 archive files" in said
    assert f"{name} ({pages} pages, {kind})" in said
    assert "--without-pruned" in said
    assert content(config) == before
    assert ask_warehouse(config, "FROM core.pages ORDER BY fetch_id") == read
    if kind == "pruned":
        assert rebuild(config, "--without-pruned") == 0
        said = capsys.readouterr().out
        assert f"{pages} pages in 1 archive files are lost to the tables" in said
        # two of thirteen are left, and told otherwise: the second address of one, and the late story, which was a copy
        assert len(before["articles"]) == 13
        assert len(content(config)["articles"]) == 2
        assert "The content is not the same" in said
        assert "  articles: 2 rows came, 13 went" in said


@pytest.mark.system
def test_backfilled_files_are_read_where_they_lie(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = write_config(tmp_path / "other" / "config", HOSTS)
    assert call(["backfill", str(config.parent / "data" / "archive"), "--config", str(other)]) == 0
    before, hashed = content(other), snapshot_hash(other)
    assert rebuild(other) == 0
    assert "The content is the same as before." in capsys.readouterr().out
    assert (content(other), snapshot_hash(other)) == (before, hashed)


@pytest.mark.parametrize("stage", ["staging", "published"])
def test_a_refused_audit_leaves_everything_in_place(
    config: Path, stage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    published = config.parent / "data" / "coverage.duckdb"
    before, read = published.read_bytes(), ask_warehouse(config, "FROM core.pages ORDER BY fetch_id")
    for module in (audit, publish):
        monkeypatch.setattr(module, "audit", lambda connection, judged, **asked: [REFUSED] if judged == stage else [])
    capsys.readouterr()
    assert rebuild(config) == 1
    assert "nothing is wrong" in capsys.readouterr().err
    assert published.read_bytes() == before
    assert ask_warehouse(config, "FROM core.pages ORDER BY fetch_id") == read
    assert ask_warehouse(config, "SELECT status FROM history.runs WHERE command = 'rebuild'") == [("refused",)]
    assert ask_warehouse(
        config, "SELECT expectation FROM history.quality_results JOIN history.runs USING (run_id) WHERE command = 'rebuild'"
    ) == [("nothing is wrong",)]
    assert ask_warehouse(config, "SELECT count(*) FROM staging.pages") == [(0,)]
    assert left_beside(config) == set()


@pytest.mark.system
def test_a_killed_rebuild_leaves_the_old_warehouse_and_can_be_started_again(config: Path) -> None:
    before, read = content(config), ask_warehouse(config, "FROM core.pages ORDER BY fetch_id")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(config)], env=environment, capture_output=True, check=False)
    assert done.returncode == 9, done.stderr.decode()
    assert left_beside(config) >= {".warehouse.rebuild.duckdb"}
    assert ask_warehouse(config, "FROM core.pages ORDER BY fetch_id") == read
    assert content(config) == before
    assert rebuild(config) == 0
    assert content(config) == before
    assert left_beside(config) == set()
    assert ask_warehouse(config, "SELECT status FROM history.runs WHERE command = 'rebuild' ORDER BY started_at, status") == [
        ("succeeded",), ("succeeded",),
    ]  # fmt: skip


def test_another_run_is_not_disturbed(config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "process_pass", lambda *arguments: pytest.fail("the lock is held"))
    with sole_run(config.parent / "data"):
        assert rebuild(config) == 1
    assert "another run" in capsys.readouterr().err
