"""What comes late changes exactly the cells that it must, and ``revisions`` says so. Every changed count is worked out by hand.

Ten days of two outlets are published; of these all up to 7 July are final. Then one thing happens, and all is published again.
"""

# ruff: noqa: E501 (rows)

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import builders as b
import pytest
from builders import World, answers, day, fetch, mention, page, poll

from transforms.params import Configuration
from warehouse import load, publish
from warehouse.database import open_warehouse

OUTLETS = [b.outlet("post"), b.outlet("wire", agency=True)]
LISTS = [b.watchlist("one", ["ann", "bob"]), b.watchlist("two", ["eve"])]
MEASURES = ("articles", "race_articles", "unique_articles", "originals", "mentions", "total_articles", "share_of_voice")
SPOKE = "Ann Stone spoke for an hour about the harbour, the tolls and the long winter, and when she was done nobody in the hall had a question left to ask her."
VISITED = "Bob Stone went to see the new bridge. It rained. Asked about the price, Bob Stone said that bridges were dearer than they looked, and left by boat."
WEATHER = "It will rain in the north and in the south, while the islands in between may hope for some hours of sun before the evening brings more clouds."
Cell = tuple[str, str, str]  # outlet, day, candidate
Change = tuple[Any, Any]  # before, after
Hand = dict[Cell, dict[str, Change]]


@pytest.fixture(autouse=True)
def _unaudited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "audit", lambda *_, **__: [])


@pytest.fixture(scope="module")
def ten_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On 3 July the post has an article on Ann, one that names Bob twice, and one on the weather; the wire had no poll answered on the 6th."""
    folder = tmp_path_factory.mktemp("ten-days")
    with pytest.MonkeyPatch.context() as patch, b.world(folder, configured()) as world:
        patch.setattr(publish, "audit", lambda *_, **__: [])
        world.record(
            *(poll(f"2024-07-{n:02} 06:00", known=int(n > 1)) for n in range(1, 11)),
            *(poll(f"2024-07-{n:02} 06:00", outlet_id="wire", known=int(n not in (1, 7))) for n in range(1, 11) if n != 6),
            poll("2024-07-06 06:00", "failed", outlet_id="wire", reason="timeout"),
        )
        for name, published, text, people in (
            ("ann", "2024-07-03 09:00", SPOKE, ["ann"]), ("bob", "2024-07-03 10:00", VISITED, ["bob", "bob"]),
            ("rain", "2024-07-03 11:00", WEATHER, []), ("open", "2024-07-09 09:00", f"{SPOKE} The windows were open.".replace(" ", "  "), []),
        ):  # fmt: skip
            add(world, name, published, text, people, seen="2024-07-09 12:00")
        again(world, "first")
    return folder


@pytest.fixture
def world(ten_days: Path, tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "copy"
    shutil.copytree(ten_days, folder)  # with the times of the files
    with reopened(folder) as made:
        yield made


@contextmanager
def reopened(folder: Path) -> Iterator[World]:
    with open_warehouse(folder / "warehouse.duckdb") as connection:
        made = World(connection, folder)
        made._journals = 50
        yield made


def configured(outlets: list[b.Row] = OUTLETS, lists: list[b.Row] = LISTS, suppress: tuple[b.Row, ...] = ()) -> Configuration:
    return b.configuration(outlets, lists, suppress)


def add(
    world: World, name: str, published: str | None, text: str, people: list[str], *, outlet_id: str = "post", seen: str = "2024-07-10 07:00",
    race: tuple[str, ...] = (), visit: int = 0, **values: Any,
) -> b.Row:  # fmt: skip
    """An article that is fetched, read and committed; ``people``: whom the text names, in the order of their names in it."""
    event = fetch(name, seen, outlet_id=outlet_id, visit=visit)
    world.record(event)
    row = page(event, published=published, text=text, **values)
    read(world, row, people, race)
    return event


def read(world: World, row: b.Row, people: list[str], race: tuple[str, ...] = ()) -> None:
    found = [mention(row, who, number=people[:n].count(who), watchlist_id="one") for n, who in enumerate(people)]
    world.add(row, lists=[*answers(row, ["one"], race), *answers(row, ["two"])], mentions=found)


def again(world: World, run_id: str, *, code: str = "1.0", config: str = "c", anew: bool = False) -> None:
    load.start_run(world.connection, run_id, "run", b.PUBLISHED_AT, code, config)
    snapshot = publish.Snapshot(run_id=run_id, published_at=b.PUBLISHED_AT, code_version=code, config_hash=config, publish_text="mentions")
    assert publish.publish(world.connection, world.target, snapshot, anew=anew).snapshot_hash is not None


def cells(world: World) -> dict[Cell, dict[str, Any]]:
    found = world.published(f"SELECT outlet_id, day::VARCHAR, candidate_id, {', '.join(MEASURES)} FROM coverage_by_outlet_day")
    return {row[:3]: dict(zip(MEASURES, row[3:], strict=True)) for row in found}


def changes(before: Mapping[Cell, dict[str, Any]], after: Mapping[Cell, dict[str, Any]]) -> Hand:
    """Which measures of which cells differ. A cell that is not there has no counts."""
    nothing = dict.fromkeys(MEASURES)
    found: Hand = {}
    for cell in sorted(before.keys() | after.keys()):
        one, other = before.get(cell, nothing), after.get(cell, nothing)
        differing = {measure: (one[measure], other[measure]) for measure in MEASURES if one[measure] != other[measure]}
        if differing:
            found[cell] = differing
    return found


def revised(world: World, run_id: str) -> dict[tuple[Cell, str], tuple[Change, frozenset[str]]]:
    rows = world.published(
        f"SELECT outlet_id, day::VARCHAR, candidate_id, measure, before, after, reason FROM revisions WHERE run_id = '{run_id}'"
    )
    found = {(row[:3], row[3]): ((row[4], row[5]), frozenset(row[6].split(", "))) for row in rows}
    assert len(found) == len(rows)
    return found


def expect(world: World, by_hand: Hand, reason: str, others: Mapping[tuple[Cell, str], str] | None = None, **how: Any) -> None:
    """Publish, and compare what has changed with the hand's account; ``others``: cells and measures with a reason of their own.

    Publishing once more changes nothing.
    """
    before = cells(world)
    again(world, "second", **how)
    assert changes(before, cells(world)) == by_hand
    expected = {
        (cell, measure): (change, frozenset((others or {}).get((cell, measure), reason).split(", ")))
        for cell, measures in by_hand.items()
        for measure, change in measures.items()
    }
    assert revised(world, "second") == expected
    assert revised(world, "first") == {}
    again(world, "third", **how)
    assert revised(world, "third") == {}
    assert revised(world, "second") == expected  # history is kept


def on(outlet_id: str, number: int, candidate_id: str) -> Cell:
    return outlet_id, f"2024-07-{number:02}", candidate_id


def first_article(outlet_id: str, number: int) -> Hand:
    """An article that names Ann once, on a day that had none."""
    return {
        on(outlet_id, number, "ann"): {
            **dict.fromkeys(["articles", "unique_articles", "originals", "mentions", "total_articles"], (0, 1)),
            "share_of_voice": (None, 1),
        },
        on(outlet_id, number, "bob"): {"total_articles": (0, 1), "share_of_voice": (None, 0)},
        on(outlet_id, number, "eve"): {"total_articles": (0, 1)},
    }


def test_what_is_published_first_revises_nothing(world: World) -> None:
    assert cells(world)[on("post", 3, "ann")] == {
        "articles": 1, "race_articles": 0, "unique_articles": 1, "originals": 1, "mentions": 1, "total_articles": 3, "share_of_voice": 1 / 3,
    }  # fmt: skip
    assert world.published("SELECT max(day)::VARCHAR FROM coverage_by_outlet_day WHERE is_final") == [("2024-07-07",)]
    assert cells(world)[on("wire", 6, "ann")] == dict.fromkeys(MEASURES)
    expect(world, {}, "")


LATE = {
    on("post", 3, "ann"): {
        "articles": (1, 2), "race_articles": (0, 1), "unique_articles": (1, 2), "originals": (1, 2), "mentions": (1, 3), "total_articles": (3, 4),
        "share_of_voice": (1 / 3, 3 / 5),
    },
    on("post", 3, "bob"): {"total_articles": (3, 4), "share_of_voice": (2 / 3, 2 / 5)},
    on("post", 3, "eve"): {"total_articles": (3, 4)},
}  # fmt: skip


@pytest.mark.parametrize("anew", [False, True])
def test_a_late_article(world: World, anew: bool) -> None:
    world.record(poll("2024-07-10 06:30", known=1, items=["late"]))
    add(world, "late", "2024-07-03 20:00", "Ann Stone was late. Nobody waits for Ann Stone.", ["ann", "ann"], race=("ann",))
    expect(world, LATE, "late_arrival", anew=anew)
    again(world, "fourth", anew=True)
    assert revised(world, "fourth") == {}


def test_a_late_article_that_names_nobody(world: World) -> None:
    add(world, "late", "2024-07-03 20:00", "The harbour is closed.", [])
    expect(world, {on("post", 3, who): {"total_articles": (3, 4)} for who in ("ann", "bob", "eve")}, "late_arrival")


def test_a_late_article_by_the_day_alone_is_on_its_day(world: World) -> None:
    add(world, "late", "2024-07-04", f"{SPOKE} By our reporter.".replace("harbour", "port"), ["ann"])
    by_hand = first_article("post", 4)
    by_hand[on("post", 4, "ann")].pop("originals")  # a copy of Wednesday's
    expect(world, by_hand, "late_arrival")


def test_an_article_of_an_open_day_revises_nothing(world: World) -> None:
    add(world, "late", "2024-07-08 20:00", "Ann Stone was late.", ["ann"])
    before = cells(world)
    again(world, "second")
    assert changes(before, cells(world)) == first_article("post", 8)
    assert revised(world, "second") == {}


def test_a_day_that_became_final_meanwhile_was_not_final_before(world: World) -> None:
    world.record(poll("2024-07-11 06:00", known=1), poll("2024-07-11 06:00", known=1, outlet_id="wire"))
    add(world, "late", "2024-07-08 20:00", "Ann Stone was late.", ["ann"], seen="2024-07-11 07:00")
    before = cells(world)
    again(world, "second")
    found = changes(before, cells(world))
    fresh = {cell for cell in found if cell[1] == "2024-07-11"}  # the grid has grown by a day
    assert {cell: found[cell] for cell in found.keys() - fresh} == first_article("post", 8)
    assert {(o, c) for o, _, c in fresh} == {(o, c) for o in ("post", "wire") for c in ("ann", "bob", "eve")}
    assert world.published("SELECT max(day)::VARCHAR FROM coverage_by_outlet_day WHERE is_final") == [("2024-07-08",)]
    assert revised(world, "second") == {}
    add(world, "later", "2024-07-08 21:00", "The harbour is closed.", [], seen="2024-07-11 07:00")
    again(world, "third")
    assert revised(world, "third") == {
        (on("post", 8, who), "total_articles"): ((1, 2), frozenset({"late_arrival"})) for who in ("ann", "bob", "eve")
    }


def test_an_article_that_is_dated_anew(world: World) -> None:
    add(world, "ann", "2024-07-05 09:00", SPOKE, ["ann"], visit=1)
    gone = dict.fromkeys(["articles", "unique_articles", "originals", "mentions"], (1, 0))
    by_hand = first_article("post", 5) | {
        on("post", 3, "ann"): {**gone, "total_articles": (3, 2), "share_of_voice": (1 / 3, 0)},
        on("post", 3, "bob"): {"total_articles": (3, 2), "share_of_voice": (2 / 3, 1)},
        on("post", 3, "eve"): {"total_articles": (3, 2)},
    }
    expect(world, by_hand, "redated")


@pytest.mark.parametrize("published", [None, "2024-07-20 09:00"])
def test_an_article_that_loses_its_day(world: World, published: str | None) -> None:
    """Undated, or dated after its fetch: it is in no cell any more."""
    before = cells(world)
    add(world, "ann", published, SPOKE, ["ann"], visit=1)
    again(world, "second")
    gone = dict.fromkeys(["articles", "unique_articles", "originals", "mentions"], (1, 0))
    by_hand = {
        on("post", 3, "ann"): {**gone, "total_articles": (3, 2), "share_of_voice": (1 / 3, 0)},
        on("post", 3, "bob"): {"total_articles": (3, 2), "share_of_voice": (2 / 3, 1)},
        on("post", 3, "eve"): {"total_articles": (3, 2)},
    }
    assert changes(before, cells(world)) == by_hand
    found = revised(world, "second")
    assert {key: change for key, (change, _) in found.items()} == {(c, m): v for c, ms in by_hand.items() for m, v in ms.items()}
    for _, reasons in found.values():
        assert reasons and reasons <= {"redated", "uncounted"}


def test_an_article_that_turns_out_to_be_a_copy(world: World) -> None:
    """An earlier article with the same text, of another outlet, leads from now on."""
    add(world, "ann", "2024-07-02 09:00", SPOKE, ["ann"], outlet_id="wire")
    merged = on("post", 3, "ann")
    expect(world, first_article("wire", 2) | {merged: {"originals": (1, 0)}}, "late_arrival", {(merged, "originals"): "merged"})


def test_copies_on_one_day_are_one_story(world: World) -> None:
    """Bob's article is edited until it is Ann's."""
    add(world, "bob", "2024-07-03 10:00", SPOKE, ["ann"], visit=1)
    by_hand = {
        on("post", 3, "ann"): {"articles": (1, 2), "mentions": (1, 2), "share_of_voice": (1 / 3, 1)},
        on("post", 3, "bob"): {
            **dict.fromkeys(["articles", "unique_articles", "originals"], (1, 0)),
            "mentions": (2, 0),
            "share_of_voice": (2 / 3, 0),
        },
    }
    before = cells(world)
    again(world, "second")
    assert changes(before, cells(world)) == by_hand
    found = revised(world, "second")
    assert {key: change for key, (change, _) in found.items()} == {(c, m): v for c, ms in by_hand.items() for m, v in ms.items()}
    for (_, measure), (_, reasons) in found.items():
        assert "edited" in reasons and reasons <= {"edited", "merged"}, measure


def test_a_correction_and_taking_it_back(world: World) -> None:
    suppression = {"article_id": b.article_id("ann"), "candidate_id": "ann", "reason": "a stone named Ann"}
    world.configure(configured(suppress=(suppression,)))
    by_hand = {
        on("post", 3, "ann"): {
            **dict.fromkeys(["articles", "unique_articles", "originals", "mentions"], (1, 0)),
            "share_of_voice": (1 / 3, 0),
        },
        on("post", 3, "bob"): {"share_of_voice": (2 / 3, 1)},
    }
    expect(world, by_hand, "correction", config="c2")
    world.configure(configured())
    again(world, "fourth")
    assert revised(world, "fourth") == {
        (cell, measure): ((after, before), frozenset({"correction"}))
        for cell, ms in by_hand.items()
        for measure, (before, after) in ms.items()
    }


def test_a_new_form_of_a_name(world: World) -> None:
    (row,) = [page(fetch("rain", "2024-07-09 12:00"), published="2024-07-03 11:00", text=WEATHER)]
    found = mention(row, "bob", "sun", watchlist_id="one")
    answer = [a | {"list_version": "l2"} for a in answers(row, ["one"])]
    world.stage([], answer, [found])
    world.commit()
    by_hand = {
        on("post", 3, "ann"): {"share_of_voice": (1 / 3, 1 / 4)},
        on("post", 3, "bob"): {
            **dict.fromkeys(["articles", "unique_articles", "originals"], (1, 2)), "mentions": (2, 3), "share_of_voice": (2 / 3, 3 / 4),
        },
    }  # fmt: skip
    expect(world, by_hand, "names", config="c2")


def test_a_contender_more(world: World) -> None:
    row = page(fetch("ann", "2024-07-09 12:00"), published="2024-07-03 09:00", text=SPOKE)
    world.stage([], [a | {"list_version": "l2"} for a in answers(row, ["one"], ["ann"])], [mention(row, "ann", watchlist_id="one")])
    world.commit()
    before = cells(world)
    again(world, "second", config="c2")
    assert changes(before, cells(world)) == {on("post", 3, "ann"): {"race_articles": (0, 1)}}
    ((key, (change, reasons)),) = revised(world, "second").items()
    assert (key, change) == ((on("post", 3, "ann"), "race_articles"), (0, 1))
    assert reasons and reasons <= {"race", "names"}


def test_an_edited_article(world: World) -> None:
    add(world, "ann", "2024-07-03 09:00", f"{SPOKE} Ann Stone smiled.", ["ann", "ann"], visit=1)
    by_hand = {
        on("post", 3, "ann"): {"mentions": (1, 2), "share_of_voice": (1 / 3, 2 / 4)},
        on("post", 3, "bob"): {"share_of_voice": (2 / 3, 2 / 4)},
    }
    expect(world, by_hand, "edited")


def test_a_page_that_other_code_reads_otherwise(world: World) -> None:
    row = page(fetch("bob", "2024-07-09 12:00"), published="2024-07-03 10:00", text=VISITED, read_version="v2")
    read(world, row, ["bob"])
    by_hand = {
        on("post", 3, "ann"): {"share_of_voice": (1 / 3, 1 / 2)},
        on("post", 3, "bob"): {"mentions": (2, 1), "share_of_voice": (2 / 3, 1 / 2)},
    }
    expect(world, by_hand, "reread", code="1.1")


def test_a_page_that_is_no_article_any_more(world: World) -> None:
    world.add(b.rejected(fetch("bob", "2024-07-09 12:00"), "no_text", read_version="v2"), lists=[])
    by_hand = {
        on("post", 3, "ann"): {"total_articles": (3, 2), "share_of_voice": (1 / 3, 1)},
        on("post", 3, "bob"): {
            **dict.fromkeys(["articles", "unique_articles", "originals"], (1, 0)), "mentions": (2, 0), "total_articles": (3, 2), "share_of_voice": (2 / 3, 0),
        },
        on("post", 3, "eve"): {"total_articles": (3, 2)},
    }  # fmt: skip
    expect(world, by_hand, "removed", code="1.1")


def test_an_unknown_day_becomes_known(world: World) -> None:
    world.record(poll("2024-07-10 08:00", outlet_id="wire", source="map", kind="sitemap", oldest_listed_at="2024-07-05 00:00"))
    counts = [measure for measure in MEASURES if measure != "share_of_voice"]
    expect(world, {on("wire", 6, who): dict.fromkeys(counts, (None, 0)) for who in ("ann", "bob", "eve")}, "collection")


def test_an_article_makes_an_unknown_day_known(world: World) -> None:
    add(world, "late", "2024-07-06 09:00", "Ann Stone was late.", ["ann"], outlet_id="wire")
    by_hand = {
        cell: {measure: (None, change[1]) for measure, change in measures.items()} for cell, measures in first_article("wire", 6).items()
    }
    named = {(cell, measure): "collection, late_arrival" for cell, measures in by_hand.items() for measure in measures}
    named[on("wire", 6, "ann"), "race_articles"] = "collection, late_arrival"  # reasons are told of the cell, not of the single measure
    for measures in by_hand.values():  # what the article does not change was unknown all the same
        for measure in set(MEASURES) - {"share_of_voice"} - measures.keys():
            measures[measure] = (None, 0)
    expect(world, by_hand, "collection", named)


def test_an_outlet_enters_the_panel_later(world: World) -> None:
    world.configure(configured([OUTLETS[0] | {"panel_from": day("2024-07-04")}, OUTLETS[1]]))
    gone = {cell: counts for cell, counts in cells(world).items() if cell[0] == "post" and cell[1] < "2024-07-04"}
    assert len(gone) == 9
    by_hand = {cell: {m: (value, None) for m, value in counts.items() if value is not None} for cell, counts in gone.items()}
    expect(world, by_hand, "panel", config="c2")


def test_an_outlet_leaves_the_configuration(world: World) -> None:
    world.configure(configured(OUTLETS[:1]))
    before = cells(world)
    again(world, "second", config="c2")
    gone = {cell: counts for cell, counts in before.items() if cell[0] == "wire"}
    assert changes(before, cells(world)) == {
        cell: {m: (v, None) for m, v in counts.items() if v is not None}
        for cell, counts in gone.items()
        if any(v is not None for v in counts.values())
    }
    assert revised(world, "second") == {
        (cell, m): ((v, None), frozenset({"panel"}))
        for cell, counts in gone.items()
        if cell[1] <= "2024-07-07"
        for m, v in counts.items()
        if v is not None
    }


def test_a_candidate_more_has_cells_and_revises_nothing(world: World) -> None:
    fay = {"id": "fay", "name": "Fay Stone", "country": "NL"}
    world.configure(configured(lists=[LISTS[0], LISTS[1] | {"candidates": (*LISTS[1]["candidates"], fay)}]))
    before = cells(world)
    again(world, "second", config="c2")
    assert {candidate for _, _, candidate in changes(before, cells(world))} == {"fay"}
    assert revised(world, "second") == {}
