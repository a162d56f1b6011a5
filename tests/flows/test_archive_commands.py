"""``frontrunner archive``: what the commands print, how they end, what stays of them in the history of runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from archive_fixtures import NOW, long_page, result, write
from newsroom_fixtures import ask_warehouse

from flows.cli import call
from flows.environment import sole_run

if TYPE_CHECKING:
    from pathlib import Path


Captured = pytest.CaptureFixture[str]


@pytest.fixture
def archive(minimal_config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of two runs, a year apart; now is a day after the second."""
    folder = minimal_config.parent / "data" / "archive"
    write(folder, result(raw=long_page(1)))
    last = NOW + timedelta(days=365)
    write(folder, result(raw=long_page(2), fetched_at=last), at=last)
    monkeypatch.setenv("FRONTRUNNER_NOW", (last + timedelta(days=1)).isoformat())
    return folder


def files(archive: Path) -> list[Path]:
    return sorted(archive.rglob("*.warc.gz"))


def command(config: Path, *words: str) -> int:
    return call(["archive", *words, "--config", str(config)])


def test_verify_tells_of_an_archive_in_order(minimal_config: Path, archive: Path, capsys: Captured) -> None:
    size = sum(path.stat().st_size for path in files(archive))
    assert command(minimal_config, "verify") == 0
    said = capsys.readouterr()
    assert said.out == f"2 files, 6 records (0 of them revisits), {size} bytes; 0 journals, 0 events; damage 0, remarks 0\n"


def test_a_torn_tail_is_zero_and_damage_is_one(minimal_config: Path, archive: Path, capsys: Captured) -> None:
    first, second = files(archive)
    body = first.read_bytes()
    first.write_bytes(body[:-5])
    assert command(minimal_config, "verify") == 0
    told, summary = capsys.readouterr().out.splitlines()
    assert told.startswith(f"remark torn tail: {first.relative_to(archive)} at ")
    assert summary.endswith("damage 0, remarks 1")
    second.write_bytes(b"?" + second.read_bytes())
    assert command(minimal_config, "verify") == 1
    said = capsys.readouterr()
    assert f"DAMAGE damaged record: {second.relative_to(archive)} at 0: " in said.out
    assert said.err.startswith("frontrunner: 1 findings are damage")


def test_prune_by_the_configuration(minimal_config: Path, archive: Path, capsys: Captured) -> None:
    old, new = files(archive)
    settings = minimal_config / "frontrunner.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[retention]\narchive_days = 30\n", encoding="utf-8")
    size = old.stat().st_size
    assert command(minimal_config, "prune", "--dry-run") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [f"would be deleted: {old.relative_to(archive)}", f"before 2025-06-02 06:00 UTC: 1 files, {size} bytes would be deleted"]
    assert files(archive) == [old, new]
    assert command(minimal_config, "prune") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [f"deleted: {old.relative_to(archive)}", f"before 2025-06-02 06:00 UTC: 1 files, {size} bytes deleted"]
    assert files(archive) == [new]
    assert ask_warehouse(minimal_config, "SELECT command, status FROM history.runs") == [("archive prune", "succeeded")]
    assert command(minimal_config, "verify") == 0


def test_prune_by_a_day(minimal_config: Path, archive: Path) -> None:
    old, new = files(archive)
    assert command(minimal_config, "prune", "--before", "2024-07-01") == 0
    assert files(archive) == [old, new]
    assert command(minimal_config, "prune", "--before", "2024-07-02") == 0
    assert files(archive) == [new]


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "retention.archive_days"), (["--before", "July"], "is not a day"), (["--before", "2025-07-03"], "lies in the future")],
    ids=["neither", "no day", "the future"],
)
def test_prune_without_a_day_is_bad_usage(minimal_config: Path, archive: Path, words: list[str], said: str, capsys: Captured) -> None:
    before = files(archive)
    assert command(minimal_config, "prune", *words) == 2
    assert said in capsys.readouterr().err
    assert files(archive) == before


def test_prune_waits_for_no_other_run(minimal_config: Path, archive: Path, capsys: Captured) -> None:
    before = files(archive)
    with sole_run(archive.parent):
        assert command(minimal_config, "prune", "--before", "2024-07-02") == 1
        assert command(minimal_config, "verify") == 0, "reading disturbs nobody"
    assert "another run" in capsys.readouterr().err
    assert files(archive) == before


def test_without_an_archive(minimal_config: Path, capsys: Captured) -> None:
    assert command(minimal_config, "verify") == 0
    assert capsys.readouterr().out.startswith("0 files, 0 records")
    assert command(minimal_config, "prune", "--before", "2024-07-02") == 0


@pytest.mark.parametrize("words", [[], ["verify"], ["prune"]], ids=str)
def test_help(words: list[str], capsys: Captured) -> None:
    assert call(["archive", *words, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--config" in shown or not words
