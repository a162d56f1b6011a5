"""Outlets come and go, days are unknown: what the macros of the published file say of a period, over the whole panel and the constant one."""

# ruff: noqa: E501 (queries and the rows that they give)

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import builders as b
import pytest
from builders import World, answers, day, fetch, mention, page, poll

TEXT = "Ann Stone met Bob Stone in the harbour.\nAnn Stone left in the evening."


def polls(outlet_id: str, *days: int) -> list[b.Row]:
    """Four polls on each of some days of July, each of which lists something known."""
    return [poll(f"2024-07-{d:02} {hour:02}:10", known=1, outlet_id=outlet_id) for d in days for hour in (0, 6, 12, 18)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Four outlets, the first eight days of July: one that stays, one that joins, one that leaves, one that is down for three days."""
    outlets = (
        b.outlet("post"),
        b.outlet("late", panel_from=day("2024-07-04")),
        b.outlet("left", panel_until=day("2024-07-03")),
        b.outlet("down"),
    )
    with b.world(tmp_path_factory.mktemp("panel"), b.configuration(outlets)) as made:
        made.record(*(p for name in ("post", "late", "left") for p in polls(name, *range(1, 9))))
        made.record(*polls("down", 1, 2), *[poll(f"2024-07-0{d} 06:00", "failed", reason="timeout", outlet_id="down") for d in (3, 4)])
        made.record(poll("2024-07-06 06:00", outlet_id="down"), *polls("down", 7, 8))
        lead, copy = fetch("a", "2024-07-02 11:00", outlet_id="left"), fetch("a", "2024-07-03 13:00")
        joined, after, plain = (
            fetch("b", "2024-07-05 13:00", outlet_id="late"),
            fetch("c", "2024-07-06 13:00", outlet_id="down"),
            fetch("d", "2024-07-06 13:00"),
        )
        made.record(lead, copy, joined, after, plain)
        first, again = page(lead, text=TEXT), page(copy, text=TEXT)
        bob, ann = (
            page(joined, text="The day belonged to Bob Stone and his ships."),
            page(after, text="Nobody had asked what Ann Stone thinks of it."),
        )
        rows = [first, again, bob, ann, page(plain)]
        made.add(
            *rows,
            lists=[a for row in rows for a in answers(row, in_race=["ann"] if row is first else [])],
            mentions=[
                *(m for row in (first, again) for m in (mention(row, "ann"), mention(row, "ann", number=1), mention(row, "bob"))),
                mention(bob, "bob"), mention(ann, "ann"),
            ],
        )  # fmt: skip
        made.build()
        yield made


def asked(world: World, query: str) -> list[tuple[Any, ...]]:
    """A query in the published catalogue."""
    world.query("USE published")
    try:
        return world.query(query)
    finally:
        world.query("USE warehouse")


def test_the_denominator_of_a_share_stands_beside_it(world: World) -> None:
    cells = asked(
        world,
        "SELECT outlet_id, strftime(day, '%d'), candidate_id, mentions, list_mentions, share_of_voice FROM coverage_by_outlet_day WHERE day BETWEEN '2024-07-02' AND '2024-07-04' AND outlet_id IN ('post', 'down') ORDER BY ALL",
    )
    assert cells == [
        ("down", "02", "ann", 0, 0, None), ("down", "02", "bob", 0, 0, None), ("down", "03", "ann", None, None, None), ("down", "03", "bob", None, None, None),
        ("down", "04", "ann", None, None, None), ("down", "04", "bob", None, None, None),
        ("post", "02", "ann", 0, 0, None), ("post", "02", "bob", 0, 0, None), ("post", "03", "ann", 2, 3, 2 / 3), ("post", "03", "bob", 1, 3, 1 / 3),
        ("post", "04", "ann", 0, 0, None), ("post", "04", "bob", 0, 0, None),
    ]  # fmt: skip


def test_the_panel_of_a_period(world: World) -> None:
    found = asked(
        world, "SELECT outlet_id, days, days_known, days_partial, days_unknown, is_constant FROM panel_between('2024-07-02', '2024-07-06')"
    )
    assert found == [
        ("down", 5, 2, 2, 3, True),  # an unknown day takes nobody out
        ("late", 3, 3, 0, 0, False),
        ("left", 2, 2, 0, 0, False),
        ("post", 5, 5, 0, 0, True),
    ]


@pytest.mark.parametrize(
    ("since", "until", "constant"),
    [
        ("2024-07-02", "2024-07-03", ["down", "left", "post"]),
        ("2024-07-04", "2024-07-08", ["down", "late", "post"]),
        ("2024-07-03", "2024-07-04", ["down", "post"]),
        ("2024-07-04", "2024-07-04", ["down", "late", "post"]),
        ("2024-07-08", "2024-07-09", []),  # the record ends on the 8th
        ("2024-07-06", "2024-07-02", []),
    ],
)
def test_constant_is_who_is_in_it_on_every_day(world: World, since: str, until: str, constant: list[str]) -> None:
    assert asked(world, f"SELECT outlet_id FROM panel_between(DATE '{since}', DATE '{until}') WHERE is_constant") == [
        (o,) for o in constant
    ]


COUNTS = """
    candidate_id, articles, race_articles, unique_articles, originals, mentions, list_mentions, share_of_voice, outlets_naming, outlets, outlet_days,
    outlet_days_unknown, outlet_days_partial, is_final
"""


def test_counts_of_a_period_over_the_whole_panel(world: World) -> None:
    assert asked(world, f"SELECT {COUNTS} FROM counts_between('2024-07-02', '2024-07-06')") == [
        ("ann", 3, 1, 2, 2, 5, 8, 5 / 8, 3, 4, 15, 3, 2, False),
        ("bob", 3, 0, 2, 2, 3, 8, 3 / 8, 3, 4, 15, 3, 2, False),
    ]


def test_counts_of_a_period_over_the_constant_panel(world: World) -> None:
    """The story that both outlets ran is led by the one that left: no original here."""
    assert asked(world, f"SELECT {COUNTS} FROM counts_in_constant_panel('2024-07-02', '2024-07-06')") == [
        ("ann", 2, 0, 2, 1, 3, 4, 3 / 4, 2, 2, 10, 3, 2, False),
        ("bob", 1, 0, 1, 0, 1, 4, 1 / 4, 1, 2, 10, 3, 2, False),
    ]


def test_a_period_is_final_when_all_its_days_are(world: World) -> None:
    assert asked(world, "SELECT DISTINCT is_final FROM counts_between('2024-07-02', '2024-07-05')") == [(True,)]


def test_days_of_a_period(world: World) -> None:
    found = asked(
        world,
        """
        SELECT strftime(day, '%d'), articles, unique_articles, mentions, list_mentions, share_of_voice, outlets, outlets_unknown, outlets_partial, is_final
        FROM counts_by_day('2024-07-02', '2024-07-06')
        WHERE candidate_id = 'ann'
    """,
    )
    assert found == [
        ("02", 1, 1, 2, 3, 2 / 3, 3, 0, 1, True),
        ("03", 1, 1, 2, 3, 2 / 3, 3, 1, 0, True),
        ("04", 0, 0, 0, 0, None, 3, 1, 0, True),
        ("05", 0, 0, 0, 1, 0.0, 3, 1, 0, True),
        ("06", 1, 1, 1, 1, 1.0, 3, 0, 1, False),
    ]  # fmt: skip


def test_days_of_the_constant_panel(world: World) -> None:
    found = asked(
        world,
        """
        SELECT strftime(day, '%d'), mentions, list_mentions, outlets, outlets_unknown
        FROM counts_by_day('2024-07-02', '2024-07-06', only_constant := true)
        WHERE candidate_id = 'bob'
    """,
    )
    assert found == [("02", 0, 0, 2, 0), ("03", 1, 3, 2, 1), ("04", 0, 0, 2, 1), ("05", 0, 0, 2, 1), ("06", 0, 1, 2, 0)]


def test_every_period_equals_a_recount_of_the_rows(world: World) -> None:
    """In plain Python, over the rows of the tables alone."""
    cells = asked(
        world,
        "SELECT outlet_id, day, candidate_id, articles, race_articles, originals, mentions, collection_status FROM coverage_by_outlet_day",
    )
    named = asked(
        world,
        "SELECT outlet_id, published_on, candidate_id, story_id FROM articles JOIN article_candidates USING (article_id) WHERE article_id NOT IN (SELECT article_id FROM uncounted)",
    )
    days = [date(2024, 7, n) for n in range(1, 9)]
    for since, until in ((s, u) for s in days for u in days if s <= u):
        whole = {o for o, *_ in cells}
        period = {since + timedelta(days=n) for n in range((until - since).days + 1)}
        constant = {o for o in whole if period <= {d for outlet, d, *_ in cells if outlet == o}}
        for outlets, macro in ((whole, "counts_between"), (constant, "counts_in_constant_panel")):
            expected = []
            for candidate in ("ann", "bob"):
                mine = [c for c in cells if c[0] in outlets and c[1] in period and c[2] == candidate]
                if not mine:
                    continue
                known = [c for c in mine if c[3] is not None]
                everybody = sum(c[6] for c in cells if c[0] in outlets and c[1] in period and c[6] is not None)
                stories = {s for o, d, c, s in named if o in outlets and d in period and c == candidate}
                naming = {o for o, d, c, _ in named if o in outlets and d in period and c == candidate}
                sums = [sum(c[n] for c in known) for n in (3, 4, 5, 6)] if known else [None] * 4
                expected.append((
                    candidate, sums[0], sums[1], len(stories) if known else None, sums[2], sums[3], everybody if known else None,
                    sums[3] / everybody if known and everybody and sums[3] is not None else None, len(naming) if known else None,
                    len({c[0] for c in mine}), len(mine), len(mine) - len(known), sum(c[7] == "partial" for c in mine),
                ))  # fmt: skip
            assert asked(world, f"SELECT {COUNTS.strip().removesuffix(', is_final')} FROM {macro}('{since}', '{until}')") == expected, (
                macro,
                since,
                until,
            )


def test_the_days_add_up_to_the_period(world: World) -> None:
    for constant in ("false", "true"):
        by_day = f"SELECT candidate_id, sum(articles), sum(originals), sum(mentions), sum(list_mentions), sum(outlets), sum(outlets_unknown) FROM counts_by_day('2024-07-01', '2024-07-08', only_constant := {constant}) GROUP BY ALL ORDER BY ALL"
        whole = f"SELECT candidate_id, articles, originals, mentions, list_mentions, outlet_days, outlet_days_unknown FROM counts_between('2024-07-01', '2024-07-08', only_constant := {constant}) ORDER BY ALL"
        assert asked(world, by_day) == asked(world, whole)


def test_where_nothing_is_known_every_count_is_unknown(tmp_path: Path) -> None:
    with b.world(tmp_path) as world:
        world.record(*polls("post", 1), *[poll(f"2024-07-0{d} 06:00", "failed", reason="timeout") for d in (3, 4)])
        world.build()
        assert asked(world, f"SELECT {COUNTS} FROM counts_between('2024-07-03', '2024-07-04')") == [
            (name, *[None] * 8, 1, 2, 2, 0, False) for name in ("ann", "bob")
        ]
        assert asked(world, "SELECT count(*), count(mentions), count(unique_articles) FROM counts_by_day('2024-07-03', '2024-07-04')") == [
            (4, 0, 0)
        ]


def test_days_outside_the_contest_have_no_cells_and_change_no_panel(tmp_path: Path) -> None:
    with b.world(tmp_path, b.configuration(watchlists=[b.watchlist(since="2024-07-03")])) as world:
        world.record(*polls("post", *range(1, 6)))
        world.build()
        assert asked(world, "SELECT outlet_id, days, is_constant FROM panel_between('2024-07-01', '2024-07-05')") == [("post", 5, True)]
        assert asked(world, "SELECT candidate_id, articles, outlet_days FROM counts_in_constant_panel('2024-07-01', '2024-07-05')") == [
            ("ann", 0, 3),
            ("bob", 0, 3),
        ]
