"""The Prefect flow, once from end to end, and once with an audit that refuses. Each is a program of its own, as users start it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom_fixtures import HOSTS, MORNING, Press, Story, ask, ask_warehouse, content, small_press, stories, surroundings, write_config
from support import ROOT

from flows.cli import call

pytestmark = pytest.mark.system
RUN = "from flows.cli import main; main()"
REFUSE = """
from flows import passes
real = passes.audit.audit
bad = passes.audit.QualityResult(
    suite="pages", expectation="made up", severity="critical", success=False, observed="3", expected="0", failing_rows=3, sample=None
)
passes.audit.audit = lambda connection, stage: [*real(connection, stage), bad]
"""


def through_prefect(config: Path, press: Press, program: str = RUN) -> subprocess.CompletedProcess[str]:
    home = config.parent / "prefect"
    variables = {**os.environ, **press.environment(), "PREFECT_HOME": str(home)}
    words = [sys.executable, "-c", program, "run", "--config", str(config)]
    return subprocess.run(words, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=180, check=False)


def test_a_run_through_prefect_is_a_run(tmp_path: Path) -> None:
    config, plain = write_config(tmp_path / "config", HOSTS), write_config(tmp_path / "plain" / "config", HOSTS)
    with small_press() as press:
        done = through_prefect(config, press)
        assert done.returncode == 0, done.stderr
        assert "coverage.duckdb" in done.stdout
        assert "Traceback" not in done.stderr
        with surroundings(**press.environment()):
            assert call(["run", "--no-prefect", "--config", str(plain)]) == 0
    assert content(config) == content(plain)
    assert list((config.parent / "data" / "reports").glob("coverage-2024-W25*"))
    assert ask(config, "SELECT command, status FROM runs") == [("run", "succeeded")]


def test_a_refused_audit_leaves_the_file_before(tmp_path: Path) -> None:
    config = write_config(tmp_path / "config", HOSTS)
    with small_press() as press:
        with surroundings(**press.environment()):
            assert call(["run", "--no-prefect", "--config", str(config)]) == 0
        before = content(config)
        late = Story(url="http://courier.example/late", title="Late", paragraphs=stories("late.example")[0].paragraphs, published=MORNING)
        press.feed("http://courier.example/feed", [late])
        (config / "outlets" / "courier.toml").write_text(
            (config / "outlets" / "courier.toml").read_text(encoding="utf-8").replace('"Courier"', '"The Courier"'), encoding="utf-8"
        )
        done = through_prefect(config, press, REFUSE + RUN)
    assert done.returncode == 1
    assert "made up" in done.stderr
    assert "frontrunner: the audit refused" in done.stderr
    assert content(config) == before
    assert ask_warehouse(config, "SELECT status FROM history.runs ORDER BY ALL") == [("refused",), ("succeeded",)]
