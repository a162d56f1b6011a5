"""Each mart on a few rows: what is given, what is expected."""

# ruff: noqa: E501 (queries and the rows that they give)

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import builders as b
import duckdb
import pytest
from builders import World, answers, at, day, fetch, mention, page, poll

from warehouse import audit
from warehouse.database import sql
from warehouse.publish import CONTENT_TABLES, HISTORY_TABLES


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def built(world: World, query: str) -> list[tuple[Any, ...]]:
    world.build()
    return world.query(query)


def collected(world: World, *fetches: b.Row, outlet_id: str = "post") -> None:
    """Polls that surround the days of the fetches, hour by hour enough to be complete, and the fetches."""
    world.record(poll("2024-06-30 06:00", outlet_id=outlet_id), poll("2024-07-05 06:00", known=1, outlet_id=outlet_id), *fetches)


# ---- articles


def test_the_page_at_the_canonical_address_stands_for_an_article_before_later_ones(world: World) -> None:
    own, tracked = fetch("a", "2024-07-01 08:00"), fetch("a?from=feed", "2024-07-02 08:00")
    collected(world, own, tracked)
    world.add(page(own, title="At its own address"), page(tracked, canonical="a", title="At another"))
    assert built(world, "SELECT article_id, url, title FROM published.articles") == [
        (b.article_id("a"), "https://post.example/a", "At its own address")
    ]


def test_the_latest_of_several_fetches_stands_for_an_article(world: World) -> None:
    first, second = fetch("a", "2024-07-01 08:00"), fetch("a", "2024-07-02 08:00", record_id="r2", item_id="other")
    collected(world, first, second)
    world.add(page(first, title="Before"), page(second, title="After"))
    assert built(world, "SELECT title FROM published.articles") == [("After",)]


def test_an_article_is_known_since_the_first_of_its_pages(world: World) -> None:
    first, second = fetch("a?x", "2024-07-01 08:00"), fetch("a", "2024-07-02 08:00")
    collected(world, first, second)
    world.add(page(first, canonical="a", first_seen_at=at("2024-07-01 07:30")), page(second, first_seen_at=at("2024-07-02 07:30")))
    assert built(world, "SELECT first_seen_at FROM published.articles") == [(at("2024-07-01 07:30"),)]


def test_rejected_pages_and_pages_of_outlets_that_left_are_no_articles(world: World) -> None:
    refused, gone = fetch("a", "2024-07-01 08:00"), fetch("b", "2024-07-01 08:00", outlet_id="gone")
    collected(world, refused, gone)
    again = fetch("b", "2024-07-02 08:00", outlet_id="gone")
    world.record(again)
    world.add(b.rejected(refused, "no_text"), page(gone), page(again, title="changed"))
    world.build()
    for table in CONTENT_TABLES:
        if table not in {"outlets", "watchlists", "candidates", "endorsers", "coverage_by_outlet_day", "collection_health", "sources"}:
            assert world.query(f"SELECT count(*) FROM published.{table}") == [(0,)], table


def test_versions_tell_what_changed_from_one_fetch_to_the_next(world: World) -> None:
    fetches = [fetch("a", f"2024-07-0{n} 08:00", record_id=f"r{n}") for n in range(1, 6)]
    single = fetch("b", "2024-07-01 09:00")
    collected(world, *fetches, single)
    contents = [("One", "x"), ("One", "x"), ("Two", "x"), ("Two", "y"), ("One", "x")]
    world.add(
        *(page(e, title=title, text=text, item_id=e["record_id"]) for e, (title, text) in zip(fetches, contents, strict=True)), page(single)
    )
    assert built(world, "SELECT seen_at, title, changed FROM published.article_versions ORDER BY seen_at") == [
        (at("2024-07-01 08:00"), "One", "first"),
        (at("2024-07-03 08:00"), "Two", "title"),
        (at("2024-07-04 08:00"), "Two", "text"),
        (at("2024-07-05 08:00"), "One", "title+text"),
    ]


def test_an_article_that_has_moved_when_it_is_looked_at_again_is_no_second_one(world: World) -> None:
    first, again = fetch("a", "2024-07-01 08:00", record_id="r1"), fetch("a", "2024-07-02 08:00", record_id="r2", visit=1)
    collected(world, first, again)
    world.add(page(first), page(again, canonical="new-address", title="Moved"))
    assert built(world, "SELECT url FROM published.articles") == [("https://post.example/a",)]
    assert built(world, "SELECT new, discovered FROM published.collection_health WHERE discovered > 0") == [(1, 1)]


def test_a_page_at_another_address_is_no_version(world: World) -> None:
    own, tracked = fetch("a", "2024-07-01 08:00"), fetch("a?x", "2024-07-02 08:00")
    collected(world, own, tracked)
    world.add(page(own, title="One"), page(tracked, canonical="a", title="Two"))
    assert built(world, "FROM published.article_versions") == []


# ---- mentions


TEXT = "Ann Stone met Bob Stone.\nAnn Stone left."


def test_mentions_are_those_of_the_page_that_stands(world: World) -> None:
    first, second = fetch("a", "2024-07-01 08:00"), fetch("a", "2024-07-02 08:00", record_id="r2", item_id="other")
    collected(world, first, second)
    old, new = page(first, text="Bob Stone spoke.", title="T"), page(second, text=TEXT, title="Ann Stone speaks")
    world.add(old, new, mentions=[mention(old, "bob"), mention(new, "ann", number=1), mention(new, "ann", field="title")])
    assert built(world, "SELECT candidate_id, field, char_start, char_end, surface FROM published.mentions") == [
        ("ann", "text", 25, 34, "Ann Stone"),
        ("ann", "title", 0, 9, "Ann Stone"),
    ]


def test_article_candidates_count_and_place(world: World) -> None:
    event = fetch("a", "2024-07-01 08:00")
    collected(world, event)
    row = page(event, text="A day.\n" + TEXT, title="Ann Stone speaks")
    found = [mention(row, "ann"), mention(row, "ann", number=1), mention(row, "ann", field="title"), mention(row, "bob")]
    world.add(row, lists=answers(row, in_race=["ann"]), mentions=found)
    assert built(
        world, "SELECT candidate_id, mention_count, in_title, in_lead, in_race FROM published.article_candidates ORDER BY ALL"
    ) == [
        ("ann", 3, True, False, True),
        ("bob", 1, False, False, False),
    ]


@pytest.mark.parametrize(
    ("text", "in_lead"), [("Ann Stone.", True), ("Oh Ann Stone.\nMore.", True), ("🙂🙂\nAnn Stone.", False), ("🙂🙂 Ann Stone\nx", True)]
)
def test_the_lead_is_the_first_paragraph(world: World, text: str, in_lead: bool) -> None:
    event = fetch("a", "2024-07-01 08:00")
    collected(world, event)
    row = page(event, text=text)
    world.add(row, mentions=[mention(row, "ann")])
    assert built(world, "SELECT in_lead FROM published.article_candidates") == [(in_lead,)]


def test_suppressed_mentions_leave_every_count_and_keep_their_reasons(world: World) -> None:
    entry = {"article_id": b.article_id("a"), "candidate_id": "ann", "reason": "another Ann"}
    world.configure(b.configuration(suppress=[entry, entry | {"reason": "a street"}]))
    event = fetch("a", "2024-07-01 08:00")
    collected(world, event)
    row = page(event, text=TEXT)
    world.add(row, lists=answers(row, in_race=["ann"]), mentions=[mention(row, "ann"), mention(row, "ann", number=1), mention(row, "bob")])
    world.build()
    assert world.query("SELECT candidate_id FROM published.mentions") == [("bob",)]
    assert world.query("SELECT candidate_id FROM published.article_candidates") == [("bob",)]
    assert world.query("SELECT candidate_id, char_start, reason FROM published.suppressed_mentions") == [
        ("ann", 0, "a street; another Ann"),
        ("ann", 25, "a street; another Ann"),
    ]
    cells = world.query(
        "SELECT candidate_id, articles, mentions, share_of_voice FROM published.coverage_by_outlet_day WHERE day = '2024-07-01' ORDER BY ALL"
    )
    assert cells == [("ann", 0, 0, 0.0), ("bob", 1, 1, 1.0)]


def test_a_text_whose_only_mention_was_suppressed_is_not_published(world: World) -> None:
    world.configure(b.configuration(suppress=[{"article_id": b.article_id("a"), "candidate_id": "ann", "reason": "another Ann"}]))
    events = [fetch("a", "2024-07-01 08:00"), fetch("b", "2024-07-01 08:00")]
    collected(world, *events)
    rows = [page(event, text=f"Ann Stone went to {event['url']}.") for event in events]
    world.add(*rows, mentions=[mention(row, "ann") for row in rows])
    assert built(world, "SELECT url[-1:], text IS NOT NULL FROM published.articles ORDER BY url") == [("a", False), ("b", True)]


def test_a_watch_list_that_is_no_longer_followed_leaves_nothing(world: World) -> None:
    event = fetch("a", "2024-07-01 08:00")
    collected(world, event)
    row = page(event, text=TEXT)
    world.add(row, mentions=[mention(row, "ann")])
    world.configure(b.configuration(watchlists=[b.watchlist("another", ["eve"])]))
    world.build()
    for table in ("mentions", "article_watchlists", "article_candidates", "suppressed_mentions"):
        assert world.query(f"SELECT count(*) FROM published.{table}") == [(0,)], table


# ---- days


@pytest.mark.parametrize(
    ("published", "fetched_at", "reason"),
    [
        (None, "2024-07-01 08:00", "undated"),
        ("2024-07-02", "2024-07-01 08:00", "future"),
        ("2024-07-01", "2024-07-01 00:00", None),
        ("2023-12-31", "2024-07-01 08:00", "off_panel"),
        ("2024-01-01", "2024-07-01 08:00", None),
    ],
)
def test_uncounted_articles_have_a_reason(world: World, published: str | None, fetched_at: str, reason: str | None) -> None:
    event = fetch("a", fetched_at)
    collected(world, event)
    world.add(page(event, published=published))
    world.build()
    assert world.query("SELECT reason FROM published.uncounted") == ([(reason,)] if reason else [])
    assert not world.query(check("article_is_counted_once"))
    assert not world.query(check("totals_equal_the_articles"))


def test_an_article_dated_tomorrow_does_not_stop_tomorrow_from_being_counted(world: World) -> None:
    early, punctual = fetch("early", "2024-07-01 22:00"), fetch("punctual", "2024-07-02 08:00")
    collected(world, early, punctual)
    world.add(page(early, published="2024-07-02"), page(punctual))
    world.build()
    assert world.query("SELECT DISTINCT total_articles FROM published.coverage_by_outlet_day WHERE day = '2024-07-02'") == [(1,)]
    assert not world.query(check("article_is_counted_once"))


@pytest.mark.parametrize("published", [None, "2024-07-20", "2023-07-20"])
def test_an_uncounted_article_makes_no_day(world: World, published: str | None) -> None:
    event = fetch("a", "2024-07-02 08:00")
    collected(world, event)
    world.add(page(event, published=published))
    assert built(world, "SELECT min(day), max(day), count(*) FROM published.collection_health") == [
        (day("2024-06-30"), day("2024-07-05"), 6)
    ]


@pytest.mark.parametrize(
    ("panel", "published", "counted"),
    [
        ({"panel_from": day("2024-07-02")}, "2024-07-01", False),
        ({"panel_from": day("2024-07-02")}, "2024-07-02", True),
        ({"panel_until": day("2024-07-02")}, "2024-07-02", True),
        ({"panel_until": day("2024-07-02")}, "2024-07-03", False),
    ],
)
def test_the_panel_dates_of_an_outlet_bound_its_days(world: World, panel: b.Row, published: str, counted: bool) -> None:
    world.configure(b.configuration([b.outlet(**panel)]))
    event = fetch("a", "2024-07-04 08:00")
    collected(world, event)
    world.add(page(event, published=published))
    world.build()
    assert world.query("SELECT reason FROM published.uncounted") == ([] if counted else [("off_panel",)])
    days = [d for (d,) in world.query("SELECT DISTINCT day FROM published.collection_health ORDER BY day")]
    assert (day(published) in days) is counted
    assert min(days) == panel.get("panel_from", day("2024-06-30"))
    assert max(days) == panel.get("panel_until", day("2024-07-05"))
    assert not world.query(check("article_is_counted_once"))


@pytest.mark.parametrize(
    ("zone", "local", "hours", "starts_at"),
    [
        ("America/New_York", "2024-03-10", 23, "2024-03-10 05:00"),
        ("America/New_York", "2024-11-03", 25, "2024-11-03 04:00"),
        ("America/New_York", "2024-07-01", 24, "2024-07-01 04:00"),
        ("Europe/Tallinn", "2024-03-31", 23, "2024-03-30 22:00"),
        ("Europe/Tallinn", "2024-10-27", 25, "2024-10-26 21:00"),
    ],
)
def test_days_begin_and_end_where_the_outlet_is(world: World, zone: str, local: str, hours: int, starts_at: str) -> None:
    world.configure(b.configuration([b.outlet(timezone=zone)]))
    world.record(poll(f"{local} 12:00"))
    assert built(world, "SELECT day, starts_at, date_diff('hour', starts_at, ends_at) FROM outlet_days") == [
        (day(local), at(starts_at), hours)
    ]


def test_polls_belong_to_local_days(world: World) -> None:
    world.configure(b.configuration([b.outlet("east", timezone="Europe/Tallinn"), b.outlet("west", timezone="America/New_York")]))
    for name in ("east", "west"):
        world.record(poll("2024-07-01 22:30", outlet_id=name), poll("2024-07-02 02:30", outlet_id=name))
    assert built(world, "SELECT outlet_id, day FROM published.collection_health ORDER BY ALL") == [
        ("east", day("2024-07-02")),
        ("west", day("2024-07-01")),
    ]


def test_an_archive_fills_the_days_of_its_captures_and_of_its_articles(world: World) -> None:
    captures = [fetch(name, f"2024-07-0{n} 08:00", origin="archive") for name, n in (("a", 1), ("b", 3))]
    world.record(*captures)
    world.add(page(captures[0], published="2024-06-20"), page(captures[1]))
    assert built(world, "SELECT day, status, reason FROM published.collection_health") == [
        (day("2024-06-20"), "archive", None),
        (day("2024-07-01"), "archive", None),
        (day("2024-07-02"), "archive", None),
        (day("2024-07-03"), "archive", None),
    ]
    assert world.query("SELECT DISTINCT articles FROM published.coverage_by_outlet_day") == [(0,)]


def test_days_that_a_backfill_was_not_asked_for_are_no_zeros(world: World) -> None:
    window = {"origin": "archive", "since": "2024-07-02", "until": "2024-07-03"}
    captures = [fetch(f"a{n}", f"2024-07-0{n} 08:00", **window) for n in range(1, 6)]
    world.record(*captures)
    inside, outside = (
        [page(e) for e in captures[1:3]],
        [page(e, rejected_stage="window", rejected_reason="out_of_window") for e in (captures[0], *captures[3:])],
    )
    world.add(*inside, *outside, lists=[a for row in inside for a in answers(row)])
    assert built(world, "SELECT DISTINCT day, total_articles FROM published.coverage_by_outlet_day ORDER BY ALL") == [
        (day("2024-07-02"), 1), (day("2024-07-03"), 1),
    ]  # fmt: skip


def test_two_files_do_not_fill_the_days_between_them(world: World) -> None:
    world.record(*(fetch(f"a{n}", f"2024-07-0{n} 08:00", origin="archive", warc_file=f"{n}.warc") for n in (1, 5)))
    assert built(world, "SELECT day FROM published.collection_health") == [(day("2024-07-01"),), (day("2024-07-05"),)]


# ---- counts


def test_a_cell_counts_articles_stories_and_leads(world: World) -> None:
    world.configure(b.configuration([b.outlet("post"), b.outlet("wire", agency=True)]))
    wire = fetch("w", "2024-07-01 08:00", outlet_id="wire")
    copy, twin, own = (fetch(name, "2024-07-01 09:00") for name in ("copy", "twin", "own"))
    for name in ("post", "wire"):
        collected(world, outlet_id=name)
    world.record(wire, copy, twin, own)
    told = "Ann Stone told reporters on Monday that she would not stand down, come what may, and left the hall with Bob Stone."
    pages = [
        page(wire, text=told, published="2024-07-01 06:00"),
        page(copy, text=told, published="2024-07-01 07:00"),
        page(twin, text=told, published="2024-07-01 08:00"),
        page(own, text="Quite another report says that Ann Stone was seen.", published="2024-07-01 08:30"),
    ]
    found = [mention(row, "ann") for row in pages] + [mention(row, "bob") for row in pages[:3]]
    world.add(*pages, lists=[a for row in pages for a in answers(row, in_race=["ann"] if row is not pages[3] else [])], mentions=found)
    cells = built(
        world,
        """
        SELECT outlet_id, candidate_id, articles, race_articles, unique_articles, originals, mentions, total_articles, round(share_of_voice, 3)
        FROM published.coverage_by_outlet_day WHERE day = '2024-07-01' ORDER BY ALL
        """,
    )
    assert cells == [
        ("post", "ann", 3, 2, 2, 1, 3, 3, 0.6),
        ("post", "bob", 2, 0, 1, 0, 2, 3, 0.4),
        ("wire", "ann", 1, 1, 1, 1, 1, 1, 0.5),
        ("wire", "bob", 1, 0, 1, 1, 1, 1, 0.5),
    ]
    assert world.query(
        "SELECT story_id, first_published_at, article_count, outlet_count FROM published.stories ORDER BY article_count DESC"
    ) == [
        (b.article_id("w", "wire"), at("2024-07-01 06:00"), 3, 2),
        (b.article_id("own"), at("2024-07-01 08:30"), 1, 1),
    ]
    assert (
        world.query("SELECT outlet_id, copy_kind, copy_of IS NULL FROM published.articles WHERE copy_kind <> 'original'")
        == [("post", "exact", False)] * 2
    )


def test_a_story_credits_the_agency_that_is_credited_first(world: World) -> None:
    events = [fetch(name, "2024-07-01 08:00") for name in "abc"]
    collected(world, *events)
    agencies = [("2024-07-01 06:00", None), ("2024-07-01 07:00", "second"), ("2024-07-01 07:30", "third")]
    rows = [page(event, text=TEXT, published=at, wire_agency=agency) for event, (at, agency) in zip(events, agencies, strict=True)]
    world.add(*rows[::-1])
    assert built(world, "SELECT lead_article_id, wire_agency FROM published.stories") == [(b.article_id("a"), "second")]


def test_a_day_without_a_time_counts_as_its_end_where_the_outlet_is(world: World) -> None:
    world.configure(b.configuration([b.outlet("east", timezone="Europe/Tallinn"), b.outlet("west", timezone="America/New_York")]))
    events = {name: fetch("a", "2024-07-02 08:00", outlet_id=name) for name in ("east", "west")}
    world.record(*events.values())
    for east, west, lead in (
        ("2024-07-01", "2024-07-01", "east"),  # whose day ends first
        ("2024-07-01", "2024-07-01 20:59", "west"),
        ("2024-07-01", "2024-07-01 21:00", "east"),
        (None, "2024-07-01", "west"),
    ):
        world.add(page(events["east"], text=TEXT, published=east), page(events["west"], text=TEXT, published=west))
        assert built(world, "SELECT lead_article_id FROM published.stories") == [(b.article_id("a", lead),)], (east, west)


def test_share_of_voice_is_unknown_where_nobody_is_named_and_counts_are_zero(world: World) -> None:
    event = fetch("a", "2024-07-01 08:00")
    collected(world, event)
    world.add(page(event))
    cells = "SELECT articles, race_articles, unique_articles, originals, mentions, total_articles, share_of_voice FROM published.coverage_by_outlet_day"
    assert built(world, f"{cells} WHERE day = '2024-07-01'") == [(0, 0, 0, 0, 0, 1, None)] * 2


def test_nothing_is_counted_where_nothing_is_known(world: World) -> None:
    world.record(poll("2024-07-01 06:00"), poll("2024-07-01 18:00", known=1))
    world.record(
        poll("2024-07-02 06:00", "failed", reason="timeout"), poll("2024-07-04 06:00", "failed", reason="robots"), poll("2024-07-05 06:00")
    )
    cells = built(
        world,
        """
        SELECT day, collection_status, articles, race_articles, unique_articles, originals, mentions, total_articles, share_of_voice
        FROM published.coverage_by_outlet_day WHERE candidate_id = 'ann' ORDER BY day
        """,
    )
    none, zeros = (None,) * 7, (0,) * 6 + (None,)
    assert cells == [
        (day("2024-07-01"), "partial", *zeros),
        (day("2024-07-02"), "outage", *none),
        (day("2024-07-03"), "not_due", *none),
        (day("2024-07-04"), "blocked", *none),
        (day("2024-07-05"), "partial", *zeros),
    ]


def test_each_watch_list_counts_its_own_days_and_its_own_voices(world: World) -> None:
    early, late = b.watchlist("early", ["ann"], until="2024-07-01"), b.watchlist("late", ["bob"], since="2024-07-02")
    world.configure(b.configuration(watchlists=[early, late]))
    events = [fetch(f"a{n}", f"2024-07-0{n} 08:00") for n in (1, 2)]
    collected(world, *events)
    rows = [page(event, text=TEXT) for event in events]
    found = [mention(row, name, watchlist_id=name_of) for row in rows for name, name_of in (("ann", "early"), ("bob", "late"))]
    world.add(*rows, lists=[a for row in rows for a in answers(row, ["early", "late"])], mentions=found)
    cells = built(
        world,
        "SELECT watchlist_id, candidate_id, min(day), max(day), sum(mentions), max(share_of_voice) FROM published.coverage_by_outlet_day GROUP BY ALL ORDER BY ALL",
    )
    assert cells == [
        ("early", "ann", day("2024-06-30"), day("2024-07-01"), 1, 1.0),
        ("late", "bob", day("2024-07-02"), day("2024-07-05"), 1, 1.0),
    ]
    for name in ("article_is_counted_once", "totals_equal_the_articles"):
        assert not world.query(check(name)), name
    # what is named outside the dates of a list is still a mention, but in none of its cells
    assert world.query("SELECT count(*) FROM published.mentions") == [(4,)]
    assert not world.query(check("mentions_equal_the_rows"))


def test_the_voices_of_one_contest_are_no_share_of_another(world: World) -> None:
    lists = [b.watchlist("one", ["ann"]), b.watchlist("two", ["bob", "eve"])]
    world.configure(b.configuration(watchlists=lists))
    event = fetch("a", "2024-07-02 08:00")
    collected(world, event)
    row = page(event, text=TEXT)
    found = [
        mention(row, "ann", watchlist_id="one"),
        mention(row, "ann", number=1, watchlist_id="one"),
        mention(row, "bob", watchlist_id="two"),
    ]
    world.add(row, lists=answers(row, ["one", "two"]), mentions=found)
    cells = built(
        world, "SELECT candidate_id, mentions, share_of_voice FROM published.coverage_by_outlet_day WHERE day = '2024-07-02' ORDER BY ALL"
    )
    assert cells == [("ann", 2, 1.0), ("bob", 1, 1.0), ("eve", 0, 0.0)]


@pytest.mark.parametrize(("last", "final"), [("2024-07-03 23:59", False), ("2024-07-04 00:00", True)])
def test_a_day_is_final_48_hours_after_its_end(world: World, last: str, final: bool) -> None:
    world.record(poll("2024-07-01 06:00"), poll(last, known=1))
    assert built(world, "SELECT DISTINCT is_final FROM published.coverage_by_outlet_day WHERE day = '2024-07-01'") == [(final,)]


@pytest.mark.parametrize(("last", "final"), [("2024-11-06 04:59", False), ("2024-11-06 05:00", True)])
def test_the_local_end_counts_and_48_hours_are_hours(world: World, last: str, final: bool) -> None:
    world.configure(b.configuration([b.outlet(timezone="America/New_York")]))
    world.record(poll("2024-11-03 06:00"), poll(last, known=1))  # the clocks go back on 3 November
    assert built(world, "SELECT DISTINCT is_final FROM published.coverage_by_outlet_day WHERE day = '2024-11-03'") == [(final,)]


def test_items_of_a_day_reconcile(world: World) -> None:
    event, double, refused = fetch("a", "2024-07-01 08:00"), fetch("a?x", "2024-07-01 08:00"), fetch("b", "2024-07-01 08:00")
    lost, later = fetch("c", "2024-07-01 08:00", "failed", reason="not_found"), fetch("d", "2024-07-01 08:00", "deferred", reason="timeout")
    barred = fetch("e", "2024-07-01 08:00", "rejected", reason="robots")
    urls = ["a", "a?x", "b", "c", "d", "e", "f"]
    world.record(poll("2024-06-30 06:00"), poll("2024-07-01 07:00", known=1, items=urls), poll("2024-07-05 06:00", known=1))
    world.record(event, double, refused, lost, later, barred)
    world.add(page(event), page(double, canonical="a"), b.rejected(refused, "not_article"), lists=[])
    assert built(
        world, "SELECT discovered, known, fetched, new, rejected, failed FROM published.collection_health WHERE day = '2024-07-01'"
    ) == [(7, 1, 3, 1, 2, 3)]


# ---- every file runs


def test_every_mart_and_check_runs_on_an_empty_warehouse(world: World) -> None:
    world.configure(b.configuration([], []))
    world.build()
    assert all(world.query(f"SELECT count(*) FROM published.{table}") == [(0,)] for table in CONTENT_TABLES)
    world.query(sql("statements/judged_pages.sql"))
    for stage in ("staging", "published"):
        for rule in audit.checks(stage):
            assert world.query(rule.query) == [], rule.name
    world.query("CREATE TEMP TABLE told_runs AS SELECT run_id FROM history.runs")
    for table in HISTORY_TABLES:
        assert world.query(sql(f"marts/{table}.sql")) == [], table


def test_every_mart_fills_a_published_table_or_is_read_by_one() -> None:
    names = {entry.name.removesuffix(".sql") for entry in resources.files("warehouse").joinpath("marts").iterdir()}
    assert names - set(CONTENT_TABLES) - set(HISTORY_TABLES) == {"as_of", "article_pages", "article_statements", "outlet_days"}
    assert (set(CONTENT_TABLES) | set(HISTORY_TABLES)) <= names


def test_every_mart_gives_the_columns_of_its_table(world: World) -> None:
    world.build()
    world.query("CREATE TEMP TABLE told_runs AS SELECT run_id FROM history.runs")
    with duckdb.connect() as empty:
        empty.execute(sql("published.sql"))
        for name in (*CONTENT_TABLES, *HISTORY_TABLES):
            world.connection.execute("USE published")
            given = [row[0] for row in world.connection.execute(f"DESCRIBE {sql(f'marts/{name}.sql')}").fetchall()]
            world.connection.execute("USE warehouse")
            assert sorted(given) == sorted(b.columns(empty, name)), name


def test_every_mart_says_its_grain() -> None:
    for entry in resources.files("warehouse").joinpath("marts").iterdir():
        assert entry.read_text(encoding="utf-8").startswith("-- Grain: "), entry.name


def check(name: str) -> str:
    return next(rule.query for rule in audit.checks("published") if rule.name == name)


# ---- the endorsement ledger


def told(world: World, name: str, published: str, **values: Any) -> b.Row:
    """An article with one statement of France on Ann, committed."""
    event = fetch(name, f"{published} 12:00")
    world.record(event)
    row = page(event, text=f"France has its say on Ann Stone, says {name}.", published=f"{published} 08:00")
    world.add(row, mentions=[mention(row, "ann")], page_endorsements=[b.statement(row, **values)])
    return row


def test_a_position_has_its_first_day_and_its_confirmations(world: World) -> None:
    first = told(world, "first", "2024-07-02", status="reported")
    told(world, "again", "2024-07-04", speaker="Marie Blanc", speaker_role="foreign_minister")
    told(world, "earlier", "2024-07-06", said_on=day("2024-07-05"))
    assert built(
        world, "SELECT endorser, candidate_id, number, changed_on, date_basis, status, first_article_id FROM published.positions"
    ) == [("FR", "ann", 1, day("2024-07-02"), "published", "reported", first["article_id"])]
    assert world.query("SELECT stated_on, confirmations, last_confirmed_on, flag FROM published.positions") == [
        (day("2024-07-04"), 2, day("2024-07-05"), None)
    ]
    assert world.query("SELECT relation, is_first_report, count(*) FROM published.endorsements GROUP BY ALL ORDER BY 1") == [
        ("confirms", False, 2),
        ("first", True, 1),
    ]


def test_the_board_of_a_day_says_what_is_not_known(world: World) -> None:
    told(world, "no", "2024-07-02", stance="opposes")
    told(world, "yes", "2024-07-04")
    told(world, "hearsay", "2024-07-05", stance="opposes", status="reported")
    world.build()
    world.connection.execute("USE published")
    boards = {
        when: world.query(f"SELECT endorser, candidate_id, stance, changed_on FROM positions_on(DATE '2024-07-{when:02}')")
        for when in (1, 3, 9)
    }
    silent = ("DE", None, "no statement found", None)
    assert boards[1] == [silent, ("FR", None, "no statement found", None)]
    assert boards[3] == [silent, ("FR", "ann", "opposes", day("2024-07-02"))]
    assert boards[9] == [silent, ("FR", "ann", "supports", day("2024-07-04"))]
    assert world.query("SELECT stance, flag FROM positions ORDER BY number") == [
        ("opposes", None),
        ("supports", None),
        ("opposes", "contradicts"),
    ]


def test_the_board_leaves_out_who_has_withdrawn(world: World) -> None:
    listed = b.watchlist()
    gone = {**listed["candidates"][0], "status": ({"on": day("2024-07-05"), "status": "withdrew"},)}
    world.configure(b.configuration(watchlists=[listed | {"candidates": (gone, *listed["candidates"][1:])}]))
    told(world, "yes", "2024-07-02")
    world.build()
    world.connection.execute("USE published")
    for when, stance in (("2024-07-04", "supports"), ("2024-07-05", "no statement found")):
        assert world.query(f"SELECT stance FROM positions_on(DATE '{when}') WHERE endorser = 'FR'") == [(stance,)]


def test_a_statement_after_the_decision_restates(world: World) -> None:
    listed = b.watchlist()
    chosen = {**listed["candidates"][0], "status": ({"on": day("2024-07-03"), "status": "appointed"},)}
    world.configure(b.configuration(watchlists=[listed | {"candidates": (chosen, *listed["candidates"][1:])}]))
    told(world, "before", "2024-07-02")
    told(world, "after", "2024-07-09")
    told(world, "told after", "2024-07-08", said_on=day("2024-07-02"))
    assert built(
        world,
        "SELECT published_on, is_after_decision FROM published.endorsements INNER JOIN published.articles USING (article_id) ORDER BY 1",
    ) == [
        (day("2024-07-02"), False),
        (day("2024-07-08"), False),
        (day("2024-07-09"), True),
    ]


def test_a_suppressed_candidate_has_no_position_quote_or_reference(world: World) -> None:
    world.configure(b.configuration(suppress=[{"article_id": b.article_id("yes"), "candidate_id": "ann", "reason": "a namesake"}]))
    row = told(world, "yes", "2024-07-02")
    world.add(
        row, page_quotes=[b.quote(row, "has its say")], page_references=[b.reference(row, "France")], page_endorsements=[b.statement(row)]
    )
    world.build()
    for table in ("endorsements", "positions", "quotes", "office_references"):
        assert world.query(f"SELECT count(*) FROM published.{table}") == [(0,)], table
