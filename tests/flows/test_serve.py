"""The schedules: what is served, when, in which time zone, and with which configuration."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from flows.commands.running import set_up_prefect
from flows.environment import load_environment

if TYPE_CHECKING:
    from pathlib import Path

SCHEDULE = '[schedule]\ncollect = "5 6 * * *"\nreport = "0 8 * * 2"\ntimezone = "Europe/Tallinn"\n'


@pytest.fixture(autouse=True)
def prefect_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))


def served(config: Path) -> dict[str, tuple[list[tuple[str, str]], list[str]]]:
    """Name → (cron line and zone of each schedule, values of the parameters)."""
    from flows.serve import deployments

    found = {}
    for made in deployments(load_environment(config)):
        when = [(each.schedule.cron, each.schedule.timezone) for each in made.schedules or []]
        found[f"{made.flow_name}/{made.name}"] = (when, list(made.parameters.values()))
    return found


def test_the_schedules_are_those_of_the_configuration(minimal_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = minimal_config / "frontrunner.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SCHEDULE, encoding="utf-8")
    monkeypatch.chdir(minimal_config.parent)
    parameters = [str(minimal_config)]
    assert served(minimal_config) == {
        "coverage-run/full-pass": ([("5 6 * * *", "Europe/Tallinn")], [*parameters, True]),  # only what is due
        "weekly-report/weekly-report": ([("0 8 * * 2", "Europe/Tallinn")], parameters),
    }
    assert served(minimal_config.relative_to(minimal_config.parent)) == served(minimal_config), "the folder one stands in does not matter"


def test_without_any_there_are_sensible_ones(minimal_config: Path) -> None:
    ((runs, _), (reports, _)) = served(minimal_config).values()
    assert [zone for _, zone in (*runs, *reports)] == ["Europe/Brussels"] * 2
    assert reports[0][0].endswith(" 1"), "on Mondays"


def test_what_the_user_has_set_stands(minimal_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("PREFECT_SERVER_ANALYTICS_ENABLED", "DO_NOT_TRACK", "PREFECT_LOGGING_LEVEL", "PREFECT_CLI_PROMPT")
    for name in names:
        monkeypatch.setenv(name, "of the test")  # so that what is set below is taken back afterwards
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", "elsewhere")
    set_up_prefect(load_environment(minimal_config))
    assert os.environ["PREFECT_HOME"] == "elsewhere"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    monkeypatch.delenv("PREFECT_HOME")
    set_up_prefect(load_environment(minimal_config))
    assert os.environ["PREFECT_HOME"] == str(minimal_config.parent / "data" / "prefect")
