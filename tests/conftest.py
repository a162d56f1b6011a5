"""What all tests share: no network but loopback, the demo played once, the smallest configuration, who runs what where there are workers.

Programs that a test starts are not held back here; they are given a proxy on loopback instead.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from newsroom_fixtures import OUTLET, SETTINGS, WATCHLIST, surroundings
from pytest_socket import socket_allow_hosts

DEMO = ("demo_config", "demo_coverage")
LONG_FIRST = ("demo", "tests/flows", "tests/warehouse")  # what runs last should be short, so that no worker ends long after the others


@cache
def group(path: Path) -> str:
    """What runs on one worker: the files that need the demo, so that it is played once; else each file's tests."""
    text = path.read_text(encoding="utf-8")
    return "demo" if any(name in text for name in DEMO) else path.as_posix()


@pytest.hookimpl(tryfirst=True)  # before marks are asked for
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first. What needs the demo played takes minutes, so it is marked ``system``."""
    for item in items:
        if set(DEMO).intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.system)

    def rank(item: pytest.Item) -> int:
        name = group(item.path)
        name = name if name == "demo" else item.path.relative_to(config.rootpath).as_posix()
        return next((place for place, start in enumerate(LONG_FIRST) if name.startswith(start)), len(LONG_FIRST))

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where there are workers: as ``--dist loadfile``, by :func:`group`. (``loadgroup`` of xdist 3.8 does not work with pytest 9.2.)"""
    from xdist.scheduler import LoadFileScheduling

    class ByGroup(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(config.rootpath / nodeid.partition("::")[0])

    return ByGroup(config, log)


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
