"""The content tables are a function of what came in: any order, any split into runs, any repetition and any crash give the same rows.

Each example plays some runs (plays.py), each of which publishes what there is by then, grown from the file before where that may be. What
stands there at the end must equal one publication of everything in a fresh warehouse, and a whole build in the same one.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import builders as b
import pytest
from builders import RUN
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from plays import Failing, Killed, Play, a_play, content, differences, hash_of_file, in_turn, newsroom, once, play, published, unaudited

from warehouse import load, publish
from warehouse.database import open_warehouse


def check(told: Play) -> None:
    """The same rows three ways."""
    with ExitStack() as stack:
        stack.enter_context(unaudited())
        grown = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fresh = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        digest = play(told, grown)
        assert hash_of_file(grown) == digest
        with b.world(fresh, told.runs[-1].settings) as world:
            world.record(*(event for journal in told.journals for event in journal))
            load.stage(world.connection, [told.held])
            world.commit()
            at_once = published(world.connection, fresh, RUN)
        if at_once != digest:  # what differs says more than two hashes
            assert differences(content(grown), content(fresh)) == {}
            pytest.fail("the same rows with another hash")
        with open_warehouse(grown / "warehouse.duckdb") as connection:
            load.start_run(connection, "anew", "run", b.PUBLISHED_AT, "1.0", "c")
            anew = published(connection, grown, "anew", anew=True)
        assert anew == digest


@pytest.mark.system
def test_any_order_any_split_any_repetition_and_any_crash_give_the_same_rows() -> None:
    properties(3)


@pytest.mark.system
def test_the_same_for_many_more() -> None:
    properties(40)


def properties(examples: int) -> None:
    """Small newsrooms come first: a failure is shown by the smallest."""

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(
        outlets=st.integers(2, 3),
        days=st.integers(6, 9),
        seed=st.integers(0, 30),
        run_count=st.integers(3, 5),
        journal_count=st.integers(1, 6),
        luck=st.integers(0, 10_000),
    )
    def hold(**numbers: int) -> None:
        check(a_play(**numbers))

    hold()


def test_publications_grow_from_one_another(tmp_path: Path) -> None:
    """Otherwise the properties would say nothing of growing."""
    made = newsroom(4, 3, 8)
    built = publish.build_tables
    grown: list[bool] = []

    def build(connection: Any, publish_text: str, known: Any = None) -> Any:
        grown.append(known is not None)
        return built(connection, publish_text, known)

    with unaudited(), mock.patch.object(publish, "build_tables", build):
        play(Play(journals=made.journals(4), runs=in_turn(made, 4)), tmp_path)
    assert grown == [False, True, True, True]


def test_an_item_that_two_passes_list_belongs_to_the_earlier_one(tmp_path: Path) -> None:
    """Whichever journal is loaded first."""
    listed = [
        [b.poll("2024-07-01 06:00", items=["a", "b"]), b.poll("2024-07-01 18:00", known=2)],
        [b.poll("2024-07-02 06:00", items=["a"], known=1), b.poll("2024-07-03 06:00", known=1)],
    ]
    found = []
    for number, order in enumerate(((0, 1), (1, 0))):
        with unaudited(), b.world(tmp_path / str(number)) as world:
            for journal in order:
                world.record(*listed[journal])
                world.publish()
            found.append(world.published("SELECT day, discovered, failed FROM collection_health ORDER BY day"))
    assert found[0] == found[1]


def test_a_refusal_that_is_read_after_its_day_was_published(tmp_path: Path) -> None:
    event = b.fetch("a", "2024-07-02 08:00")
    with unaudited(), b.world(tmp_path) as world:
        world.record(*(b.poll(f"2024-07-0{n} 06:00", known=n - 1, items=["a"] if n == 2 else []) for n in range(1, 5)), event)
        world.publish()
        world.add(b.rejected(event, "no_text"), lists=[])
        grown = world.publish().snapshot_hash
        assert world.published("SELECT rejected, failed FROM collection_health WHERE discovered > 0") == [(1, 0)]
        assert world.publish(anew=True).snapshot_hash == grown


@pytest.mark.system
def test_a_run_that_dies_at_any_fourth_call_is_made_good_by_the_next(tmp_path: Path) -> None:
    made = newsroom(4, 2, 6)
    first, second = in_turn(made, 2)
    with unaudited():
        (tmp_path / "whole").mkdir()
        expected = play(Play(journals=made.journals(2), runs=[first, second]), tmp_path / "whole")
        (tmp_path / "first").mkdir()
        play(Play(journals=made.journals(2), runs=[first]), tmp_path / "first")
        dies_at, died = 0, True
        while died:
            folder = tmp_path / str(dies_at)
            shutil.copytree(tmp_path / "first", folder)
            b.write_journal(folder / "archive", made.journals(2)[1], "0001.jsonl")
            with open_warehouse(folder / "warehouse.duckdb") as connection:
                try:
                    once(Failing(connection, dies_at), folder, second, "run-1")
                    died = False
                except Killed:
                    pass
            if died:
                with open_warehouse(folder / "warehouse.duckdb") as connection:
                    assert once(connection, folder, second, "run-2") == expected, dies_at
                assert hash_of_file(folder) == expected, dies_at
            shutil.rmtree(folder)
            dies_at += 4
    assert dies_at > 100
