"""``frontrunner snapshots``: what the commands print, how they end, what stays of them in the history of runs."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest
from newsroom_fixtures import ask_warehouse, surroundings, write_config, write_outlet
from support import ROOT

from flows import passes
from flows.cli import call
from flows.environment import load_environment, sole_run
from warehouse import publish, snapshots

if TYPE_CHECKING:
    from pathlib import Path

Captured = pytest.CaptureFixture[str]
MOMENTS = ("2024-07-08T12:00:00+00:00", "2024-07-08T13:00:00+00:00")
HOSTILE = "\x1b[2J[red]Ann\u202e Stone\x9b1m"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two publications, an hour apart; a second outlet came into the panel between them. Copied by ``newsroom``."""
    config = write_config(tmp_path_factory.mktemp("newsroom") / "config", {"courier": "courier.example"})
    for moment in MOMENTS:
        with pytest.MonkeyPatch.context() as patch, surroundings(FRONTRUNNER_NOW=moment):
            patch.setattr(publish, "audit", lambda *_, **__: [])  # it has tests of its own
            assert call(["publish", "--config", str(config)]) == 0
        write_outlet(config, "harbour", "harbour.example")
    return config


@pytest.fixture
def newsroom(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made.parent, tmp_path / "newsroom")
    config = tmp_path / "newsroom" / "config"
    published = config.parent / "data" / "coverage.duckdb"
    published.unlink()
    os.link(config.parent / "data" / "snapshots" / kept(config)[1], published)
    monkeypatch.setattr(publish, "audit", lambda *_, **__: [])
    monkeypatch.setenv("FRONTRUNNER_NOW", "2024-07-08T14:00:00+00:00")
    return config


def command(config: Path, *words: str) -> int:
    return call(["snapshots", *words, "--config", str(config)])


def kept(config: Path) -> list[str]:
    return sorted(path.name for path in (config.parent / "data" / "snapshots").iterdir())


def hash_of(config: Path) -> str:
    return snapshots.read_snapshot(config.parent / "data" / "coverage.duckdb").snapshot_hash


def test_each_run_keeps_what_it_publishes(newsroom: Path) -> None:
    assert [name[:16] for name in kept(newsroom)] == ["20240708T120000Z", "20240708T130000Z"]
    assert kept(newsroom)[1] == f"20240708T130000Z-{hash_of(newsroom)[:12]}.duckdb"


def test_as_many_are_kept_as_the_configuration_says(newsroom: Path) -> None:
    settings = newsroom / "frontrunner.toml"
    plain = settings.read_text(encoding="utf-8")
    for number in (1, 0):
        settings.write_text(f"{plain}\n[retention]\nsnapshots = {number}\n", encoding="utf-8")
        assert call(["publish", "--config", str(newsroom)]) == 0
        assert len(kept(newsroom)) == number


def test_a_file_that_cannot_be_kept_is_published_all_the_same(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = kept(newsroom)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(passes, "keep", full)
    assert call(["publish", "--config", str(newsroom)]) == 0
    assert "not kept as a snapshot: no space left" in caplog.text
    assert kept(newsroom) == before
    assert ask_warehouse(newsroom, "SELECT DISTINCT status FROM history.runs") == [("succeeded",)]


def test_the_list(newsroom: Path, capsys: Captured) -> None:
    (newsroom.parent / "data" / "snapshots" / "20230101T000000Z-0123456789ab.duckdb").write_bytes(b"damaged")
    capsys.readouterr()
    assert command(newsroom, "list") == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["published", "(UTC)", "hash", "run", "articles", "mentions", "MB", "file"]
    lines = [" ".join(line.split()) for line in lines]
    assert re.match(rf"→ 2024-07-08 13:00:00 {hash_of(newsroom)[:12]} \w{{8}} 0 0 \d+\.\d 20240708T130000Z-", lines[0])
    assert lines[1].startswith("2024-07-08 12:00:00 ")
    assert lines[2] == "cannot be read 20230101T000000Z-0123456789ab.duckdb"
    assert command(newsroom, "list", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(entry["is_published"], entry["is_readable"], entry.get("published_at")) for entry in told] == [
        (True, True, "2024-07-08T13:00:00Z"),
        (False, True, "2024-07-08T12:00:00Z"),
        (False, False, None),
    ]
    assert told[0]["snapshot_hash"] == hash_of(newsroom)


def test_nothing_is_there_yet(minimal_config: Path, capsys: Captured) -> None:
    assert command(minimal_config, "list") == 0
    assert capsys.readouterr().out.startswith("Nothing is published yet")
    assert command(minimal_config, "list", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == []
    for words in (["diff", "published"], ["diff", "a", "b"], ["restore", "a"]):
        assert command(minimal_config, *words) == 2
        assert "Traceback" not in capsys.readouterr().err


def test_what_differs(newsroom: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert command(newsroom, "diff", "20240708T12") == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0].startswith("from 20240708T120000Z-")
    assert re.search(r"^outlets +1 +2 +1 +0 +0", said, re.MULTILINE)
    assert re.search(r"^came +harbour +name +Harbour", said, re.MULTILINE)
    assert command(newsroom, "diff", "20240708T12", "published", "--limit", "2") == 0
    assert "rows are left off; --limit 0 gives all" in capsys.readouterr().out
    assert command(newsroom, "diff", "published", "20240708T13") == 0
    assert "The content is the same." in capsys.readouterr().out
    assert command(newsroom, "diff", "20240708", "published") == 2
    assert "more than one snapshot" in capsys.readouterr().err
    assert command(newsroom, "diff", "20240708T12", "--limit", "-1") == 2


def test_what_differs_for_machines(newsroom: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert command(newsroom, "diff", "20240708T12", "--format", "json", "--limit", "0") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"]["published_at"], told["after"]["snapshot_hash"]) == ("2024-07-08T12:00:00Z", hash_of(newsroom))
    assert told["left_off"] == 0
    names = [row for row in told["rows"] if row["measure"] == "name"]
    assert [(row["change"], row["outlet_id"], row["before"], row["after"]) for row in names] == [("came", "harbour", None, "Harbour")]
    assert command(newsroom, "diff", "20240708T12", "--format", "csv", "--limit", "0") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == len(told["rows"])
    assert {row["outlet_id"] for row in rows} == {"harbour"}
    assert command(newsroom, "diff", "20240708T12", "--format", "csv", "--limit", "2") == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 3
    assert "left off" in said.err


def test_what_others_wrote_cannot_steer_a_terminal(newsroom: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name full of control sequences, in a file of somebody's making."""
    older = newsroom.parent / "data" / "snapshots" / kept(newsroom)[0]
    with duckdb.connect(str(older)) as connection:
        connection.execute("UPDATE outlets SET name = ?", [HOSTILE]).fetchall()
    capsys.readouterr()
    assert command(newsroom, "diff", "20240708T12") == 0
    said = capsys.readouterr().out
    assert "[2J[red]Ann Stone1m" in said
    assert not set("\x1b\x9b\u202e") & set(said)
    assert command(newsroom, "diff", "20240708T12", "--format", "json") == 0
    assert HOSTILE in {row["before"] for row in json.loads(capsys.readouterr().out)["rows"]}
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for output in ("json", "csv"):
        assert command(newsroom, "diff", "20240708T12", "--format", output) == 0
        said = capsys.readouterr().out
        assert "Stone" in said
        assert not set("\x1b\x9b\u202e") & set(said)


def test_a_snapshot_is_put_back(newsroom: Path, capsys: Captured) -> None:
    second = hash_of(newsroom)
    older, newer = kept(newsroom)
    capsys.readouterr()
    assert command(newsroom, "restore", older[17:25]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"published is now {older}",
        f"what was published before is kept as {newer}",
        "The next publication makes everything anew from the archive and the configuration.",
    ]
    assert hash_of(newsroom)[:12] == older[17:29]
    assert ask_warehouse(newsroom, "SELECT status, detail FROM history.runs WHERE command = 'restore'") == [("succeeded", older)]
    assert call(["publish", "--config", str(newsroom)]) == 0
    assert hash_of(newsroom) == second


def test_what_cannot_be_put_back(newsroom: Path, capsys: Captured) -> None:
    older, newer = kept(newsroom)
    body = (newsroom.parent / "data" / "coverage.duckdb").read_bytes()
    (newsroom.parent / "data" / "snapshots" / older).write_bytes(b"damaged")
    for words, status, said in (
        ("published", 2, "in place already"),
        ("nothing", 2, "no snapshot begins with"),
        (older, 1, "cannot be read as a published file"),
    ):
        assert command(newsroom, "restore", words) == status
        assert said in capsys.readouterr().err
    with sole_run(newsroom.parent / "data"):
        assert command(newsroom, "restore", newer) == 1
    assert "another run" in capsys.readouterr().err
    assert (newsroom.parent / "data" / "coverage.duckdb").read_bytes() == body
    assert ask_warehouse(newsroom, "SELECT status FROM history.runs WHERE command = 'restore'") == [("failed",)]


HOLD = """
import sys
from pathlib import Path
from warehouse.database import open_warehouse
with open_warehouse(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_it_is_put_back_even_while_the_private_warehouse_is_held(
    newsroom: Path, capsys: Captured, caplog: pytest.LogCaptureFixture
) -> None:
    older = kept(newsroom)[0]
    warehouse = load_environment(newsroom).warehouse
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            assert command(newsroom, "restore", older) == 0
        finally:
            process.kill()
    assert "not recorded in the history of runs" in caplog.text
    assert hash_of(newsroom)[:12] == older[17:29]


@pytest.mark.parametrize("words", [[], ["list"], ["diff"], ["restore"]], ids=str)
def test_help(words: list[str], capsys: Captured) -> None:
    assert call(["snapshots", *words, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--config" in shown or not words
