"""The comparison with the truth, on a small made-up file that holds everything once: an equal file passes, every kind of damage is seen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb
import pytest
from support import ROOT

from demo.compare import CONTEST, World, differences, everything
from demo.facts import ArticleFact, DayFact, Facts, LedgerFact, MentionFact, PositionFact
from demo.recount import Contest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.compare import Table

WORLD = World(
    hosts={"wire": "wire.example", "post": "post.example"},
    zones={"wire": ZoneInfo("Europe/Brussels"), "post": ZoneInfo("America/New_York")},
    contests=(Contest(id=CONTEST, first_day=date(2024, 6, 2), last_day=date(2024, 6, 30), candidates=("ann", "bob")),),
    endorsers=("AA", "BB"),
    withdrew_on={"bob": date(2024, 6, 5)},
    first_poll=datetime(2024, 6, 3, 5, tzinfo=UTC),
    last_poll=datetime(2024, 6, 6, 5, tzinfo=UTC),
)
MADE_UP = Facts(
    articles=(
        ArticleFact(
            outlet_id="wire",
            path="/a",
            outcome="published",
            title="Ann & Bob",
            published_on=date(2024, 6, 3),
            date_precision="second",
            language="en",
            in_race=True,
            mentions=(
                MentionFact(candidate="ann", count=3, in_title=True, in_race=True),
                MentionFact(candidate="bob", count=1, in_title=True),
            ),
            positions=(
                PositionFact(endorser="AA", candidate="ann", stance="supports", status="stated", speaker="Zoe Q", said_on=date(2024, 6, 2)),
                PositionFact(endorser="AA", candidate="bob", stance="opposes", status="reported"),
                PositionFact(endorser="BB", candidate="bob", stance="withholds", status="reported", open=True),
            ),
        ),
        ArticleFact(
            outlet_id="wire",
            path="/b",
            outcome="published",
            title="Again",
            published_on=date(2024, 6, 3),
            date_precision="day",
            language="en",
            in_race=True,
            copy_kind="near",
            copy_of="wire/a",
            wire="wire",
            mentions=(MentionFact(candidate="ann", count=2, in_race=True),),
        ),
        ArticleFact(
            outlet_id="post", path="/c", outcome="published", title="Rain", date_precision="none", language="en", uncounted="undated"
        ),
        ArticleFact(outlet_id="post", path="/d", outcome="rejected:robots"),
        ArticleFact(
            outlet_id="post",
            path="/early",
            outcome="published",
            title="Early",
            published_on=date(2024, 5, 30),
            date_precision="day",
            language="en",
            uncounted="off_panel",
        ),
    ),
    days=(
        DayFact(outlet_id="wire", day=date(2024, 6, 4), status="outage"),
        DayFact(outlet_id="post", day=date(2024, 6, 3), status="partial"),
    ),
    positions=(
        LedgerFact(endorser="AA", candidate="ann", stance="supports", status="stated", speaker="Zoe Q", changed_on=date(2024, 6, 2)),
        LedgerFact(endorser="AA", candidate="bob", stance="opposes", status="reported", changed_on=date(2024, 6, 3)),
    ),
)


@pytest.fixture
def file() -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file that MADE_UP describes, written by hand."""
    with duckdb.connect() as con:
        con.execute((ROOT / "warehouse" / "published.sql").read_text(encoding="utf-8"))

        def put(table: str, columns: str, *rows: str) -> None:
            con.execute(f"INSERT INTO {table} ({columns}) VALUES {', '.join(f'({r})' for r in rows)}")

        columns = (
            "article_id, outlet_id, url, title, authors, language, published_on, date_precision, first_seen_at, access,"
            " copy_kind, copy_of, story_id, wire_agency"
        )
        seen = "'2024-06-03 05:00:00+00', 'full'"
        put(
            "articles",
            columns,
            f"'A', 'wire', 'http://wire.example/a', 'Ann & Bob', [], 'en', '2024-06-03', 'second', {seen}, 'original', NULL, 'A', NULL",
            f"'B', 'wire', 'http://wire.example/b', 'Again', [], 'en', '2024-06-03', 'day', {seen}, 'near', 'A', 'A', 'wire'",
            f"'C', 'post', 'http://post.example/c', 'Rain', [], 'en', NULL, 'none', {seen}, 'original', NULL, 'C', NULL",
            f"'E', 'post', 'http://post.example/early', 'Early', [], 'en', '2024-05-30', 'day', {seen}, 'original', NULL, 'E', NULL",
        )
        put("uncounted", "article_id, reason", "'C', 'undated'", "'E', 'off_panel'")
        put("article_watchlists", "article_id, watchlist_id, in_race", *[f"'{a}', '{CONTEST}', {a in 'AB'}" for a in "ABCE"])
        put(
            "article_candidates",
            "article_id, candidate_id, mention_count, in_title, in_lead, in_race",
            "'A', 'ann', 3, true, true, true",
            "'A', 'bob', 1, true, true, false",
            "'B', 'ann', 2, false, true, true",
        )
        spans = [*["'A', 'ann'"] * 3, "'A', 'bob'", *["'B', 'ann'"] * 2]
        put(
            "mentions",
            "article_id, candidate_id, field, char_start, char_end, surface, sentence, rule",
            *[f"{who}, 'text', {n}, {n + 3}, 'x', 'x', 'x'" for n, who in enumerate(spans)],
        )
        put(
            "stories",
            "story_id, lead_article_id, article_count, outlet_count",
            "'A', 'A', 2, 1",
            "'C', 'C', 1, 1",
            "'E', 'E', 1, 1",
        )
        put(
            "outcomes",
            "run_id, item_id, outlet_id, url, outcome, reason, visit",
            "'1', 'a', 'wire', 'http://wire.example/a', 'deferred', 'timeout', 0",
            "'2', 'a', 'wire', 'http://wire.example/a', 'published', NULL, 0",
            "'2', 'b', 'wire', 'http://wire.example/b', 'published', NULL, 0",
            "'2', 'c', 'post', 'http://post.example/c', 'published', NULL, 0",
            "'2', 'd', 'post', 'http://post.example/d', 'rejected', 'robots', 0",
            "'2', 'e', 'post', 'http://post.example/early', 'published', NULL, 0",
            "'3', 'b', 'wire', 'http://wire.example/b', 'unchanged', NULL, 1",
        )
        put(
            "candidates",
            "candidate_id, watchlist_id, name, country, withdrew_on",
            f"'ann', '{CONTEST}', 'Ann', 'AA', NULL",
            f"'bob', '{CONTEST}', 'Bob', 'BB', '2024-06-05'",
        )
        put("endorsers", "watchlist_id, endorser, name", f"'{CONTEST}', 'AA', 'Alpha'", f"'{CONTEST}', 'BB', 'Beta'")
        put(
            "endorsements",
            "article_id, watchlist_id, endorser, candidate_id, stance, status, speaker, said_on, evidence, is_first_report, relation,"
            " is_after_decision, field, char_start, char_end, rule",
            f"'A', '{CONTEST}', 'AA', 'ann', 'supports', 'stated', 'Zoe Q', '2024-06-02', 'x', true, 'first', false, 'text', 0, 1, 'x'",
            f"'A', '{CONTEST}', 'AA', 'bob', 'opposes', 'reported', NULL, NULL, 'x', true, 'first', false, 'text', 0, 1, 'x'",
        )
        put(
            "positions",
            "watchlist_id, endorser, candidate_id, number, changed_on, date_precision, date_basis, stance, status, speaker,"
            " first_article_id, evidence, confirmations",
            f"'{CONTEST}', 'AA', 'ann', 1, '2024-06-02', 'day', 'said', 'supports', 'stated', 'Zoe Q', 'A', 'x', 0",
            f"'{CONTEST}', 'AA', 'bob', 1, '2024-06-03', 'day', 'published', 'opposes', 'reported', NULL, 'A', 'x', 0",
        )
        statuses = {("wire", 4): "outage", ("post", 3): "partial"}
        for outlet in ("wire", "post"):
            for day in (3, 4, 5, 6):
                status = statuses.get((outlet, day), "complete")
                key = f"'{outlet}', '2024-06-0{day}'"
                put(
                    "collection_health",
                    "outlet_id, day, status, discovered, known, fetched, new, rejected, failed",
                    f"{key}, '{status}', 0, 0, 0, 0, 0, 0",
                )
                final = day == 3
                for candidate in ("ann", "bob"):
                    counts = (
                        {"ann": "2, 2, 1, 1, 5, 2, 5/6", "bob": "1, 0, 1, 1, 1, 2, 1/6"}[candidate] if (outlet, day) == ("wire", 3) else ""
                    )
                    counts = counts or ("NULL, " * 6 + "NULL" if status == "outage" else "0, 0, 0, 0, 0, 0, NULL")
                    put(
                        "coverage_by_outlet_day",
                        "outlet_id, day, watchlist_id, candidate_id, articles, race_articles, unique_articles, originals, mentions,"
                        " total_articles, share_of_voice, collection_status, is_final",
                        f"{key}, '{CONTEST}', '{candidate}', {counts}, '{status}', {final}",
                    )
        yield con


def test_an_equal_file_has_no_differences(file: duckdb.DuckDBPyConnection) -> None:
    assert {table: lines for table, lines in everything(file, MADE_UP, WORLD).items() if lines} == {}


@pytest.mark.parametrize(
    ("table", "damage", "word"),
    [
        (
            "outcomes",
            "UPDATE outcomes SET reason = 'forbidden' WHERE item_id = 'd'",
            "outcome is 'rejected:forbidden', expected 'rejected:robots'",
        ),
        ("outcomes", "DELETE FROM outcomes WHERE item_id = 'b'", "wire/b: is missing"),
        ("outcomes", "DELETE FROM outcomes WHERE outcome = 'published' AND item_id = 'a'", "outcome is 'deferred:timeout'"),
        (
            "outcomes",
            "INSERT INTO outcomes SELECT '4', * EXCLUDE (run_id) FROM outcomes WHERE item_id = 'b' AND visit = 0",
            "'published, then published'",
        ),
        ("outcomes", "UPDATE outcomes SET url = url || '?x' WHERE item_id = 'd'", "http://post.example/d?x: is not in the truth"),
        ("versions", "INSERT INTO article_versions VALUES ('A', '2024-06-04 05:00:00+00', 'Ann', 'title')", "wire/a: is not in the truth"),
        ("articles", "DELETE FROM articles WHERE article_id = 'C'", "post/c: is missing"),
        (
            "articles",
            "UPDATE articles SET url = 'http://post.example/z' WHERE article_id = 'C'",
            "http://post.example/z: is not in the truth",
        ),
        ("articles", "UPDATE articles SET title = 'Ann &amp; Bob' WHERE article_id = 'A'", "title is 'Ann &amp; Bob'"),
        ("articles", "UPDATE articles SET published_on = '2024-06-04' WHERE article_id = 'A'", "published_on is"),
        ("articles", "UPDATE articles SET published_on = '2024-06-04' WHERE article_id = 'C'", "expected None"),
        ("articles", "UPDATE articles SET date_precision = 'second' WHERE article_id = 'B'", "date_precision is"),
        ("articles", "UPDATE articles SET language = 'nl' WHERE article_id = 'A'", "language is"),
        ("articles", "UPDATE articles SET wire_agency = NULL WHERE article_id = 'B'", "wire_agency is"),
        ("articles", "UPDATE articles SET wire_agency = 'wire' WHERE article_id = 'A'", "wire_agency is"),
        ("articles", "UPDATE articles SET copy_kind = 'exact' WHERE article_id = 'B'", "copy_kind is"),
        ("articles", "UPDATE articles SET copy_of = 'C' WHERE article_id = 'B'", "copy_of is 'post/c', expected 'wire/a'"),
        ("articles", "UPDATE articles SET story_id = 'B' WHERE article_id = 'B'", "story is 'wire/b'"),
        ("articles", "UPDATE article_watchlists SET in_race = NOT in_race WHERE article_id = 'A'", "in_race is"),
        ("articles", "DELETE FROM article_watchlists WHERE article_id = 'C'", "in_race is None"),
        ("articles", "DELETE FROM uncounted WHERE article_id = 'C'", "uncounted is None, expected 'undated'"),
        ("articles", "INSERT INTO uncounted VALUES ('A', 'future')", "uncounted is 'future'"),
        ("mentions", "UPDATE article_candidates SET mention_count = 4 WHERE candidate_id = 'bob'", "mention_count is 4, expected 1"),
        ("mentions", "UPDATE article_candidates SET in_title = true WHERE article_id = 'B'", "in_title is"),
        ("mentions", "UPDATE article_candidates SET in_race = true WHERE candidate_id = 'bob'", "in_race is"),
        ("mentions", "DELETE FROM article_candidates WHERE candidate_id = 'bob'", "mention_count is None"),
        ("mentions", "INSERT INTO article_candidates VALUES ('C', 'bob', 1, false, false, false)", "post/c bob: is not in the truth"),
        ("mentions", "DELETE FROM mentions WHERE char_start = 0", "spans is 2, expected 3"),
        ("mentions", "UPDATE mentions SET candidate_id = 'bob' WHERE article_id = 'B'", "wire/b bob: is not in the truth"),
        ("stories", "UPDATE stories SET article_count = 3 WHERE story_id = 'A'", "article_count is 3"),
        ("stories", "UPDATE stories SET outlet_count = 2 WHERE story_id = 'A'", "outlet_count is 2"),
        ("stories", "DELETE FROM stories WHERE story_id = 'C'", "is missing"),
        ("days", "UPDATE collection_health SET status = 'complete' WHERE status = 'outage'", "status is 'complete', expected 'outage'"),
        ("days", "DELETE FROM collection_health WHERE outlet_id = 'wire' AND day = '2024-06-06'", "wire 2024-06-06: is missing"),
        (
            "days",
            "INSERT INTO collection_health VALUES ('wire', '2024-06-07', 'complete', NULL, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL)",
            "is not in the truth",
        ),
        ("cells", "UPDATE coverage_by_outlet_day SET articles = 0 WHERE collection_status = 'outage'", "articles is 0, expected None"),
        ("cells", "UPDATE coverage_by_outlet_day SET total_articles = NULL WHERE day = '2024-06-05'", "total_articles is None, expected 0"),
        ("cells", "UPDATE coverage_by_outlet_day SET race_articles = 1 WHERE candidate_id = 'bob'", "race_articles is 1, expected 0"),
        ("cells", "UPDATE coverage_by_outlet_day SET unique_articles = 2 WHERE unique_articles = 1", "unique_articles is 2, expected 1"),
        ("cells", "UPDATE coverage_by_outlet_day SET originals = 2 WHERE originals = 1", "originals is 2, expected 1"),
        ("cells", "UPDATE coverage_by_outlet_day SET mentions = mentions + 1", "mentions is 6, expected 5"),
        ("cells", "UPDATE coverage_by_outlet_day SET share_of_voice = 0.83 WHERE share_of_voice > 0.5", "share_of_voice is 0.83"),
        (
            "cells",
            "UPDATE coverage_by_outlet_day SET share_of_voice = 0 WHERE share_of_voice IS NULL",
            "share_of_voice is 0.0, expected None",
        ),
        ("cells", "UPDATE coverage_by_outlet_day SET collection_status = 'partial' WHERE day = '2024-06-05'", "collection_status is"),
        ("cells", "UPDATE coverage_by_outlet_day SET is_final = true", "is_final is True"),
        ("cells", "DELETE FROM coverage_by_outlet_day WHERE day = '2024-06-06' AND candidate_id = 'bob'", "is missing"),
        ("cells", "UPDATE coverage_by_outlet_day SET candidate_id = 'eve' WHERE candidate_id = 'bob'", "eve: is not in the truth"),
        ("endorsements", "DELETE FROM endorsements WHERE candidate_id = 'ann'", "wire/a AA ann: is missing"),
        ("endorsements", "UPDATE endorsements SET article_id = 'B'", "wire/b AA ann: is not in the truth"),
        ("endorsements", "UPDATE endorsements SET stance = 'opposes'", "stance is 'opposes', expected 'supports'"),
        ("endorsements", "UPDATE endorsements SET status = 'reported'", "status is 'reported', expected 'stated'"),
        ("endorsements", "UPDATE endorsements SET speaker = NULL", "speaker is None, expected 'Zoe Q'"),
        (
            "endorsements",
            "UPDATE endorsements SET said_on = NULL",
            "counts_on is datetime.date(2024, 6, 3), expected datetime.date(2024, 6, 2)",
        ),
        (
            "endorsements",
            "UPDATE endorsements SET endorser = 'BB' WHERE candidate_id = 'bob'",
            "wire/a BB bob: stance is 'opposes', expected 'withholds'",
        ),
        ("positions", "DELETE FROM positions WHERE candidate_id = 'bob'", "AA bob 1: is missing"),
        ("positions", "UPDATE positions SET number = 2 WHERE candidate_id = 'bob'", "AA bob 2: is not in the truth"),
        ("positions", "UPDATE positions SET stance = 'withholds'", "stance is 'withholds', expected 'supports'"),
        ("positions", "UPDATE positions SET status = 'conditional'", "status is 'conditional', expected 'stated'"),
        ("positions", "UPDATE positions SET speaker = 'Zoe R'", "speaker is 'Zoe R', expected 'Zoe Q'"),
        ("positions", "UPDATE positions SET changed_on = '2024-06-03'", "changed_on is"),
        ("positions", "UPDATE positions SET flag = 'reverses'", "flag is 'reverses', expected None"),
        ("boards", "UPDATE positions SET changed_on = '2024-04-05'", "2024-04-05 AA ann: is not in the truth"),
        ("boards", "UPDATE candidates SET withdrew_on = NULL", "2024-06-21 AA bob: is not in the truth"),
        ("boards", "UPDATE positions SET flag = 'contradicts'", "2024-06-21 AA ann: is missing"),
        ("boards", "DELETE FROM endorsers WHERE endorser = 'BB'", "2024-02-23 BB None: is missing"),
        ("grains", "INSERT INTO positions FROM positions LIMIT 1", "positions: 2 rows"),
        ("grains", "INSERT INTO endorsements FROM endorsements LIMIT 1", "endorsements: 2 rows"),
        ("grains", "INSERT INTO coverage_by_outlet_day FROM coverage_by_outlet_day LIMIT 1", "coverage_by_outlet_day: 2 rows"),
        ("grains", "INSERT INTO articles SELECT 'A2', * EXCLUDE (article_id) FROM articles WHERE article_id = 'A'", "articles: 2 rows"),
    ],
)
def test_every_kind_of_damage_is_seen(file: duckdb.DuckDBPyConnection, table: str, damage: str, word: str) -> None:
    file.execute(damage).fetchall()
    lines = everything(file, MADE_UP, WORLD)[table]
    assert any(word in line for line in lines), lines


def test_an_open_position_may_be_there_or_not_but_not_otherwise(file: duckdb.DuckDBPyConnection) -> None:
    file.execute(
        "INSERT INTO endorsements BY NAME SELECT * REPLACE ('BB' AS endorser, 'withholds' AS stance, 'stated' AS status) FROM endorsements"
        " WHERE candidate_id = 'bob'"
    ).fetchall()
    assert everything(file, MADE_UP, WORLD)["endorsements"] == []
    file.execute("UPDATE endorsements SET stance = 'supports' WHERE endorser = 'BB'").fetchall()
    assert everything(file, MADE_UP, WORLD)["endorsements"] == ["endorsement in wire/a BB bob: stance is 'supports', expected 'withholds'"]


def test_all_differences_are_listed_not_the_first_only() -> None:
    expected: Table = {"a": {"x": 1, "y": 2}, "b": {"x": 1}}
    actual: Table = {"a": {"x": 0, "y": 0}, "c": {"x": 1}}
    assert differences("row", expected, actual) == [
        "row a: x is 0, expected 1",
        "row a: y is 0, expected 2",
        "row b: is missing; expected {'x': 1}",
        "row c: is not in the truth; published as {'x': 1}",
    ]
