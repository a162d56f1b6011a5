"""After a refusal, through the commands: judged again as it lies, mended and read again, or accepted by a person with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from newsroom_fixtures import HOSTS, Press, ask, ask_warehouse, small_press, snapshot_hash, surroundings, write_config

from flows.cli import call
from warehouse import audit
from warehouse.audit import Check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    with small_press() as press, surroundings(**press.environment()):
        assert isinstance(press, Press)
        yield write_config(tmp_path / "config", HOSTS)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Stage and query of further critical checks, which a test adds and takes away."""
    rules: list[tuple[str, str]] = []
    real = audit.checks

    def more(stage: str) -> list[Check]:
        return [
            *real(stage),
            *(
                Check(name=f"planted_{n}", severity="critical", meaning="planted", query=query)
                for n, (at, query) in enumerate(rules)
                if at == stage
            ),
        ]

    monkeypatch.setattr(audit, "checks", more)
    return rules


def ran(config: Path, *arguments: str) -> int:
    return call([*arguments, "--config", str(config)])


def refused_run(config: Path) -> str:
    ((run_id,),) = ask_warehouse(config, "SELECT run_id FROM history.runs WHERE status = 'refused' ORDER BY started_at DESC LIMIT 1")
    return str(run_id)


BATCH = ("staging", "SELECT fetch_id, title FROM staging.pages WHERE url LIKE '%courier.example/2024/06/1%'")
COUNTS = ("published", "SELECT article_id FROM published.articles WHERE url LIKE '%courier.example/2024/06/1%'")


@pytest.mark.parametrize("rule", [BATCH, COUNTS], ids=["batch", "counts"])
def test_what_was_refused_is_published_once_a_person_accepts_it(
    config: Path, planted: list[tuple[str, str]], rule: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    planted.append(rule)
    assert ran(config, "run", "--no-prefect") == 1
    data = config.parent / "data"
    assert not (data / "coverage.duckdb").exists()
    assert "planted" in (data / "quality" / "index.html").read_text(encoding="utf-8")
    run_id = refused_run(config)
    before = ask_warehouse(config, "SELECT count(*) FROM history.runs")
    assert ran(config, "audit") == 1
    assert "planted_0" in capsys.readouterr().out
    assert ask_warehouse(config, "SELECT count(*) FROM history.runs") == before
    assert not list(data.glob(".audit*"))
    assert ran(config, "accept", run_id[:12], "--because", "checked by hand", "--by", "A. Editor") == 0
    accepted = "SELECT expectation, accepted FROM quality_results WHERE NOT success AND severity = 'critical' AND accepted IS NOT NULL"
    told = ask_warehouse(config, f"{accepted.replace('quality_results', 'history.quality_results')}")
    assert told == [("planted_0", "checked by hand (A. Editor)")]
    assert len(ask(config, "SELECT article_id FROM articles")) == 12
    hashed = snapshot_hash(config)
    # the same finding is accepted in later runs too, and the same content comes out
    assert ran(config, "run", "--no-prefect") == 0
    assert snapshot_hash(config) == hashed
    planted.clear()
    assert ran(config, "publish", "--anew") == 0
    assert snapshot_hash(config) == hashed


def test_another_finding_of_the_same_expectation_is_refused_again(config: Path, planted: list[tuple[str, str]]) -> None:
    planted.append(COUNTS)
    assert ran(config, "run", "--no-prefect") == 1
    assert ran(config, "accept", refused_run(config), "--because", "checked by hand") == 0
    planted[0] = ("published", "SELECT article_id FROM published.articles WHERE url LIKE '%harbour.example%'")
    assert ran(config, "publish") == 1
    assert ask_warehouse(config, "SELECT count(*) FROM history.runs WHERE status = 'refused'") == [(2,)]


def test_a_batch_that_was_read_again_is_no_more_the_one_that_was_refused(
    config: Path, planted: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    planted.append(BATCH)
    assert ran(config, "run", "--no-prefect") == 1
    first = refused_run(config)
    assert ran(config, "process") == 1
    assert ran(config, "accept", first, "--because", "checked by hand") == 1
    assert "read again" in capsys.readouterr().err
    assert ask_warehouse(config, "SELECT count(*) FROM history.acceptances") == [(0,)]
    planted.clear()  # mended
    assert ran(config, "process") == 0
    assert ran(config, "publish") == 0
    assert len(ask(config, "SELECT article_id FROM articles")) == 12


def test_a_batch_that_other_configuration_would_read_otherwise_is_not_accepted(
    config: Path, planted: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    planted.append(BATCH)
    assert ran(config, "run", "--no-prefect") == 1
    outlet = next((config / "outlets").glob("*.toml"))
    outlet.write_text(outlet.read_text(encoding="utf-8").replace('timezone = "', 'timezone = "Asia/Tokyo" # "', 1), encoding="utf-8")
    assert ran(config, "accept", refused_run(config), "--because", "checked by hand") == 1
    assert "frontrunner process" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("run_id", "because", "status", "said"),
    [("nothing", "a reason", 1, "no run has an id"), ("", "a reason", 1, "no run has an id"), ("nothing", " ", 2, "must say why")],
)
def test_wrong_use_is_told(config: Path, run_id: str, because: str, status: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(config, "accept", run_id, "--because", because) == status
    assert said in capsys.readouterr().err


def test_a_run_that_was_published_needs_no_acceptance(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(config, "run", "--no-prefect") == 0
    ((run_id,),) = ask_warehouse(config, "SELECT run_id FROM history.runs")
    assert ran(config, "accept", str(run_id), "--because", "checked by hand") == 1
    assert "was not refused" in capsys.readouterr().err
    assert ran(config, "audit") == 0


def test_nothing_to_judge_is_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(config, "audit") == 1
    assert "nothing was processed yet" in capsys.readouterr().err
