"""The status of a day: cases worth naming, and the SQL against a small model of the rule in plain Python."""

# ruff: noqa: E501 (rows)

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import builders as b
import pytest
from builders import World, day, fetch, page, poll
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

STATUS = "SELECT strftime(day, '%d'), status FROM published.collection_health ORDER BY day"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def statuses(world: World) -> dict[str, str]:
    world.build()
    return dict(world.query(STATUS))


def reasons(world: World) -> dict[str, str]:
    world.build()
    return dict(world.query("SELECT strftime(day, '%d'), reason FROM published.collection_health"))


def steady(*days: int, **values: Any) -> list[b.Row]:
    """Polls every six hours of some days of July, each of which lists something known."""
    return [poll(f"2024-07-{d:02} {hour:02}:10", known=1, **values) for d in days for hour in (0, 6, 12, 18)]


def test_the_first_day_is_partial_and_so_is_the_one_that_is_not_over(world: World) -> None:
    world.record(*steady(1, 2, 3))
    assert statuses(world) == {"01": "partial", "02": "complete", "03": "partial"}
    assert reasons(world) == {"01": "before_first_poll", "02": None, "03": "open"}


def test_an_outage_that_overlaps_leaves_no_gap(world: World) -> None:
    world.record(*steady(1), *[poll(f"2024-07-0{d} 06:00", "failed", reason="timeout") for d in (2, 3)], *steady(4, 5))
    assert statuses(world) == {"01": "partial", "02": "complete", "03": "complete", "04": "complete", "05": "partial"}


def test_an_outage_without_overlap_is_a_gap(world: World) -> None:
    down = [poll(f"2024-07-0{d} 06:00", "failed", reason="timeout") for d in (3, 4)]
    world.record(*steady(1, 2), *down, poll("2024-07-06 06:00", known=0), *steady(7, 8))
    assert statuses(world) == {
        "01": "partial", "02": "partial", "03": "outage", "04": "outage", "05": "not_due", "06": "partial", "07": "complete", "08": "partial",
    }  # fmt: skip
    assert reasons(world) == {
        "01": "before_first_poll", "02": "gap", "03": "timeout", "04": "timeout", "05": "no_poll", "06": "gap", "07": None, "08": "open",
    }  # fmt: skip


def test_what_was_listed_and_could_not_be_fetched_is_unknown(world: World) -> None:
    world.record(*steady(1), poll("2024-07-02 12:00", known=1, items=["wall", "gone"]), *steady(3, 4))
    world.record(
        fetch("wall", "2024-07-02 12:01", "failed", reason="forbidden"), fetch("gone", "2024-07-02 12:01", "failed", reason="not_found")
    )
    assert statuses(world)["02"] == "partial"
    assert reasons(world)["02"] == "forbidden"


def test_what_was_listed_and_is_gone_is_known(world: World) -> None:
    world.record(*steady(1), poll("2024-07-02 12:00", known=1, items=["gone"]), *steady(3, 4))
    world.record(fetch("gone", "2024-07-02 12:01", "failed", reason="not_found"))
    assert statuses(world)["02"] == "complete"


def test_not_modified_leaves_no_gap(world: World) -> None:
    world.record(poll("2024-07-01 06:00"), poll("2024-07-04 06:00", "not_modified"))
    assert statuses(world) == {"01": "partial", "02": "complete", "03": "complete", "04": "partial"}


def test_polls_may_be_rare_as_long_as_they_overlap(world: World) -> None:
    world.record(poll("2024-07-01 06:00"), poll("2024-07-03 23:59", known=1), poll("2024-07-04 00:00", known=1))
    assert statuses(world) == {"01": "partial", "02": "complete", "03": "complete", "04": "partial"}


def test_a_sitemap_covers_the_days_that_it_lists_after_the_first_poll(world: World) -> None:
    world.record(poll("2024-07-01 06:00", source="map", kind="sitemap"))
    world.record(poll("2024-07-06 06:00", source="map", kind="sitemap", oldest_listed_at="2024-07-03 12:00"))
    assert statuses(world) == {"01": "partial", "02": "not_due", "03": "partial", "04": "complete", "05": "complete", "06": "partial"}


def test_a_sitemap_covers_nothing_before_the_first_poll(world: World) -> None:
    event = fetch("a", "2024-07-01 07:00")
    world.record(poll("2024-07-01 06:00", source="map", kind="sitemap", oldest_listed_at="2024-06-01 00:00"), event)
    world.add(page(event, published="2024-06-20"))
    assert statuses(world) == {"20": "partial", "01": "partial"}


def test_a_feed_covers_no_more_than_the_time_between_polls(world: World) -> None:
    world.record(poll("2024-07-01 06:00"), poll("2024-07-06 06:00", oldest_listed_at="2024-07-02 12:00"))
    assert statuses(world)["04"] == "not_due"


def test_one_of_two_feeds_that_fails_makes_a_day_partial(world: World) -> None:
    world.record(*steady(1, 2, 3), *[e | {"result": "failed", "reason": "timeout"} for e in steady(1, 2, 3, source="other")])
    assert statuses(world) == {"01": "partial", "02": "partial", "03": "partial"}
    assert reasons(world)["02"] == "timeout"


def test_a_sitemap_covers_for_a_feed_that_fails(world: World) -> None:
    world.record(*steady(1, 2, 3, source="map", kind="sitemap"), *[e | {"result": "failed", "reason": "timeout"} for e in steady(1, 2, 3)])
    assert statuses(world)["02"] == "complete"


def test_a_feed_that_covers_does_not_wait_for_a_sitemap_that_fails(world: World) -> None:
    world.record(*steady(1, 2, 3), *[e | {"result": "failed", "reason": "timeout"} for e in steady(1, 2, 3, source="map", kind="sitemap")])
    assert statuses(world)["02"] == "complete"


def test_a_feed_that_is_added_owes_nothing_for_the_days_before(world: World) -> None:
    world.record(*steady(1, 2, 3, 4, 5), *steady(4, 5, source="new"))
    assert statuses(world) == {"01": "partial", "02": "complete", "03": "complete", "04": "partial", "05": "partial"}


def test_a_feed_that_is_removed_owes_nothing_for_the_days_after(world: World) -> None:
    world.record(*steady(1, 2, 3, 4, 5), *steady(1, 2, 3, source="old"))
    assert statuses(world) == {"01": "partial", "02": "complete", "03": "complete", "04": "complete", "05": "partial"}


def test_robots_and_refusals_block_and_other_failures_do_not(world: World) -> None:
    def down(d: int, *why: str) -> list[b.Row]:
        return [poll(f"2024-07-{d:02} {hour:02}:00", "failed", reason=reason) for hour, reason in enumerate(why, start=6)]

    world.record(
        poll("2024-07-01 06:00"),
        *down(2, "robots", "robots"),
        *down(3, "forbidden"),
        *down(4, "robots", "timeout"),
        *down(5, "robots", "forbidden"),
    )
    assert statuses(world) == {"01": "partial", "02": "blocked", "03": "blocked", "04": "outage", "05": "blocked"}


def test_an_outlet_that_never_answered_is_an_outage(world: World) -> None:
    world.record(*[e | {"result": "failed", "reason": "dns"} for e in steady(1, 2)])
    assert statuses(world) == {"01": "outage", "02": "outage"}
    assert reasons(world) == {"01": "dns", "02": "dns"}


def test_an_outlet_that_was_never_polled_has_no_days(world: World) -> None:
    assert statuses(world) == {}


def test_an_article_makes_a_day_in_a_gap_partial(world: World) -> None:
    event = fetch("a", "2024-07-05 07:00")
    world.record(poll("2024-07-01 06:00"), poll("2024-07-05 06:00", items=["a"]), event)
    world.add(page(event, published="2024-07-03"))
    assert statuses(world) == {"01": "partial", "02": "not_due", "03": "partial", "04": "not_due", "05": "partial"}


def test_archives_fill_gaps_and_no_more(world: World) -> None:
    captures = [fetch(f"a{n}", f"2024-07-0{n} 07:00", origin="archive") for n in (1, 2, 3, 4)]
    down = poll("2024-07-03 06:00", "failed", reason="timeout")
    world.record(*captures, poll("2024-07-02 06:00"), down, poll("2024-07-05 06:00"))
    assert statuses(world) == {"01": "archive", "02": "partial", "03": "archive", "04": "archive", "05": "partial"}


def test_a_poll_at_midnight_is_a_poll_of_the_day_that_begins(world: World) -> None:
    world.record(poll("2024-07-01 06:00"), poll("2024-07-03 00:00"))
    assert statuses(world) == {"01": "partial", "02": "not_due", "03": "partial"}


def test_days_are_those_of_the_outlet(world: World) -> None:
    world.configure(b.configuration([b.outlet(timezone="America/New_York")]))
    world.record(poll("2024-07-02 03:30"), poll("2024-07-03 04:30", known=1), poll("2024-07-04 03:30", known=1))
    assert statuses(world) == {"01": "partial", "02": "complete", "03": "partial"}


def test_outlets_do_not_cover_for_one_another(world: World) -> None:
    world.configure(b.configuration([b.outlet("post"), b.outlet("other")]))
    world.record(*steady(1, 2, 3), *[e | {"result": "failed", "reason": "timeout"} for e in steady(1, 2, 3, outlet_id="other")])
    world.build()
    assert world.query("SELECT outlet_id, status FROM published.collection_health WHERE day = '2024-07-02' ORDER BY ALL") == [
        ("other", "outage"), ("post", "complete"),
    ]  # fmt: skip


# ---- the model


@dataclass(frozen=True)
class Poll:
    source: str  # feed…, map…
    hour: int  # since the start
    result: str  # ok, overlap, same, failed, robots
    back: int = 0  # a sitemap lists this many hours back

    @property
    def kind(self) -> str:
        return "sitemap" if self.source.startswith("map") else "feed"


START = datetime(2024, 7, 1, tzinfo=UTC)
SUCCESSES = ("ok", "overlap", "same")


def covered_hours(polls: list[Poll], source: str, first: int) -> set[int]:
    """The whole hours [h, h + 1) that the successful polls of a source leave no gap in."""
    good = sorted((p for p in polls if p.source == source and p.result in SUCCESSES), key=lambda p: p.hour)
    hours: set[int] = set()
    for number, one in enumerate(good):
        if number and one.result in ("overlap", "same"):
            hours.update(range(good[number - 1].hour, one.hour))
        if one.kind == "sitemap":
            hours.update(range(max(one.hour - one.back, first), one.hour))
    return hours


def model(polls: list[Poll]) -> dict[date, str]:
    """The rule of the contract, hour by hour. Instants are whole hours, so that a day is whole when all its 24 hours are."""
    good = [p for p in polls if p.result in SUCCESSES]
    first = min((p.hour for p in good), default=0)
    sources = sorted({p.source for p in polls})
    found = {}
    for number in range(min(p.hour for p in polls) // 24, max(p.hour for p in polls) // 24 + 1):
        hours = set(range(number * 24, number * 24 + 24))
        today = [p for p in polls if p.hour in hours]
        cover = {source: covered_hours(polls, source, first) for source in sources}
        owing = [
            s for s in sources
            if s.startswith("feed") and min(p.hour for p in polls if p.source == s) <= number * 24 + 24 <= max(p.hour for p in polls if p.source == s)
        ]  # fmt: skip
        by_map = any(hours <= cover[s] for s in sources if s.startswith("map"))
        if by_map or (owing and all(hours <= cover[s] for s in owing)):
            status = "complete"
        elif any(p.result in SUCCESSES for p in today) or any(cover[s] & hours for s in sources):
            status = "partial"
        elif not today:
            status = "not_due"
        else:
            status = "blocked" if all(p.result == "robots" for p in today) else "outage"
        found[START.date() + timedelta(days=number)] = status
    return found


def event(entry: Poll) -> b.Row:
    moment = START + timedelta(hours=entry.hour)
    failed = entry.result in {"failed", "robots"}
    row = poll(
        f"{moment:%Y-%m-%d %H:%M}",
        "failed" if failed else "not_modified" if entry.result == "same" else "ok",
        source=entry.source,
        kind=entry.kind,
        known=int(entry.result == "overlap"),
        reason={"failed": "timeout", "robots": "robots"}.get(entry.result),
    )
    if entry.kind == "sitemap" and entry.back and entry.result == "ok":
        row["oldest_listed_at"] = f"{moment - timedelta(hours=entry.back):%Y-%m-%dT%H:%M:%SZ}"
    return row


entries = st.builds(
    Poll,
    source=st.sampled_from(["feed1", "feed1", "feed2", "map1"]),
    hour=st.integers(0, 24 * 5),
    result=st.sampled_from(["ok", "overlap", "overlap", "overlap", "same", "failed", "robots"]),
    back=st.sampled_from([0, 0, 6, 30, 60]),
).map(lambda p: p if p.kind == "sitemap" and p.result == "ok" else Poll(p.source, p.hour, p.result))
sequences = st.lists(entries, min_size=1, max_size=14, unique_by=lambda p: (p.source, p.hour))
BATCH = 12  # outlets in one warehouse: building the marts costs more than judging them


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(sequences, min_size=BATCH, max_size=BATCH))
def test_the_sql_agrees_with_the_model(batch: list[list[Poll]]) -> None:
    names = [f"outlet{number}" for number in range(len(batch))]
    with tempfile.TemporaryDirectory() as folder, b.world(Path(folder), b.configuration([b.outlet(name) for name in names])) as world:
        world.record(*(event(p) | {"outlet_id": name} for name, polls in zip(names, batch, strict=True) for p in polls))
        world.build()
        found: dict[str, dict[date, str]] = {name: {} for name in names}
        for name, on, status in world.query("SELECT outlet_id, day, status FROM published.collection_health"):
            found[name][on] = status
        unknown = world.query("SELECT outlet_id, day FROM published.coverage_by_outlet_day WHERE articles IS NULL")
    for name, polls in zip(names, batch, strict=True):
        assert found[name] == model(polls), polls
        assert {on for other, on in unknown if other == name} == {
            on for on, status in found[name].items() if status in {"outage", "blocked", "not_due"}
        }


def test_the_model_itself_knows_a_plain_case() -> None:
    polls = [Poll("feed1", 6, "ok"), Poll("feed1", 54, "overlap"), Poll("feed1", 80, "failed")]
    assert model(polls) == {
        day("2024-07-01"): "partial",
        day("2024-07-02"): "complete",
        day("2024-07-03"): "partial",
        day("2024-07-04"): "outage",
    }
