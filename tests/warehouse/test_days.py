"""Days: where they begin and end in each zone, when they are final, and which day an article has in Brussels."""

# ruff: noqa: E501 (queries and the rows that they give)

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import builders as b
import pytest
from builders import World, at, day, fetch, mention, page, poll

# zone, local day, its beginning and its end in UTC, its hours
DAYS = [
    ("Europe/Brussels", "2024-07-01", "2024-06-30 22:00", "2024-07-01 22:00", 24),
    ("Europe/Brussels", "2024-03-31", "2024-03-30 23:00", "2024-03-31 22:00", 23),
    ("Europe/Brussels", "2024-10-27", "2024-10-26 22:00", "2024-10-27 23:00", 25),
    ("America/New_York", "2024-03-10", "2024-03-10 05:00", "2024-03-11 04:00", 23),
    ("America/New_York", "2024-11-03", "2024-11-03 04:00", "2024-11-04 05:00", 25),
    ("Australia/Lord_Howe", "2024-10-06", "2024-10-05 13:30", "2024-10-06 13:00", 23.5),
    ("Australia/Lord_Howe", "2024-04-07", "2024-04-06 13:00", "2024-04-07 13:30", 24.5),
    ("Asia/Kathmandu", "2024-07-01", "2024-06-30 18:15", "2024-07-01 18:15", 24),
    ("Pacific/Apia", "2024-07-01", "2024-06-30 11:00", "2024-07-01 11:00", 24),
    ("Pacific/Pago_Pago", "2024-07-01", "2024-07-01 11:00", "2024-07-02 11:00", 24),
    ("Pacific/Kiritimati", "2024-07-01", "2024-06-30 10:00", "2024-07-01 10:00", 24),
    # midnight is left out: the day begins at 01:00
    ("Africa/Cairo", "2024-04-26", "2024-04-25 22:00", "2024-04-26 21:00", 23),
    ("Asia/Beirut", "2024-03-31", "2024-03-30 22:00", "2024-03-31 21:00", 23),
    ("America/Santiago", "2024-09-08", "2024-09-08 04:00", "2024-09-09 03:00", 23),
    # at midnight it is 23:00 again: the hour that is there twice belongs to the day that ends
    ("America/Asuncion", "2024-03-23", "2024-03-23 03:00", "2024-03-24 04:00", 25),
    # the islands went over the date line and left the 30th out
    ("Pacific/Apia", "2011-12-29", "2011-12-29 10:00", "2011-12-30 10:00", 24),
    ("Pacific/Apia", "2011-12-31", "2011-12-30 10:00", "2011-12-31 10:00", 24),
]  # fmt: skip
# midnight is there twice: the day begins at the first one
TWICE = [
    ("Atlantic/Azores", "2024-10-27", "2024-10-27 00:00", "2024-10-28 01:00", 25),
    ("America/Havana", "2024-11-03", "2024-11-03 04:00", "2024-11-04 05:00", 25),
]
Case = tuple[str, str, str, str, float]


@pytest.fixture(scope="module")
def bounds(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[datetime, datetime]]:
    """Beginning and end of every day above, as the counts take them."""
    cases = [*DAYS, *TWICE]
    outlets = [b.outlet(f"o{n}", timezone=zone) for n, (zone, *_) in enumerate(cases)]
    with b.world(tmp_path_factory.mktemp("days"), b.configuration(outlets, [b.watchlist(since="2011-01-01")])) as world:
        for n, (_, _, begins, ends, _) in enumerate(cases):
            around = (at(begins) - timedelta(days=1), at(ends) + timedelta(days=1))
            world.record(*(poll(f"{moment:%Y-%m-%d %H:%M}", known=1, outlet_id=f"o{n}") for moment in around))
        world.build()
        found = {
            (outlet_id, str(local)): (begins, ends)
            for outlet_id, local, begins, ends in world.query("SELECT outlet_id, day, starts_at, ends_at FROM temp.outlet_days")
        }
    return {(zone, local): found[f"o{n}", local] for n, (zone, local, *_) in enumerate(cases)}


@pytest.mark.parametrize("case", DAYS, ids=lambda c: f"{c[0]}-{c[1]}")
def test_a_day_begins_and_ends_where_its_clocks_say(bounds: dict[tuple[str, str], tuple[datetime, datetime]], case: Case) -> None:
    zone, local, begins, ends, hours = case
    assert bounds[zone, local] == (at(begins), at(ends))
    assert at(ends) - at(begins) == timedelta(hours=hours)


@pytest.mark.parametrize("case", TWICE, ids=lambda c: f"{c[0]}-{c[1]}")
def test_a_day_with_two_midnights_begins_at_the_first(bounds: dict[tuple[str, str], tuple[datetime, datetime]], case: Case) -> None:
    zone, local, begins, ends, _ = case
    assert bounds[zone, local] == (at(begins), at(ends))


@pytest.mark.parametrize("case", DAYS, ids=lambda c: f"{c[0]}-{c[1]}")
def test_the_counts_and_the_reading_of_pages_agree_on_the_day_of_an_instant(
    bounds: dict[tuple[str, str], tuple[datetime, datetime]], case: Case
) -> None:
    """Pages are put on a day by the zones of Python, days are bounded by those of DuckDB."""
    zone, local, *_ = case
    begins, ends = bounds[zone, local]
    second = timedelta(seconds=1)
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in (begins - second, begins, ends - second, ends)]
    assert [d == day(local) for d in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("zone", "local", "ends"),
    [
        ("Europe/Brussels", "2024-10-27", "2024-10-27 23:00"),
        ("Australia/Lord_Howe", "2024-04-07", "2024-04-07 13:30"),
        ("Africa/Cairo", "2024-04-26", "2024-04-26 21:00"),
    ],
)
def test_a_day_is_final_exactly_48_hours_after_its_local_end(tmp_path: Path, zone: str, local: str, ends: str) -> None:
    for late, expected in ((timedelta(seconds=-1), False), (timedelta(0), True)):
        folder = tmp_path / str(expected)
        with b.world(folder, b.configuration([b.outlet(timezone=zone)])) as world:
            last = at(ends) + timedelta(hours=48) + late
            world.record(poll(f"{at(ends) - timedelta(hours=12):%Y-%m-%d %H:%M}"), poll(f"{last:%Y-%m-%d %H:%M:%S}", known=1))
            world.build()
            assert world.query("SELECT DISTINCT is_final FROM published.coverage_by_outlet_day WHERE day = ?", day(local)) == [(expected,)]


# ---- Brussels


BRUSSELS = [
    # outlet, instant or day, the outlet's day, the day in Brussels
    ("brussels", "2024-07-01 21:59:59", "2024-07-01", "2024-07-01"),
    ("brussels", "2024-07-01 22:00:00", "2024-07-02", "2024-07-02"),
    ("brussels", "2024-01-31 22:59:59", "2024-01-31", "2024-01-31"),
    ("brussels", "2024-01-31 23:00:00", "2024-02-01", "2024-02-01"),
    ("brussels", "2024-10-27 00:30:00", "2024-10-27", "2024-10-27"),  # half past two
    ("brussels", "2024-10-27 01:30:00", "2024-10-27", "2024-10-27"),  # half past two again
    ("brussels", "2024-10-27 22:59:59", "2024-10-27", "2024-10-27"),
    ("brussels", "2024-10-27 23:00:00", "2024-10-28", "2024-10-28"),
    ("brussels", "2024-03-31 00:59:59", "2024-03-31", "2024-03-31"),  # one second before three o'clock
    ("london", "2024-07-01 22:30:00", "2024-07-01", "2024-07-02"),
    ("tallinn", "2024-07-01 21:30:00", "2024-07-02", "2024-07-01"),
    ("new-york", "2024-07-02 03:59:59", "2024-07-01", "2024-07-02"),
    ("kiritimati", "2024-06-30 10:00:00", "2024-07-01", "2024-06-30"),
    ("pago-pago", "2024-07-01 10:59:59", "2024-06-30", "2024-07-01"),
    ("kathmandu", "2024-06-30 18:15:00", "2024-07-01", "2024-06-30"),
    ("kiritimati", "2024-07-01", "2024-07-01", "2024-07-01"),  # only the day is known: it stays the outlet's
    ("new-york", None, None, None),
]  # fmt: skip
ZONES = {
    "brussels": "Europe/Brussels", "london": "Europe/London", "tallinn": "Europe/Tallinn", "new-york": "America/New_York",
    "kiritimati": "Pacific/Kiritimati", "pago-pago": "Pacific/Pago_Pago", "kathmandu": "Asia/Kathmandu",
}  # fmt: skip


def test_every_article_has_its_day_in_brussels(tmp_path: Path) -> None:
    outlets = [b.outlet(name, timezone=zone) for name, zone in ZONES.items()]
    with b.world(tmp_path, b.configuration(outlets)) as world:
        events = [fetch(f"a{n:02}", "2024-12-01 12:00", outlet_id=case[0]) for n, case in enumerate(BRUSSELS)]
        world.record(*events)
        world.add(*(
            page(event, published=moment, published_on=local and day(local)) for event, (_, moment, local, _) in zip(events, BRUSSELS, strict=True)
        ))  # fmt: skip
        world.build()
        found = world.query("SELECT url, outlet_id, published_on, brussels_on FROM published.articles")
        by_number = {int(url[-2:]): row for url, *row in found}
        assert [by_number[n] for n in range(len(BRUSSELS))] == [
            [o, local and day(local), there and day(there)] for o, _, local, there in BRUSSELS
        ]
        cells = world.query(
            "SELECT outlet_id, day, max(total_articles)::INT FROM published.coverage_by_outlet_day WHERE total_articles > 0 GROUP BY ALL"
        )
        assert {(outlet_id, str(local)) for outlet_id, local, _ in cells} == {(o, local) for o, _, local, _ in BRUSSELS if local}, (
            "cells go by the outlet's day"
        )
        assert sum(total for *_, total in cells) == len(BRUSSELS) - 1


@pytest.fixture(scope="module")
def two_zones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An outlet in Brussels and one in New York, polled on the first five days of July; one of which nothing is known."""
    outlets = (
        b.outlet("post", timezone="Europe/Brussels"),
        b.outlet("york", timezone="America/New_York"),
        b.outlet("down", timezone="Europe/Brussels"),
    )
    with b.world(tmp_path_factory.mktemp("zones"), b.configuration(outlets)) as world:
        for name in ("post", "york"):
            world.record(*(poll(f"2024-07-0{d} {hour:02}:10", known=1, outlet_id=name) for d in range(1, 6) for hour in (0, 6, 12, 18)))
        world.record(*(poll(f"2024-07-0{d} 12:00", "failed", reason="timeout", outlet_id="down") for d in (2, 3, 4)))
        evening, dateless = fetch("e", "2024-07-03 08:00", outlet_id="york"), fetch("d", "2024-07-03 08:00", outlet_id="york")
        before, after = fetch("b", "2024-07-03 08:00"), fetch("a", "2024-07-03 08:00")
        world.record(evening, dateless, before, after)
        late = page(evening, published="2024-07-03 00:00", published_on=day("2024-07-02"), text="Late that evening Ann Stone sailed.")
        whole = page(dateless, published="2024-07-02", text="Bob Stone stayed at home all day.")
        last = page(before, published="2024-07-02 21:59:59", published_on=day("2024-07-02"), text="One second to go for Ann Stone today.")
        first = page(
            after, published="2024-07-02 22:00:00", published_on=day("2024-07-03"), text="Bob Stone began the day as Bob Stone does."
        )
        found = [mention(late, "ann"), mention(whole, "bob"), mention(last, "ann"), mention(first, "bob"), mention(first, "bob", number=1)]
        world.add(late, whole, last, first, mentions=found)
        world.build()
        world.query("USE published")
        yield world


def test_counts_by_day_in_brussels(two_zones: World) -> None:
    found = two_zones.query("""
        SELECT strftime(brussels_day, '%d'), candidate_id, articles, unique_articles, originals, mentions, list_mentions, share_of_voice
        FROM counts_by_brussels_day('2024-07-02', '2024-07-04')
    """)
    assert found == [
        ("02", "ann", 1, 1, 1, 1, 2, 1 / 2), ("02", "bob", 1, 1, 1, 1, 2, 1 / 2),
        ("03", "ann", 1, 1, 1, 1, 3, 1 / 3), ("03", "bob", 1, 1, 1, 2, 3, 2 / 3),
        ("04", "ann", 0, 0, 0, 0, 0, None), ("04", "bob", 0, 0, 0, 0, 0, None),
    ]  # fmt: skip


def test_what_is_not_known_of_a_day_in_brussels_stands_beside_it(two_zones: World) -> None:
    """It reaches into two days of New York, each of which must be whole."""
    found = two_zones.query("""
        SELECT strftime(brussels_day, '%m-%d'), outlets, outlets_unknown, outlets_partial, articles IS NULL
        FROM counts_by_brussels_day('2024-06-29', '2024-07-07')
        WHERE candidate_id = 'ann'
    """)
    assert found == [
        ("06-30", 1, 0, 1, False),  # New York alone, from its 30 June on
        ("07-01", 2, 0, 2, False),
        ("07-02", 3, 1, 0, False),
        ("07-03", 3, 1, 0, False),
        ("07-04", 3, 1, 0, False),
        ("07-05", 2, 0, 2, False),
        ("07-06", 1, 0, 1, False),  # New York's 5 July lasts until then
    ]


def test_the_same_articles_are_counted_by_either_day(two_zones: World) -> None:
    either = two_zones.query("""
        SELECT candidate_id, sum(articles), sum(mentions) FROM counts_by_brussels_day('2024-06-01', '2024-08-01') GROUP BY ALL ORDER BY ALL
    """)
    assert either == two_zones.query(
        "SELECT candidate_id, sum(articles), sum(mentions) FROM coverage_by_outlet_day GROUP BY ALL ORDER BY ALL"
    )
    assert either == [("ann", 2, 2), ("bob", 2, 3)]


def test_a_brussels_day_of_which_nothing_is_known(tmp_path: Path) -> None:
    with b.world(tmp_path) as world:
        world.record(poll("2024-07-01 12:00"), *(poll(f"2024-07-0{d} 12:00", "failed", reason="dns") for d in (2, 3, 4, 5)))
        world.build()
        world.query("USE published")
        found = world.query(
            "SELECT outlets, outlets_unknown, articles, mentions, list_mentions, share_of_voice FROM counts_by_brussels_day('2024-07-04', '2024-07-04')"
        )
        assert found == [(1, 1, None, None, None, None)] * 2
