"""What the record says of single sources, and what a source in the place of a dead one does for the days of its outlet."""

# ruff: noqa: E501 (rows)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import builders as b
import pytest
from builders import World, at, poll


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def sources(world: World, columns: str) -> list[tuple[Any, ...]]:
    world.build()
    return world.query(f"SELECT {columns} FROM published.sources ORDER BY outlet_id, source_url")


def failed(polled_at: str, reason: str = "not_found", **values: Any) -> b.Row:
    return poll(polled_at, "failed", reason=reason, **values)


# ---- the mart


def test_a_source_is_what_its_last_poll_was(world: World) -> None:
    world.record(
        poll("2024-07-01 06:00", items=["a", "b"], failures=0, failing=0.0, interval_minutes=60.0),
        failed("2024-07-01 07:00", "timeout", failures=1, failing=0.01, interval_minutes=60.0),
        poll("2024-07-01 08:00", "not_modified", failures=0, failing=0.0, interval_minutes=90.0),
        poll("2024-07-01 06:00", source="other", items=["c"]),
        failed("2024-07-01 08:00", "server_error", source="other", failures=1, failing=0.1),
    )
    columns = "source_url, kind, status, reason, first_polled_at, last_polled_at, last_answered_at, polls, answered, new, failures, interval_minutes"
    assert sources(world, columns) == [
        ("https://post.example/feed", "feed", "healthy", None, at("2024-07-01 06:00"), at("2024-07-01 08:00"), at("2024-07-01 08:00"), 3, 2, 2, 0, 90.0),
        ("https://post.example/other", "feed", "failing", "server_error", at("2024-07-01 06:00"), at("2024-07-01 08:00"), at("2024-07-01 06:00"), 2, 1, 1, 1, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("failures", "failing", "status"),
    [(1, 1.0, "failing"), (3, 2.99, "failing"), (2, 9.0, "failing"), (3, 3.0, "dead"), (40, 12.5, "dead")],
)
def test_dead_is_what_failed_often_and_long_enough(world: World, failures: int, failing: float, status: str) -> None:
    from transforms.feed_health import is_dead

    world.record(failed("2024-07-01 06:00", failures=failures, failing=failing))
    assert sources(world, "status, reason") == [(status, "not_found")]
    assert is_dead(failures, failing) == (status == "dead")


def test_a_dead_source_that_answers_is_healthy(world: World) -> None:
    world.record(failed("2024-07-01 06:00", failures=9, failing=9.0), poll("2024-07-02 06:00", failures=0, failing=0.0))
    assert sources(world, "status, reason, failures") == [("healthy", None, 0)]


def test_where_a_source_moved_and_what_it_stands_for(world: World) -> None:
    world.record(
        poll("2024-07-01 06:00", moved_to="https://post.example/new"),
        failed("2024-07-01 06:00", source="gone", failures=9, failing=9.0),
        poll("2024-07-01 06:00", source="found", stands_for="https://post.example/gone"),
    )
    assert sources(world, "parse_filename(source_url), status, moved_to, stands_for") == [
        ("feed", "healthy", "https://post.example/new", None),
        ("found", "healthy", None, "https://post.example/gone"),
        ("gone", "dead", None, None),
    ]
    world.record(poll("2024-07-02 06:00", moved_to=None))
    assert ("feed", None) in sources(world, "parse_filename(source_url), moved_to"), "it came back"


def test_polls_of_an_older_schema_have_a_status_too(world: World) -> None:
    world.record(failed("2024-07-01 06:00"), poll("2024-07-01 06:00", source="other"))
    assert sources(world, "status, failures, interval_minutes") == [("failing", 0, None), ("healthy", 0, None)]


def test_sources_of_an_outlet_that_left_are_not_listed(world: World) -> None:
    world.record(poll("2024-07-01 06:00", outlet_id="gone"))
    assert sources(world, "outlet_id") == []


# ---- in the place of a dead one


GONE = "https://post.example/feed"


def status(world: World) -> dict[str, tuple[str, str | None]]:
    world.build()
    return {
        day: (found, why) for day, found, why in world.query("SELECT strftime(day, '%d'), status, reason FROM published.collection_health")
    }


def dying() -> list[b.Row]:
    """A feed that answers on the first, and never again."""
    return [poll("2024-07-01 06:00"), *[failed(f"2024-07-{day:02} 06:00", failures=day, failing=day - 1.0) for day in range(2, 10)]]


def stand_in(kind: str, *days: int, **values: Any) -> list[b.Row]:
    return [
        poll(f"2024-07-{day:02} {hour}:00", known=1, source="found", kind=kind, stands_for=GONE, **values)
        for day in days
        for hour in ("07", "19")
    ]


def test_a_feed_in_the_place_of_a_dead_one_makes_days_complete(world: World) -> None:
    world.record(*dying(), *stand_in("feed", 5, 6, 7, 8))
    found = status(world)
    assert [found[day] for day in ("03", "05", "06", "07", "08")] == [
        ("outage", "not_found"), ("partial", "not_found"), ("complete", None), ("complete", None), ("partial", "not_found"),
    ]  # fmt: skip


def test_a_sitemap_in_the_place_of_a_dead_feed_does_too(world: World) -> None:
    world.record(*dying(), *stand_in("sitemap", 5, 6, 7, 8))
    assert status(world)["06"] == ("complete", None)


@pytest.mark.parametrize("known", [0, 1])
def test_a_page_in_its_place_never_does(world: World, known: int) -> None:
    world.record(*dying(), *[event | {"known": known} for event in stand_in("page", 5, 6, 7, 8)])
    found = status(world)
    assert {found[day] for day in ("05", "06", "07", "08")} == {("partial", "not_found")}, (
        "something was read, and nobody knows whether all"
    )


def test_without_anybody_in_its_place_the_days_are_an_outage(world: World) -> None:
    world.record(*dying(), *[event | {"stands_for": None, "source_kind": "page"} for event in stand_in("page", 8)])
    assert status(world)["06"] == ("outage", "not_found")


def test_another_feed_that_is_well_does_not_stand_for_a_dead_one(world: World) -> None:
    world.record(*dying(), *[event | {"stands_for": None} for event in stand_in("feed", 1, 5, 6, 7, 8)])
    assert status(world)["06"][0] == "partial"


def test_a_dead_feed_that_comes_back_goes_on_where_its_place_was_held(world: World) -> None:
    back = [poll(f"2024-07-{day:02} 06:00", known=1) for day in (10, 11, 12)]
    world.record(*dying(), *stand_in("feed", 5, 6, 7, 8, 9), *back)
    found = status(world)
    assert [found[day][0] for day in ("06", "08", "10", "11")] == ["complete", "complete", "complete", "complete"]


def test_an_outlet_with_nothing_but_a_page_is_never_complete(world: World) -> None:
    world.record(
        *[poll(f"2024-07-{day:02} {hour:02}:00", known=1, kind="page", source="") for day in (1, 2, 3, 4) for hour in range(0, 24, 6)]
    )
    assert {found for found, _ in status(world).values()} == {"partial"}


def test_a_page_beside_a_feed_that_is_well_takes_nothing_away(world: World) -> None:
    pages = [poll(f"2024-07-{day:02} 12:00", kind="page", source="") for day in (1, 2, 3)]
    world.record(*[poll(f"2024-07-{day:02} {hour:02}:10", known=1) for day in (1, 2, 3) for hour in (0, 12)], *pages)
    assert status(world)["02"] == ("complete", None)
