"""How many articles are usual for an outlet: by its file, by its own last weeks, and what a day is called that lies outside."""

# ruff: noqa: E501 (rows)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import builders as b
import pytest
from builders import World, fetch, page, poll

MONDAY = date(2024, 6, 3)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def expecting(world: World, **values: Any) -> None:
    world.configure(b.configuration([b.outlet(**values)]))


def days(counts: Sequence[int]) -> Iterator[tuple[date, int]]:
    for number, count in enumerate(counts):
        yield MONDAY + timedelta(days=number), count


def publish(world: World, counts: Sequence[int], *, down: Sequence[int] = ()) -> None:
    """So many articles on each day from a Monday on, polled without a gap but on the days (by number) that were down."""
    events = [fetch(f"{day}/{n}", f"{day} 12:30") for day, count in days(counts) for n in range(count)]
    polls = [poll(f"{MONDAY - timedelta(days=1)} 12:00")]
    for number in range(len(counts) + 1):
        day = MONDAY + timedelta(days=number)
        polls.append(
            poll(f"{day} 12:00", "failed", reason="timeout") if number in down else poll(f"{day} 12:00", known=int(number - 1 not in down))
        )
    world.record(*polls, *events)
    world.add(*(page(event) for event in events), lists=[])


def judged(world: World) -> dict[int, tuple[Any, ...]]:
    """Number of the day → (expected_min, expected_max, volume)."""
    world.build()
    found = world.query("SELECT day, expected_min, expected_max, volume FROM published.collection_health WHERE day >= ?", MONDAY)
    return {(day - MONDAY).days: tuple(rest) for day, *rest in found}


WORKDAYS = [16, 16, 16, 16, 16, 4, 4]  # of a week
# median 16: its root is 4, three of which are 12; median 4: 2 and 6
WORKDAY, WEEKEND = (4, 28), (0, 10)


def test_without_a_file_and_a_history_nothing_is_expected(world: World) -> None:
    publish(world, [9, 9, 0, 50])
    assert {judged(world)[number] for number in range(4)} == {(None, None, None)}


def test_at_first_the_file_says_a_third_to_three_times(world: World) -> None:
    expecting(world, articles_per_day=9.0)
    publish(world, [9, 2, 28, 3, 27])
    assert judged(world) | {5: None} == {
        0: (3, 27, "usual"), 1: (3, 27, "low"), 2: (3, 27, "high"), 3: (3, 27, "usual"), 4: (3, 27, "usual"), 5: None,
    }  # fmt: skip


def test_an_outlet_that_is_expected_to_be_silent_may_be(world: World) -> None:
    expecting(world, articles_per_day=0.0)
    publish(world, [0, 1])
    assert [judged(world)[number][2] for number in (0, 1)] == ["usual", "high"]


def test_after_some_weeks_the_outlets_own_history_says_it(world: World) -> None:
    expecting(world, articles_per_day=300.0)
    publish(world, WORKDAYS * 4)
    found = judged(world)
    assert found[0][:2] == (100, 900)
    assert found[21] == (*WORKDAY, "usual")
    assert found[26] == (*WEEKEND, "usual")
    assert [number for number in range(28) if found[number][0] == 100] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13], (
        "seven working days, four of weekends"
    )


def test_working_days_and_weekends_are_apart(world: World) -> None:
    publish(world, [*WORKDAYS * 3, 4, 16, 16, 16, 16, 16, 16])
    found = judged(world)
    assert found[21] == (*WORKDAY, "usual"), "four on a Monday: the fewest that are usual"
    assert [found[number] for number in (26, 27)] == [(*WEEKEND, "high")] * 2


def test_a_day_that_falls_out_is_called_so(world: World) -> None:
    publish(world, [*WORKDAYS * 3, 3, 29, 16, 4, 28])
    assert [judged(world)[number][2] for number in range(21, 26)] == ["low", "high", "usual", "usual", "usual"]


@pytest.mark.parametrize("strange", [0, 400])
def test_one_strange_day_changes_nothing(world: World, strange: int) -> None:
    publish(world, [*WORKDAYS, *WORKDAYS[:2], strange, *WORKDAYS[3:], *WORKDAYS])
    assert judged(world)[14] == (*WORKDAY, "usual")


def test_a_wide_spread_is_usual_for_those_who_have_it(world: World) -> None:
    week = [2, 30, 16, 30, 2, 0, 0]
    publish(world, week * 4)
    low, high, volume = judged(world)[22]
    assert (low, volume) == (0, "usual")
    assert high > 30


def test_history_is_of_four_weeks(world: World) -> None:
    few = [1 if count == 16 else 0 for count in WORKDAYS]
    publish(world, [*WORKDAYS * 2, *few * 5])
    found = judged(world)
    assert found[14] == (*WORKDAY, "low")
    assert found[14 + 28 + 1] == (0, 4, "usual"), "what was usual before is forgotten"


def test_bounds_of_ones_own_win(world: World) -> None:
    expecting(world, articles_per_day=9.0, articles_per_day_min=10.0, articles_per_day_max=20.0)
    publish(world, [*WORKDAYS * 2, 9, 21, 10, 20])
    assert [judged(world)[number] for number in (0, 14, 15, 16, 17)] == [
        (10, 20, "usual"), (10, 20, "low"), (10, 20, "high"), (10, 20, "usual"), (10, 20, "usual"),
    ]  # fmt: skip


def test_one_bound_alone_is_enough_to_judge_by(world: World) -> None:
    expecting(world, articles_per_day_min=10.0)
    publish(world, [9, 500])
    assert [judged(world)[number] for number in (0, 1)] == [(10, None, "low"), (10, None, "usual")]
    expecting(world, articles_per_day_max=10.0)
    assert [judged(world)[number] for number in (0, 1)] == [(None, 10, "usual"), (None, 10, "high")]


def test_only_whole_days_are_judged_and_only_they_are_history(world: World) -> None:
    down = [8, 9, 10, 11]
    counts = [*WORKDAYS * 3, 16]
    for number in down:
        counts[number] = 1
    publish(world, counts, down=down)
    found = judged(world)
    statuses = dict(world.query("SELECT date_diff('day', DATE '2024-06-03', day), status FROM published.collection_health"))
    assert [statuses[number] for number in (6, 7, 8, 11, 12, 13)] == ["complete", *["partial"] * 4, "complete"]
    assert {found[number][2] for number in range(7, 13)} == {None}
    assert found[21] == (*WORKDAY, "usual")


def test_days_from_an_archive_are_whole(world: World) -> None:
    expecting(world, articles_per_day=9.0)
    events = [fetch(f"{day}/{n}", f"{day} 12:30", origin="archive") for day, count in days([9, 1, 40]) for n in range(count)]
    world.record(*events)
    world.add(*(page(event) for event in events), lists=[])
    assert [judged(world)[number][2] for number in range(3)] == ["usual", "low", "high"]


def test_the_day_itself_is_no_part_of_its_history(world: World) -> None:
    publish(world, [*WORKDAYS * 2, 500])
    assert judged(world)[14] == (*WORKDAY, "high")


def test_outlets_have_histories_of_their_own(world: World) -> None:
    world.configure(b.configuration([b.outlet(), b.outlet("other")]))
    publish(world, WORKDAYS * 2 + [16])
    world.record(*[poll(f"{MONDAY + timedelta(days=number)} 12:00", known=1, outlet_id="other") for number in range(-1, 16)])
    world.build()
    assert world.query("SELECT outlet_id, expected_min, expected_max, volume FROM published.collection_health WHERE day = DATE '2024-06-17'") == [
        ("other", 0, 0, "usual"), ("post", *WORKDAY, "usual"),
    ]  # fmt: skip
