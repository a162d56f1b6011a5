"""From journals to staging and core: what is loaded, what is still to be done, and how each item ends."""

# ruff: noqa: E501 (rows)

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import builders as b
import pytest
from builders import RUN, World, answers, at, day, fetch, item_id, mention, page, poll

from warehouse import load

VERSIONS = {"post": "v1"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def outcomes(world: World) -> set[tuple[str, ...]]:
    """(run, item's URL without its host, outcome with its reason)"""
    rows = world.query("SELECT run_id, url, concat_ws(':', outcome, reason) FROM history.outcomes")
    return {(run, url.rpartition("/")[2], outcome) for run, url, outcome in rows}


def to_read(world: World, **versions: str) -> list[str]:
    return [row["url"].rpartition("/")[2] for row in load.pages_to_read(world.connection, versions or VERSIONS)]


# ---- journals


def test_a_journal_is_loaded_once(world: World, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    b.write_journal(archive, [poll("2024-07-01 06:00", items=["a"]), fetch("a", "2024-07-01 06:01")], "2024/07/one.jsonl")
    assert load.load_journals(world.connection, archive) == 1
    assert load.load_journals(world.connection, archive) == 0
    b.write_journal(archive, [poll("2024-07-02 06:00")], "2024/07/two.jsonl")
    assert load.load_journals(world.connection, archive) == 1
    assert world.query(
        "SELECT (SELECT count(*) FROM collection.polls), (SELECT count(*) FROM collection.items), (SELECT count(*) FROM collection.fetches)"
    ) == [(2, 1, 1)]


@pytest.mark.parametrize("tail", ['{"event":"fetch","run_id":"r', "{", "\0\0\0\0\0\0", '{"event":"poll","items":[{"url":"ht'])
def test_a_torn_last_line_is_passed_over(world: World, tail: str) -> None:
    world.record(poll("2024-07-01 06:00", items=["a"]), tail=tail)
    assert world.query("SELECT count(*) FROM collection.items") == [(1,)]


def test_a_journal_of_nothing_but_a_torn_line_is_loaded(world: World, tmp_path: Path) -> None:
    b.write_journal(tmp_path / "archive", [], "empty.jsonl")
    b.write_journal(tmp_path / "archive", [], "torn.jsonl", tail='{"event":')
    assert load.load_journals(world.connection, tmp_path / "archive") == 2
    assert world.query("SELECT count(*) FROM collection.polls") == [(0,)]


@pytest.mark.parametrize("line", ["{", "not json", '{"event":"poll"', "[]", "{}"])
def test_a_damaged_line_in_the_middle_is_named_and_nothing_of_the_journal_is_loaded(world: World, tmp_path: Path, line: str) -> None:
    path = b.write_journal(tmp_path / "archive", [poll("2024-07-01 06:00")], tail=f"{line}\n")
    with path.open("a") as file:
        file.write(path.read_text().splitlines()[0] + "\n")
    for _ in range(2):
        with pytest.raises(load.DamagedJournal, match=r"a\.jsonl"):
            load.load_journals(world.connection, tmp_path / "archive")
    assert world.query("SELECT count(*) FROM collection.polls") == [(0,)]
    assert world.query("SELECT count(*) FROM collection.journals") == [(0,)]


@pytest.mark.parametrize(("key", "value"), [("polled_at", "2024-07-01T06"), ("polled_at", None), ("outlet_id", None)])
def test_a_line_without_what_a_poll_must_have_is_damage_too(world: World, tmp_path: Path, key: str, value: str | None) -> None:
    b.write_journal(tmp_path / "archive", [poll("2024-07-01 06:00") | {key: value}])
    with pytest.raises(load.DamagedJournal, match=r"a\.jsonl"):
        load.load_journals(world.connection, tmp_path / "archive")
    assert world.query("SELECT count(*) FROM collection.journals") == [(0,)]


def test_an_item_belongs_to_the_poll_that_saw_it_first(world: World) -> None:
    later, first = b.item("a", title="later"), b.item("a", title="first")
    world.record(
        poll("2024-07-01 07:00", source="other", items=[later]),
        poll("2024-07-01 06:00", items=[first]),
        poll("2024-07-01 08:00", items=[later]),
    )
    assert world.query("SELECT title, first_seen_at FROM collection.items") == [("first", at("2024-07-01 06:00"))]


def test_unusual_characters_survive(world: World) -> None:
    title = "🙂 „Été\u2028\u0007 \u200f رته\\n"
    world.record(poll("2024-07-01 06:00", items=[b.item("a", title=title, authors=["Ö. Ñ", ""], published_raw="1. Juli")]))
    assert world.query("SELECT title, authors, published_raw FROM collection.items") == [(title, ["Ö. Ñ", ""], "1. Juli")]


# ---- what a collector has to know


def test_the_state_of_an_empty_record_is_empty(world: World) -> None:
    state = load.collection_state(world.connection)
    assert (state.sources, state.known, state.pending) == ({}, {}, {})


def test_known_and_pending_items(world: World) -> None:
    urls = ["never", "read", "lost", "later", "limit", "refused"]
    world.record(poll("2024-07-01 06:00", items=[b.item(u, title=u, authors=["A"], published_at="2024-07-01T05:00:00Z") for u in urls]))
    world.record(
        fetch("read", "2024-07-01 06:01"),
        fetch("lost", "2024-07-01 06:01", "failed", reason="not_found"),
        fetch("refused", "2024-07-01 06:01", "rejected", reason="robots"),
        fetch("later", "2024-07-01 06:01", "deferred", reason="timeout"),
        fetch("limit", "2024-07-01 06:01", "deferred", reason="run_limit", attempt=0),
    )
    world.record(
        fetch("later", "2024-07-02 06:01", "deferred", reason="server_error", attempt=2, run_id="run-two"),
        fetch("limit", "2024-07-02 06:01", "deferred", reason="outlet_unavailable", attempt=0, run_id="run-two"),
    )
    state = load.collection_state(world.connection)
    known = state.known["post"]
    assert len(known) == len(urls)
    assert known.which([item_id(u) for u in urls], at("2024-07-01 06:00")).all()
    assert not known.which([item_id(u) for u in urls], at("2024-07-01 05:59")).any()
    assert not known.which([item_id("other")]).any()
    waiting = state.pending["post"]
    assert {entry.item_id: entry.attempts for entry in waiting} == {item_id("never"): 0, item_id("later"): 2, item_id("limit"): 0}
    assert waiting[0].first_seen_at == at("2024-07-01 06:00")
    assert (waiting[0].link.title, waiting[0].link.authors, waiting[0].link.published_at) == ("later", ("A",), at("2024-07-01 05:00"))


def test_a_deferred_item_that_is_read_at_last_waits_no_longer(world: World) -> None:
    world.record(poll("2024-07-01 06:00", items=["a"]), fetch("a", "2024-07-01 06:01", "deferred", reason="timeout"))
    world.record(fetch("a", "2024-07-02 06:01", run_id="run-two"))
    assert load.collection_state(world.connection).pending == {}


def test_sources_are_remembered_with_the_validators_of_the_last_answer(world: World) -> None:
    world.record(
        poll("2024-07-01 06:00", etag="one", last_modified="m1"),
        poll("2024-07-01 09:00", "not_modified", etag="two", last_modified="m1"),
        poll("2024-07-01 12:00", "failed", reason="timeout"),
        poll("2024-07-01 06:00", source="index", etag="one"),
        poll("2024-07-01 09:00", source="index"),  # it no longer gives any
    )
    sources = load.collection_state(world.connection).sources
    feed, index = sources["post", "https://post.example/feed"], sources["post", "https://post.example/index"]
    assert (feed.last_polled_at, feed.etag, feed.last_modified) == (at("2024-07-01 12:00"), "two", "m1")
    assert (index.etag, index.last_modified) == (None, None)


# ---- how items end


def test_every_way_to_end_and_the_sum_of_them(world: World) -> None:
    urls = ["new", "twin", "bad", "broken", "barred", "lost", "later"]
    read = {u: fetch(u, f"2024-07-01 07:0{n}") for n, u in enumerate(("new", "twin", "bad", "broken"))}
    rest = [
        fetch("barred", "2024-07-01 07:00", "rejected", reason="robots"),
        fetch("lost", "2024-07-01 07:00", "failed", reason="not_found"),
        fetch("later", "2024-07-01 07:00", "deferred", reason="timeout"),
    ]
    world.record(poll("2024-07-01 06:00", items=urls), *read.values(), *rest)
    world.add(
        page(read["new"]),
        page(read["twin"], canonical="new"),
        b.rejected(read["bad"], "no_text"),
        b.rejected(read["broken"], "extraction_error"),
        lists=[],
    )
    assert outcomes(world) == {
        (RUN, "new", "published"), (RUN, "twin", "duplicate_url"), (RUN, "bad", "rejected:no_text"), (RUN, "broken", "failed:extraction_error"),
        (RUN, "barred", "rejected:robots"), (RUN, "lost", "failed:not_found"), (RUN, "later", "deferred:timeout"),
    }  # fmt: skip
    assert world.query("SELECT count(*) FROM history.outcomes") == [(len(urls),)]
    world.record(fetch("later", "2024-07-02 07:00", run_id="run-two") | {"record_id": "late"})
    world.add(page(fetch("later", "2024-07-02 07:00", record_id="late")))
    assert outcomes(world) >= {(RUN, "later", "deferred:timeout"), ("run-two", "later", "published")}


def test_a_batch_that_was_refused_is_deferred_and_published_by_a_later_run(world: World) -> None:
    event, other = fetch("a", "2024-07-01 07:00"), fetch("b", "2024-07-01 07:00", "failed", reason="not_found")
    world.record(poll("2024-07-01 06:00", items=["a", "b"]), event, other)
    world.stage([page(event)])
    load.defer_batch(world.connection, RUN)
    assert outcomes(world) == {(RUN, "a", "deferred:audit_refused"), (RUN, "b", "failed:not_found")}
    assert world.query("SELECT count(*) FROM staging.pages") == [(1,)]
    load.clear_staging(world.connection)
    assert to_read(world) == ["a"]
    world.stage([page(event)])
    world.commit("run-two")
    assert outcomes(world) == {(RUN, "a", "deferred:audit_refused"), (RUN, "b", "failed:not_found"), ("run-two", "a", "published")}


def test_a_batch_refused_twice_has_one_end_in_each_run(world: World) -> None:
    event = fetch("a", "2024-07-01 07:00")
    world.record(poll("2024-07-01 06:00", items=["a"]), event)
    for run in (RUN, "run-two"):
        load.clear_staging(world.connection)
        world.stage([page(event)])
        load.defer_batch(world.connection, run)
        load.defer_batch(world.connection, run)
    assert outcomes(world) == {(RUN, "a", "deferred:audit_refused"), ("run-two", "a", "deferred:audit_refused")}


def test_items_of_a_killed_run_end_in_that_run(world: World) -> None:
    event = fetch("a", "2024-07-01 07:00", run_id="killed")
    world.record(poll("2024-07-01 06:00", items=["a"], run_id="killed"), event, tail='{"event":"fetch"')
    load.start_run(world.connection, "killed", "run", at("2024-07-01 06:00"), "1", "c")
    load.start_run(world.connection, RUN, "run", at("2024-07-02 06:00"), "1", "c")
    world.stage([page(event)])
    world.commit(RUN)
    assert outcomes(world) == {("killed", "a", "published")}
    assert world.query("SELECT run_id, status FROM history.runs ORDER BY ALL") == [("killed", "interrupted"), (RUN, "running")]


def test_later_captures_of_an_archive_are_updated_or_unchanged(world: World) -> None:
    def capture(number: int) -> b.Row:
        return fetch("a", f"2024-07-0{number} 07:00", origin="archive")

    captures = [capture(n) for n in range(1, 5)]
    world.record(*captures)
    contents = ["One", "One", "Two", "Two"]
    pages = [page(event, title=title) for event, title in zip(captures, contents, strict=True)]
    world.add(*pages)
    found = dict(world.query("SELECT item_id, outcome FROM history.outcomes"))
    assert [found[event["item_id"]] for event in captures] == ["published", "unchanged", "updated", "unchanged"]


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1, 1), (2, 3), (5,), (4, 1)])
def test_outcomes_do_not_depend_on_the_split_into_batches(world: World, sizes: tuple[int, ...]) -> None:
    captures = [fetch(u, f"2024-07-0{n} 07:00", origin="archive") for n, u in enumerate(("a", "a", "a?x", "a?x", "a"), start=1)]
    world.record(*captures)
    pages = iter([page(event, canonical="a", title=title) for event, title in zip(captures, "AABBB", strict=True)])
    for size in sizes:
        world.add(*(next(pages) for _ in range(size)))
    found = dict(world.query("SELECT item_id, outcome FROM history.outcomes"))
    assert [found[event["item_id"]] for event in captures] == ["published", "unchanged", "duplicate_url", "unchanged", "unchanged"]


def test_reading_again_after_a_change_of_code_or_configuration_is_no_outcome(world: World) -> None:
    event, bad = fetch("a", "2024-07-01 07:00"), fetch("b", "2024-07-01 07:00")
    world.record(poll("2024-07-01 06:00", items=["a", "b"]), event, bad)
    world.add(page(event), b.rejected(bad, "no_text"), lists=[])
    before = outcomes(world)
    assert to_read(world) == []
    assert to_read(world, post="v2") == ["a", "b"]
    world.stage([page(event, title="Read otherwise", read_version="v2"), page(bad, read_version="v2")])
    world.commit("run-two")
    assert outcomes(world) == before
    assert to_read(world, post="v2") == []
    assert world.query("SELECT title FROM core.pages WHERE item_id = ?", event["item_id"]) == [("Read otherwise",)]


def test_what_is_read_again_replaces_what_was_found_before(world: World) -> None:
    event = fetch("a", "2024-07-01 07:00")
    world.record(event)
    row = page(event, text="Ann Stone met Bob Stone.")
    world.add(row, lists=answers(row, in_race=["ann"]), mentions=[mention(row, "ann"), mention(row, "bob")])
    world.add(row, mentions=[mention(row, "bob")])
    assert world.query("SELECT candidate_id FROM core.page_mentions") == [("bob",)]
    assert world.query("SELECT in_race FROM core.page_watchlists") == [(False,)]
    world.add(b.rejected(event, "no_text"), lists=[])
    assert world.query("SELECT (SELECT count(*) FROM core.page_mentions), (SELECT count(*) FROM core.page_watchlists)") == [(0, 0)]


# ---- backfill


ARCHIVE: dict[str, Any] = {"origin": "archive", "record_id": "rec"}


def windows(world: World) -> list[tuple[Any, ...]]:
    return world.query("SELECT since, until FROM collection.fetches")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2024-07-02", "2024-07-03"), ("2024-07-01", "2024-07-05"), (day("2024-07-01"), day("2024-07-05"))),
        (("2024-07-01", "2024-07-03"), ("2024-07-02", "2024-07-05"), (day("2024-07-01"), day("2024-07-05"))),
        (("2024-07-02", "2024-07-03"), (None, "2024-07-02"), (None, day("2024-07-03"))),
        ((None, None), ("2024-07-02", "2024-07-03"), (None, None)),
    ],
)
def test_a_second_backfill_widens_the_window(world: World, first: Any, second: Any, expected: Any) -> None:
    for since, until in (first, second):
        world.record(fetch("a", "2024-07-01 07:00", since=since, until=until, **ARCHIVE))
    assert windows(world) == [expected]


@pytest.mark.parametrize(("published", "in_second"), [("2024-07-05", True), ("2024-07-09", False)])
def test_a_wider_window_lets_in_what_was_left_out(world: World, published: str, in_second: bool) -> None:
    event = fetch("a", "2024-07-08 07:00", since="2024-07-01", until="2024-07-02", **ARCHIVE)
    world.record(event)
    out = {"rejected_stage": "window", "rejected_reason": "out_of_window"}
    world.add(page(event, published=published, **out), lists=[])
    assert outcomes(world) == {(RUN, "a", "rejected:out_of_window")}
    assert to_read(world) == []
    again = event | {"run_id": "run-two", "until": "2024-07-06"}
    world.record(again)
    assert to_read(world) == (["a"] if in_second else [])
    if in_second:
        world.stage([page(event, published=published)])
        world.commit("run-two")
    assert outcomes(world) == {(RUN, "a", "rejected:out_of_window"), ("run-two", "a", "published" if in_second else "unchanged")}
    assert to_read(world) == []


def test_an_undated_page_outside_the_window_is_not_read_for_ever(world: World) -> None:
    event = fetch("a", "2024-07-08 07:00", since="2024-07-01", until="2024-07-02", **ARCHIVE)
    world.record(event)
    world.add(page(event, published=None, rejected_stage="window", rejected_reason="out_of_window"), lists=[])
    assert to_read(world) == []


def test_reading_a_page_outside_the_window_again_is_no_outcome(world: World) -> None:
    event = fetch("a", "2024-07-08 07:00", since="2024-07-01", until="2024-07-02", **ARCHIVE)
    world.record(event)
    out = page(event, rejected_stage="window", rejected_reason="out_of_window")
    world.add(out, lists=[])
    world.stage([out | {"read_version": "v2"}])
    world.commit("run-two")
    assert outcomes(world) == {(RUN, "a", "rejected:out_of_window")}


def test_a_record_of_ones_own_is_not_changed_by_a_backfill_over_it(world: World) -> None:
    world.record(poll("2024-07-01 06:00", items=["a"]), fetch("a", "2024-07-01 07:00", record_id="rec"))
    world.add(page(fetch("a", "2024-07-01 07:00", record_id="rec")))
    world.record(fetch("a", "2024-07-01 07:00", since="2024-07-01", until="2024-07-02", run_id="run-two", **ARCHIVE))
    assert world.query("SELECT origin, item_id, since, until, run_id FROM collection.fetches") == [("own", item_id("a"), None, None, RUN)]
    assert outcomes(world) == {(RUN, "a", "published"), ("run-two", "a", "unchanged")}


def test_an_archived_page_of_no_outlet_is_rejected_and_read_when_the_outlet_comes(world: World) -> None:
    event = fetch("https://new.example/a", "2024-07-01 07:00", "rejected", outlet_id=None, reason="no_outlet", **ARCHIVE)
    world.record(event)
    assert outcomes(world) == {(RUN, "a", "rejected:no_outlet")}
    world.record(event | {"run_id": "run-two", "outlet_id": "new", "result": "fetched", "reason": None})
    assert to_read(world, new="v1") == ["a"]
    world.configure(b.configuration([b.outlet("new")]))
    world.stage([page(event | {"outlet_id": "new"})])
    world.commit("run-two")
    assert outcomes(world) == {(RUN, "a", "rejected:no_outlet"), ("run-two", "a", "published")}


def test_a_record_named_twice_in_one_journal_is_one_item(world: World) -> None:
    event = fetch("a", "2024-07-01 07:00", **ARCHIVE)
    world.record(event, event | {"warc_file": "copy.warc.gz"})
    world.add(page(event))
    assert outcomes(world) == {(RUN, "a", "published")}


# ---- reading and annotating


def test_the_rows_to_read_say_what_the_source_said(world: World) -> None:
    listed = b.item("a", title="T", authors=["A"], published_raw="1 July", published_at="2024-07-01T05:00:00Z", language="en")
    world.record(
        poll("2024-07-01 06:00", items=[listed]),
        fetch("a", "2024-07-01 07:00"),
        fetch("b", "2024-07-01 08:00", origin="archive", since="2024-07-01"),
    )
    own, archived = load.pages_to_read(world.connection, VERSIONS)
    entry = load.page_entry(own)
    assert (entry.origin, entry.first_seen_at, entry.fetched_at, entry.since) == (
        "own",
        at("2024-07-01 06:00"),
        at("2024-07-01 07:00"),
        None,
    )
    found = load.fetched_page(own, b"<html>")
    assert found.link is not None
    assert (found.link.title, found.link.authors, found.link.published_raw, found.link.published_at) == (
        "T",
        ("A",),
        "1 July",
        at("2024-07-01 05:00"),
    )
    assert (found.url, found.final_url, found.content) == ("https://post.example/a", "https://post.example/a", b"<html>")
    assert load.fetched_page(archived, b"").link is None
    assert (load.page_entry(archived).first_seen_at, load.page_entry(archived).since) == (at("2024-07-01 08:00"), day("2024-07-01"))


def test_outlets_that_are_not_configured_are_not_read(world: World) -> None:
    world.record(fetch("a", "2024-07-01 07:00", outlet_id="gone"))
    assert to_read(world) == []
    assert load.pages_to_read(world.connection, {}) == []


def test_a_new_or_changed_watch_list_sees_every_article(world: World) -> None:
    events = [fetch(u, "2024-07-01 07:00") for u in ("a", "b")]
    world.record(*events)
    world.add(page(events[0], title="T", text="x"), b.rejected(events[1], "no_text"), lists=answers(page(events[0])))
    versions = {b.LIST: "l1", "second": "l1"}
    assert list(load.articles_to_annotate(world.connection, {b.LIST: "l1"})) == []
    assert [(t.title, t.text, t.watchlist_ids) for t in load.articles_to_annotate(world.connection, versions)] == [("T", "x", ["second"])]
    again = load.articles_to_annotate(world.connection, versions | {b.LIST: "l2"})
    assert [text.watchlist_ids for text in again] == [["second", b.LIST]]
    world.stage([], [answers(page(events[0]), ["second"])[0]])
    world.configure(b.configuration(watchlists=[b.watchlist(), b.watchlist("second", ["eve"])]))
    world.commit()
    assert list(load.articles_to_annotate(world.connection, versions)) == []


def test_runs_are_opened_and_closed(world: World) -> None:
    start = at("2024-07-01 06:00")
    for run in ("one", "two", "one"):
        load.start_run(world.connection, run, "run", start, "1", "c")
    load.end_run(world.connection, "one", start + timedelta(minutes=1), "failed", "OSError: disk full")
    assert world.query("SELECT run_id, status, finished_at, detail FROM history.runs ORDER BY ALL") == [
        ("one", "failed", at("2024-07-01 06:01"), "OSError: disk full"),
        ("two", "interrupted", None, "ended without a word; its work was taken over"),
    ]


def test_the_configuration_is_replaced_whole(world: World) -> None:
    changes = ({"on": day("2024-02-01"), "status": "declared"}, {"on": day("2024-01-01"), "status": "touted"})
    listed = b.watchlist()
    listed["candidates"] = ({"id": "ann", "name": "Ann Stone", "country": "NL", "status": changes},)
    world.configure(b.configuration([b.outlet("east", agency=True, panel_from=day("2024-01-01"))], [listed]))
    assert world.query("SELECT outlet_id, is_agency, panel_from, panel_until FROM core.outlets") == [
        ("east", True, day("2024-01-01"), None)
    ]
    assert world.query("SELECT candidate_id, status, position FROM core.candidates") == [("ann", "declared", 0)]
