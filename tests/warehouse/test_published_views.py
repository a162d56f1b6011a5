"""The views behind the counts: every measure of every cell is recounted from them, and they work under any name."""

# ruff: noqa: E501 (queries and the rows that they give)

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import builders as b
import duckdb
import pytest
from builders import answers, day, fetch, mention, page, poll, rows
from published_world import publish_unaudited

TEXT = "Ann Stone met Bob Stone in the harbour.\nAnn Stone left in the evening."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two outlets, two contests of which the second begins on 3 July; copies, an undated article, one from before the panel, a suppressed name."""
    gone = {"article_id": b.article_id("f"), "candidate_id": "ann", "reason": "Another Ann Stone."}
    lists = (b.watchlist(), b.watchlist("other", ["zoe"], since="2024-07-03"))
    outlets = (b.outlet("post"), b.outlet("wire", panel_from=day("2024-07-02")))
    with b.world(tmp_path_factory.mktemp("views"), b.configuration(outlets, lists, [gone])) as world:
        for name in ("post", "wire"):
            world.record(*(poll(f"2024-07-0{d} {hour:02}:10", known=1, outlet_id=name) for d in range(1, 6) for hour in (0, 6, 12, 18)))
        events = {name: fetch(name, "2024-07-04 12:00") for name in "abcdef"} | {
            name: fetch(name, "2024-07-04 12:00", outlet_id="wire") for name in "xy"
        }
        world.record(*events.values())
        zoe = "Zoe Stone spoke of the sea and of nothing else."
        pages = {
            "a": page(events["a"], published="2024-07-03 09:00", text=TEXT),
            "b": page(events["b"], published="2024-07-03", text="The harbour was empty when Ann Stone came back from her walk."),
            "c": page(events["c"], published="2024-07-03 10:00"),
            "d": page(events["d"], published=None, text="Once upon a time Bob Stone was young."),
            "e": page(events["e"], published="2024-07-02 10:00", text=zoe),
            "f": page(events["f"], published="2024-07-03 11:00", text="The baker Ann Stone sells bread to Bob Stone and Zoe Stone."),
            "x": page(events["x"], published="2024-07-03 08:00", text=TEXT),
            "y": page(events["y"], published="2024-07-01 08:00", text="Before the panel Bob Stone was already there."),
        }  # fmt: skip
        named = [
            *(mention(pages[name], "ann", number=n) for name in "ax" for n in (0, 1)), *(mention(pages[name], "bob") for name in "axdfy"),
            mention(pages["b"], "ann"), mention(pages["f"], "ann"), *(mention(pages[name], "zoe", watchlist_id="other") for name in "ef"),
        ]  # fmt: skip
        says = [a for name, row in pages.items() for a in answers(row, [b.LIST, "other"], ["ann"] if name in "ax" else [])]
        world.add(*pages.values(), lists=says, mentions=named)
        publish_unaudited(world)
        return world.target


def test_a_mention_in_a_cell_has_its_receipt_and_no_other(published: Path) -> None:
    found = rows(
        published,
        "SELECT outlet_id, strftime(day, '%d'), watchlist_id, candidate_id, right(url, 1), count(*), bool_and(in_race), min(surface) FROM receipts GROUP BY ALL ORDER BY ALL",
    )
    assert found == [
        ("post", "03", "other", "zoe", "f", 1, False, "Zoe Stone"),
        ("post", "03", "the-post", "ann", "a", 2, True, "Ann Stone"),
        ("post", "03", "the-post", "ann", "b", 1, False, "Ann Stone"),
        ("post", "03", "the-post", "bob", "a", 1, False, "Bob Stone"),
        ("post", "03", "the-post", "bob", "f", 1, False, "Bob Stone"),
        ("wire", "03", "the-post", "ann", "x", 2, True, "Ann Stone"),
        ("wire", "03", "the-post", "bob", "x", 1, False, "Bob Stone"),
    ], "not: undated, before the panel, suppressed, before the contest"


def test_an_article_that_names_nobody_is_there_without_a_candidate(published: Path) -> None:
    found = rows(
        published, "SELECT outlet_id, right(url, 1), list(candidate_id ORDER BY candidate_id) FROM cell_articles GROUP BY ALL ORDER BY ALL"
    )
    assert found == [
        ("post", "a", ["ann", "bob"]), ("post", "b", ["ann"]), ("post", "c", [None]),
        ("post", "e", [None]),  # Zoe's contest is not followed yet
        ("post", "f", ["bob", "zoe"]), ("wire", "x", ["ann", "bob"]),
    ]  # fmt: skip


MEASURES = "articles, race_articles, unique_articles, originals, mentions, list_mentions, total_articles"


def test_every_measure_of_every_cell_is_recounted(published: Path) -> None:
    """In plain Python, by what the comment of the view says."""
    views: list[dict[str, Any]] = [
        dict(zip(("outlet_id", "day", "watchlist_id", "candidate_id", "article_id", "count", "in_race", "copy_kind", "story_id"), row, strict=True))
        for row in rows(published, "SELECT outlet_id, day, watchlist_id, candidate_id, article_id, mention_count, in_race, copy_kind, story_id FROM cell_articles")
    ]  # fmt: skip
    cells = rows(
        published, f"SELECT outlet_id, day, watchlist_id, candidate_id, {MEASURES} FROM coverage_by_outlet_day WHERE articles IS NOT NULL"
    )
    assert len(cells) == 24, "post 5 days and wire 4 with two candidates, and both with a third on three of them"
    for outlet_id, local, watchlist_id, candidate_id, *counts in cells:
        there = [v for v in views if (v["outlet_id"], v["day"]) == (outlet_id, local)]
        mine = [v for v in there if v["candidate_id"] == candidate_id]
        assert counts == [
            len(mine), sum(v["in_race"] for v in mine), len({v["story_id"] for v in mine}), sum(v["copy_kind"] == "original" for v in mine),
            sum(v["count"] for v in mine), sum(v["count"] for v in there if v["watchlist_id"] == watchlist_id), len({v["article_id"] for v in there}),
        ], (outlet_id, local, candidate_id)  # fmt: skip
    said = rows(
        published,
        """
        SELECT articles, mentions, found_articles, found_mentions
        FROM coverage_by_outlet_day
        LEFT JOIN (
            SELECT outlet_id, day, candidate_id, count(*) AS found_mentions, count(DISTINCT article_id) AS found_articles FROM receipts GROUP BY ALL
        ) USING (outlet_id, day, candidate_id)
    """,
    )
    assert all((articles or 0, mentions or 0) == (a or 0, m or 0) for articles, mentions, a, m in said)


def test_views_and_macros_work_under_any_name(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "Counts of July.duckdb"
    shutil.copy(published, copy)
    for opened in (published, copy):
        with duckdb.connect(str(opened), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM receipts").fetchall() == [(9,)]
            assert connection.execute("SELECT sum(mentions) FROM counts_between('2024-07-01', '2024-07-05')").fetchall() == [(9,)]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{copy}' AS july (READ_ONLY)")
        assert connection.execute("SELECT count(*) FROM july.receipts").fetchall() == [(9,)]
        assert connection.execute("SELECT count(*) FROM july.main.cell_articles").fetchall() == [(9,)]
        connection.execute("USE july")
        assert connection.execute("SELECT count(*) FROM panel_between('2024-07-01', '2024-07-05')").fetchall() == [(2,)]
        assert connection.execute("SELECT count(*) FROM counts_by_brussels_day('2024-07-03', '2024-07-03')").fetchall() == [(3,)]


def test_they_survive_a_copy_of_the_database(published: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{published}' AS july (READ_ONLY)")
        connection.execute("ATTACH ':memory:' AS mine")
        connection.execute("COPY FROM DATABASE july TO mine")
        connection.execute("USE mine")
        connection.execute("DETACH july")
        assert connection.execute("SELECT count(*) FROM receipts").fetchall() == [(9,)]
        assert connection.execute("SELECT sum(mentions) FROM counts_in_constant_panel('2024-07-02', '2024-07-05')").fetchall() == [(9,)]


def test_they_hold_nothing_of_their_own(published: Path) -> None:
    found = rows(published, "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL")
    assert found == [("cell_articles",), ("receipts",)]
    assert rows(published, "SELECT table_name FROM duckdb_tables() WHERE table_name IN ('cell_articles', 'receipts')") == []
