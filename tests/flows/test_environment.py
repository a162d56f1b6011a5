"""The surroundings of a run: clock, folders, lock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.environment import BadClock, RunInProgress, clock, load_environment, sole_run


def test_the_clock_stands_still_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTRUNNER_NOW", "2024-07-04T06:00:00+02:00")
    fixed = clock()
    assert fixed() == fixed() == datetime(2024, 7, 4, 4, tzinfo=UTC)
    assert fixed().utcoffset() == timedelta(0)
    monkeypatch.setenv("FRONTRUNNER_NOW", "2024-07-04T06:00:00Z")
    assert clock()() == datetime(2024, 7, 4, 6, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "   "])
def test_without_it_the_clock_goes(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FRONTRUNNER_NOW", value)
    before = datetime.now(UTC)
    assert before <= clock()() <= datetime.now(UTC)


@pytest.mark.parametrize("value", ["yesterday", "2024-07-04T06:00:00", "2024-07-04", "2024-13-01T00:00:00Z", "1720080000"])
def test_a_bad_clock_is_told_with_its_value(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FRONTRUNNER_NOW", value)
    with pytest.raises(BadClock, match=value):
        clock()


def test_data_lie_beside_the_configuration(minimal_config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_environment(minimal_config).data == tmp_path / "data"
    monkeypatch.chdir(tmp_path)
    found = load_environment(Path("config"))
    assert (found.published, found.warehouse) == (tmp_path / "data" / "coverage.duckdb", tmp_path / "data" / "warehouse.duckdb")
    monkeypatch.chdir(minimal_config)
    assert load_environment(Path()).data == tmp_path / "data", "wherever one stands"


@pytest.mark.parametrize(("given", "where"), [("elsewhere/data", "{}/elsewhere/data"), ("/srv/coverage", "/srv/coverage")])
def test_data_go_where_the_configuration_says(minimal_config: Path, tmp_path: Path, given: str, where: str) -> None:
    settings = minimal_config / "frontrunner.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f'[storage]\ndata = "{given}"\n', encoding="utf-8")
    assert load_environment(minimal_config).data == Path(where.format(tmp_path))


def test_two_runs_on_one_folder_are_one_too_many(tmp_path: Path) -> None:
    with sole_run(tmp_path / "data"):
        with pytest.raises(RunInProgress, match="another run"), sole_run(tmp_path / "data"):
            pytest.fail("both run")
        with sole_run(tmp_path / "other"):
            pass
    with sole_run(tmp_path / "data"):
        pass


def test_the_lock_goes_with_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broken"), sole_run(tmp_path):
        raise RuntimeError("broken")
    with sole_run(tmp_path):
        pass
