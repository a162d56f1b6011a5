"""What all tests share: no network but loopback, the demo played once, the smallest configuration, who runs what where there are workers.

Programs that a test starts are not held back here; they are given a proxy on loopback instead.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from newsroom_fixtures import OUTLET, SETTINGS, WATCHLIST, surroundings
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from pathlib import Path


DEMO = frozenset({"demo_config", "demo_coverage"})
LONG_FIRST = ("demo", "tests/flows", "tests/warehouse")  # what runs last should be short, so that no worker ends long after the others


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Groups for ``--dist loadgroup``: what needs the demo on one worker, so that it is played once; else each file's tests together."""
    if not config.getoption("loadgroup", False):
        return

    def group(item: pytest.Item) -> str:
        needs_demo = DEMO.intersection(getattr(item, "fixturenames", ()))
        return "demo" if needs_demo else item.path.relative_to(config.rootpath).as_posix()

    def rank(name: str) -> int:
        return next((place for place, start in enumerate(LONG_FIRST) if name.startswith(start)), len(LONG_FIRST))

    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))
    items.sort(key=lambda item: rank(group(item)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before each test and the fixtures it needs; pytest-socket itself lifts it afterwards."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def demo_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's configuration in a folder of its own, with the whole sample newsroom played and published beside it."""
    from demo.newsroom_server import FOLDER, start_newsroom
    from demo.replay import CONFIG, replay

    config = tmp_path_factory.mktemp("demo") / "config"
    shutil.copytree(CONFIG, config)  # what a link points to is copied too
    with surroundings(), start_newsroom(FOLDER) as newsroom:
        replay(newsroom, config, prefect=False)
    return config


@pytest.fixture(scope="session")
def demo_coverage(demo_config: Path) -> Path:
    """The published file of the demo. Read it, do not write to it."""
    return demo_config.parent / "data" / "coverage.duckdb"


@pytest.fixture
def minimal_config(tmp_path: Path) -> Path:
    """A folder with the smallest files that must work (contract 1.3), word for word."""
    config = tmp_path / "config"
    for name, text in (
        ("frontrunner.toml", SETTINGS),
        ("outlets/dutchnews.toml", OUTLET),
        ("watchlists/nato-secretary-general-2024.toml", WATCHLIST),
    ):
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return config
