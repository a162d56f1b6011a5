"""Played again, the demo asks the newsroom for nothing and publishes the same content."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

from newsroom_fixtures import surroundings

from demo.newsroom_server import FOLDER, start_newsroom
from demo.replay import replay
from warehouse.query import run_query

if TYPE_CHECKING:
    from pathlib import Path

HASH = "SELECT snapshot_hash FROM snapshot"


def test_a_second_replay_changes_nothing(demo_config: Path, tmp_path: Path) -> None:
    copy = tmp_path / "demo"
    shutil.copytree(demo_config.parent, copy)
    before = run_query(copy / "data" / "coverage.duckdb", HASH).item()
    with surroundings(), start_newsroom(FOLDER) as newsroom:
        runs = replay(newsroom, copy / "config", prefect=False)
    assert runs == 1
    assert newsroom.requests == []
    assert run_query(copy / "data" / "coverage.duckdb", HASH).item() == before


def test_every_url_ends_once(demo_coverage: Path) -> None:
    ends = run_query(
        demo_coverage,
        "SELECT url, count(*) FILTER (outcome <> 'deferred') AS ends, count(DISTINCT run_id) AS runs"
        " FROM outcomes WHERE visit = 0 GROUP BY url",
    )
    assert Counter(ends["ends"].to_list()) == {1: ends.height}
