"""The queries of docs/queries.md and of the README, asked of a small published file whose answers are known by hand."""

# ruff: noqa: E501 (rows)

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import builders as b
import polars as pl
import pytest
from builders import answers, at, day, fetch, mention, page, poll, statement
from published_world import publish_unaudited
from support import ROOT

from warehouse.query import run_query

LIST = "nato-secretary-general-2024"
RUTTE, IOHANNIS = "Mark Rutte", "Klaus Iohannis"
WIRE = "Hungary backs Mark Rutte, its prime minister said.\nKlaus Iohannis remains in the race, his office said."
BLOCKS = "Klaus Iohannis is still there, and Klaus Iohannis will wait.\nHungary blocks Mark Rutte, a diplomat said."


def queries(path: Path) -> list[str]:
    return re.findall(r"```sql\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL)


DOCUMENTED, README = queries(ROOT / "docs" / "queries.md"), queries(ROOT / "README.md")


def polls(outlet_id: str, *days: int) -> list[b.Row]:
    """Four polls on each of some days of June, each of which lists something known; and those that make June final."""
    moments = [f"2024-06-{d:02} {hour:02}:10" for d in days for hour in (0, 6, 12, 18)]
    return [poll(moment, known=1, outlet_id=outlet_id) for moment in (*moments, "2024-07-01 00:10", "2024-07-02 00:10", "2024-07-03 00:10")]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of four outlets: one is down for two days, one joins on the 20th; a wire story, a late article, a country with two voices."""
    outlets = (
        b.outlet("polderpost", country="NL", timezone="Europe/Amsterdam"),
        b.outlet("noordzee-wire", country="BE", timezone="Europe/Brussels", agency=True),
        b.outlet("fjord", country="NO", timezone="Europe/Oslo"),
        b.outlet("herald", country="GB", timezone="Europe/London", panel_from=day("2024-06-20")),
    )
    contest = {
        "id": LIST, "title": "NATO Secretary General, 2024", "watched_from": day("2023-01-01"), "watched_until": day("2024-10-01"),
        "candidates": ({"id": "mark-rutte", "name": RUTTE, "country": "NL"}, {"id": "klaus-iohannis", "name": IOHANNIS, "country": "RO"}),
        "endorsers": ({"country": "DE", "name": "Germany"}, {"country": "FR", "name": "France"}, {"country": "HU", "name": "Hungary"}),
    }  # fmt: skip
    with b.world(tmp_path_factory.mktemp("documented"), b.configuration(outlets, [contest])) as world:
        for name in ("polderpost", "noordzee-wire", "herald"):
            world.record(*polls(name, *range(16, 31)))
        world.record(*polls("fjord", 16, 17, *range(21, 31)), poll("2024-06-20 06:00", outlet_id="fjord"))
        world.record(*(poll(f"2024-06-{d} 06:00", "failed", reason="timeout", outlet_id="fjord") for d in (18, 19)))
        events = {
            "wire": fetch("wire", "2024-06-18 11:00", outlet_id="noordzee-wire"), "copy": fetch("copy", "2024-06-18 13:00", outlet_id="polderpost"),
            "office": fetch("office", "2024-06-18 16:00", outlet_id="polderpost"), "night": fetch("night", "2024-06-22 06:00", outlet_id="herald"),
            "blocks": fetch("blocks", "2024-06-25 10:00", outlet_id="fjord"),
        }  # fmt: skip
        world.record(*events.values())
        rows = {
            "wire": page(events["wire"], published="2024-06-18 10:00", text=WIRE, title="Hungary lifts its objection"),
            "copy": page(events["copy"], published="2024-06-18 12:00", text=WIRE, title="Hongarije gaat om", wire_agency="noordzee-wire"),
            "office": page(events["office"], published="2024-06-18 15:00", text="On his last day Mark Rutte packs boxes.", title="Boxes"),
            "night": page(events["night"], published="2024-06-21 23:30", published_on=day("2024-06-22"), text="A night train carried Mark Rutte home.", title="Night"),
            "blocks": page(events["blocks"], published="2024-06-25 09:00", text=BLOCKS, title="Who blocks whom"),
        }  # fmt: skip
        contenders = {
            "wire": ["mark-rutte", "klaus-iohannis"],
            "copy": ["mark-rutte", "klaus-iohannis"],
            "blocks": ["mark-rutte", "klaus-iohannis"],
        }
        named = [mention(row, "mark-rutte", RUTTE, watchlist_id=LIST) for row in rows.values()]
        named += [mention(rows[name], "klaus-iohannis", IOHANNIS, watchlist_id=LIST) for name in ("wire", "copy", "blocks")]
        named += [mention(rows["blocks"], "klaus-iohannis", IOHANNIS, number=1, watchlist_id=LIST)]
        said = [
            statement(rows["wire"], "HU", "mark-rutte", "Hungary backs Mark Rutte, its prime minister said.", watchlist_id=LIST),
            statement(rows["blocks"], "HU", "mark-rutte", "Hungary blocks Mark Rutte, a diplomat said.", watchlist_id=LIST, stance="opposes", status="reported"),
        ]  # fmt: skip
        world.add(
            *rows.values(),
            lists=[a for name, row in rows.items() for a in answers(row, [LIST], contenders.get(name, ()))],
            mentions=named,
            page_endorsements=said,
        )
        publish_unaudited(world)
        late = fetch("late", "2024-07-03 00:30", outlet_id="polderpost")
        world.record(late)
        row = page(late, published="2024-06-18 18:00", text="Only now we print what Mark Rutte wrote.", title="A letter")
        world.add(row, lists=answers(row, [LIST]), mentions=[mention(row, "mark-rutte", RUTTE, watchlist_id=LIST)])
        publish_unaudited(world, run_id="run-two")
        return world.target


def d(number: int) -> date:
    return date(2024, 6, number)


# of each query its columns, and all its rows
ANSWERS: list[tuple[str, list[tuple[Any, ...]]]] = [
    (
        "week candidate_id mentions articles outlet_days unknown_outlet_days partial_outlet_days is_final",
        [
            (d(17), "mark-rutte", 5, 5, 25, 2, 2, True), (d(17), "klaus-iohannis", 2, 2, 25, 2, 2, True),
            (d(24), "klaus-iohannis", 2, 1, 28, 0, 0, True), (d(24), "mark-rutte", 1, 1, 28, 0, 0, True),
        ],
    ),
    (
        "candidate_id mentions list_mentions percent outlets outlet_days outlet_days_unknown outlet_days_partial",
        [("mark-rutte", 5, 9, 55.6, 3, 42, 2, 2), ("klaus-iohannis", 4, 9, 44.4, 3, 42, 2, 2)],  # without the one that joined
    ),
    (
        "country candidate_id mentions mentions_of_all outlets unknown_outlet_days",
        [
            ("BE", "klaus-iohannis", 1, 2, 1, 0), ("BE", "mark-rutte", 1, 2, 1, 0), ("GB", "klaus-iohannis", 0, 1, 1, 0), ("GB", "mark-rutte", 1, 1, 1, 0),
            ("NL", "klaus-iohannis", 1, 4, 1, 0), ("NL", "mark-rutte", 3, 4, 1, 0), ("NO", "klaus-iohannis", 2, 3, 1, 2), ("NO", "mark-rutte", 1, 3, 1, 2),
        ],
    ),
    (
        "broken_by title broken_at followed_by copy_kind minutes_later",
        [("noordzee-wire", "Hungary lifts its objection", at("2024-06-18 10:00"), "polderpost", "exact", 120)],
    ),
    (
        "candidate_id wire_agency articles outlets stories mentions",
        [("klaus-iohannis", "noordzee-wire", 1, 1, 1, 1), ("mark-rutte", "noordzee-wire", 1, 1, 1, 1)],
    ),
    (
        "outlet_id days days_known day status reason",
        [
            ("fjord", 14, 12, d(17), "partial", "gap"), ("fjord", 14, 12, d(18), "outage", "timeout"), ("fjord", 14, 12, d(19), "outage", "timeout"),
            ("fjord", 14, 12, d(20), "partial", "gap"),
        ],
    ),
    (
        "title url field surface sentence rule",
        [
            ("Hongarije gaat om", "https://polderpost.example/copy", "text", RUTTE, WIRE, "full_name"),
            ("A letter", "https://polderpost.example/late", "text", RUTTE, "Only now we print what Mark Rutte wrote.", "full_name"),
            ("Boxes", "https://polderpost.example/office", "text", RUTTE, "On his last day Mark Rutte packs boxes.", "full_name"),
        ],
    ),
    ("candidate_id stance countries which", [(None, "no statement found", 2, "DE FR"), ("mark-rutte", "supports", 1, "HU")]),
    (
        "revised_on outlet_id day candidate_id measure before after reason",
        [
            (date(2024, 7, 31), "polderpost", d(18), "mark-rutte", "articles", 2.0, 3.0, "late_arrival"),
            (date(2024, 7, 31), "polderpost", d(18), "mark-rutte", "mentions", 2.0, 3.0, "late_arrival"),
        ],
    ),
    (
        "brussels_day candidate_id articles race_articles off_contest outlets outlets_unknown outlets_partial",
        [(d(18), "mark-rutte", 4, 2, 2, 3, 1, 0), (d(18), "klaus-iohannis", 2, 2, 0, 3, 1, 0), (d(22), "mark-rutte", 1, 0, 1, 4, 0, 0)],
    ),
]  # fmt: skip


def test_there_are_ten() -> None:
    text = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert len(DOCUMENTED) == len(ANSWERS) == 10
    assert len(re.findall(r"^## \d+\. .+\?$", text, flags=re.MULTILINE)) == 10
    assert len(re.findall(r"^How to read it: ", text, flags=re.MULTILINE)) == 10


@pytest.mark.parametrize("number", range(1, 11))
def test_a_documented_query_gives_what_is_known_by_hand(published: Path, number: int) -> None:
    columns, expected = ANSWERS[number - 1]
    found = run_query(published, DOCUMENTED[number - 1])
    assert found.columns == columns.split()
    assert found.rows() == expected


# of the README's queries: what tells each one, its columns, and a row that it gives
TOLD = {
    "date_trunc('week', day)": ("week candidate_id mentions articles_on_the_contest unknown_outlet_days", (d(17), "mark-rutte", 5, 2, 2)),
    "FROM mentions\nJOIN articles": ("title url surface sentence", ("Boxes", "https://polderpost.example/office", RUTTE, "On his last day Mark Rutte packs boxes.")),
    "AS broken_by": ("broken_by title outlet_count run_by", ("noordzee-wire", "Hungary lifts its objection", 2, ["polderpost"])),
    "status <> 'complete'": ("outlet_id day status reason", ("fjord", d(18), "outage", "timeout")),
    "FROM positions_on(": ("endorser name candidate_id stance status changed_on speaker", ("HU", "Hungary", "mark-rutte", "supports", "stated", d(18), None)),
    "WHERE flag IS NOT NULL": ("endorser candidate_id stance changed_on flag evidence", ("HU", "mark-rutte", "opposes", d(25), "contradicts", "Hungary blocks Mark Rutte, a diplomat said.")),
    "NOT IN (SELECT article_id FROM article_watchlists": ("published_on outlet_id title named", (d(22), "herald", "Night", ["mark-rutte"])),
}  # fmt: skip


@pytest.mark.parametrize("query", README, ids=range(1, len(README) + 1))
def test_a_query_of_the_readme_answers_rightly(published: Path, query: str) -> None:
    columns, row = next(told for part, told in TOLD.items() if part in query)
    found = run_query(published, query)
    assert found.columns[: len(columns.split())] == columns.split()
    assert row in [tuple(values) for values in found.select(pl.col(columns.split())).rows()]
