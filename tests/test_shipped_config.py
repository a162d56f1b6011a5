"""The configuration that comes with Frontrunner: 24 outlets, two watch lists, settings, corrections."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from support import ROOT

from transforms.params import Configuration, Corrections, Outlet, Settings, Watchlist

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = ROOT / "config"
OUTLETS = sorted((CONFIG / "outlets").glob("*.toml"))
WATCHLISTS = sorted((CONFIG / "watchlists").glob("*.toml"))
# The members of 2024, all 32.
NATO = frozenset(
    {"AL", "BE", "BG", "CA", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IS"}
    | {"IT", "LT", "LU", "LV", "ME", "MK", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "TR", "US"}
)


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def outlets() -> list[Outlet]:
    return [Outlet.model_validate(toml(path)) for path in OUTLETS]


def watchlists() -> dict[str, Watchlist]:
    return {path.stem: Watchlist.model_validate(toml(path)) for path in WATCHLISTS}


@pytest.mark.parametrize("path", OUTLETS, ids=lambda path: path.stem)
def test_outlet_file(path: Path) -> None:
    outlet = Outlet.model_validate(toml(path))
    assert outlet.id == path.stem
    assert outlet.country in NATO
    assert outlet.feeds or outlet.sitemaps
    assert all(address.startswith("https://") for address in (outlet.homepage, *outlet.feeds, *outlet.sitemaps))
    host = outlet.homepage.split("/")[2]
    assert any(host == domain or host.endswith("." + domain) for domain in outlet.domains)
    assert "check --live" in path.read_text(encoding="utf-8").splitlines()[0], "the file says that its addresses were not probed"


def test_panel_is_various() -> None:
    panel = outlets()
    assert len(panel) == 24
    assert len({outlet.country for outlet in panel}) == 24
    assert len({outlet.language for outlet in panel}) >= 20
    assert sum(outlet.agency for outlet in panel) >= 2
    assert len({outlet.timezone for outlet in panel}) >= 20


def test_watch_lists() -> None:
    lists = watchlists()
    assert set(lists) == {"nato-secretary-general-2024", "nato-aspirants"}
    assert all(watchlist.id == stem for stem, watchlist in lists.items())
    ids = [candidate.id for watchlist in lists.values() for candidate in watchlist.candidates]
    assert len(ids) == len(set(ids))


def test_contest_for_secretary_general() -> None:
    contest = watchlists()["nato-secretary-general-2024"]
    assert contest.kind == "person"
    assert {endorser.country for endorser in contest.endorsers} == NATO
    candidates = {candidate.id for candidate in contest.candidates}
    assert {"mark-rutte", "klaus-iohannis", "kaja-kallas", "krisjanis-karins", "ben-wallace"} <= candidates


def test_aspirants_are_countries() -> None:
    aspirants = watchlists()["nato-aspirants"]
    assert aspirants.kind == "country"
    countries = [candidate.country for candidate in aspirants.candidates]
    assert len(countries) == len(set(countries))
    assert set(countries) - NATO, "at least one that is still outside"


def test_configuration_as_a_whole() -> None:
    configuration = Configuration.model_validate(
        {
            "settings": Settings.model_validate(toml(CONFIG / "frontrunner.toml")),
            "outlets": outlets(),
            "watchlists": list(watchlists().values()),
            "corrections": Corrections.model_validate(toml(CONFIG / "corrections.toml")),
        }
    )
    assert configuration.settings.contact.endswith("@example.org"), "an address that is clearly to be edited"
    assert not configuration.settings.allow_private_addresses
    assert configuration.corrections == Corrections()


def test_example_in_corrections_is_valid() -> None:
    lines = (CONFIG / "corrections.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# [[suppress]]")
    example = "\n".join(line.removeprefix("# ") for line in lines[start:])
    assert len(Corrections.model_validate(tomllib.loads(example)).suppress) == 1
