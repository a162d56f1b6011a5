"""The collection record."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import duckdb
import pytest

from flows.collectors.journal import FETCH_KEYS, POLL_KEYS, Journal, read_events, timestamp

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 7, 1, 6, 0, tzinfo=UTC)


def test_times_are_utc_with_microseconds() -> None:
    assert timestamp(datetime(2024, 7, 1, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))) == "2024-07-01T06:00:00.000005Z"
    assert timestamp(None) is None


def test_every_key_is_always_there(tmp_path: Path) -> None:
    with Journal(tmp_path, NOW, "0123456789") as journal:
        journal.poll(outlet_id="a", polled_at=NOW, items=[{"title": "x\ud800\0y", "published_at": NOW}], detail="d" * 9000)
        journal.fetch(item_id="b")
    assert journal.path == tmp_path / "2024/07/frontrunner-20240701T060000Z-01234567-00000.jsonl"
    poll, fetch = read_events(journal.path)
    assert (tuple(poll), tuple(fetch)) == (POLL_KEYS, FETCH_KEYS)
    assert (poll["event"], poll["run_id"], poll["polled_at"]) == ("poll", "0123456789", "2024-07-01T06:00:00.000000Z")
    assert poll["items"] == [{"title": "x?y", "published_at": "2024-07-01T06:00:00.000000Z"}]
    assert len(poll["detail"]) == 500
    assert duckdb.sql(f"SELECT count(*) FROM read_json('{journal.path}', format = 'newline_delimited')").fetchall() == [(2,)]


def test_an_unknown_key_is_a_mistake(tmp_path: Path) -> None:
    with Journal(tmp_path, NOW, "r") as journal, pytest.raises(TypeError, match="colour"):
        journal.fetch(colour="red")


def test_a_torn_last_line_is_passed_over_and_other_damage_is_not(tmp_path: Path) -> None:
    with Journal(tmp_path, NOW, "r") as journal:
        journal.fetch(item_id="a")
        journal.fetch(item_id="b")
    path = journal.path
    assert path is not None
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    assert [event["item_id"] for event in read_events(path)] == ["a"]
    path.write_bytes(b"{broken\n" + whole)
    with pytest.raises(json.JSONDecodeError):
        list(read_events(path))


def test_nothing_to_tell_leaves_no_file_and_another_file_is_never_touched(tmp_path: Path) -> None:
    with Journal(tmp_path, NOW, "r") as nothing:
        pass
    assert nothing.path is None
    paths = []
    for _ in range(2):
        with Journal(tmp_path, NOW, "r") as journal:
            journal.fetch(item_id="a")
        paths.append(journal.path)
    assert len(set(paths)) == 2
