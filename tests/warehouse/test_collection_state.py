"""What a collector is told of the record before it polls: sources, times to come back at, articles to look at again."""

# ruff: noqa: E501 (rows)

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import builders as b
import duckdb
import pytest
from builders import World, at, fetch, mention, page, poll

from transforms.records import CollectionState, Revisit, SourceKind, SourceState, StoredBody
from warehouse import database, load
from warehouse.database import attach, open_warehouse, sql

FEED = "https://post.example/feed"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def state(world: World) -> CollectionState:
    return load.collection_state(world.connection)


def source(world: World, name: str = "feed") -> SourceState:
    return state(world).sources["post", f"https://post.example/{name}"]


def stored(record_id: str = "r", fetched_at: str = "2024-07-01T06:00:00Z") -> dict[str, str]:
    return {"digest": f"sha1:{record_id}", "record_id": record_id, "url": FEED, "fetched_at": fetched_at}


# ---- sources


def test_how_the_last_poll_left_a_source(world: World) -> None:
    world.record(
        poll(
            "2024-07-01 06:00", etag='"1"', last_modified="Mon", failures=0, failing=0.0, interval_minutes=60.0, due_at="2024-07-01 07:00",
            moved_to="https://post.example/new", stands_for="https://post.example/old", warc_file="2024/07/a.warc.gz", warc_offset=77, body=stored(),
            kind="sitemap",
        )
    )  # fmt: skip
    assert source(world) == SourceState(
        kind=SourceKind.SITEMAP, last_polled_at=at("2024-07-01 06:00"), last_answered_at=at("2024-07-01 06:00"), etag='"1"', last_modified="Mon",
        failures=0, failing=0.0, interval_minutes=60.0, due_at=at("2024-07-01 07:00"), moved_to="https://post.example/new",
        stands_for="https://post.example/old",
        body=StoredBody(digest="sha1:r", record_id="r", url=FEED, fetched_at=at("2024-07-01 06:00"), file="2024/07/a.warc.gz", offset=77),
    )  # fmt: skip


def test_a_failure_keeps_validators_and_body_of_the_answer_before(world: World) -> None:
    world.record(
        poll("2024-07-01 06:00", etag='"1"', warc_file="a", warc_offset=0, body=stored()),
        poll(
            "2024-07-01 07:00", "failed", reason="not_a_feed", failures=1, failing=0.04, warc_file="a", warc_offset=9, body=stored("html")
        ),
    )
    found = source(world)
    assert (found.last_polled_at, found.last_answered_at) == (at("2024-07-01 07:00"), at("2024-07-01 06:00"))
    assert (found.etag, found.failures, found.failing) == ('"1"', 1, 0.04)
    assert found.body is not None
    assert found.body.record_id == "r"


def test_an_answer_without_validators_clears_those_before(world: World) -> None:
    world.record(poll("2024-07-01 06:00", etag='"1"', last_modified="Mon", moved_to="https://post.example/new"), poll("2024-07-01 07:00"))
    found = source(world)
    assert (found.etag, found.last_modified, found.moved_to) == (None, None, None)


def test_a_body_in_a_file_that_was_pruned_is_none(world: World) -> None:
    pruned = {"event": "prune", "run_id": "r", "warc_file": "old", "pruned_at": "2024-08-01T00:00:00Z", "bytes": 10}
    world.record(poll("2024-07-01 06:00", etag='"1"', warc_file="old", warc_offset=0, body=stored()), pruned)
    found = source(world)
    assert (found.body, found.etag) == (None, '"1"')


def test_a_source_that_never_answered(world: World) -> None:
    world.record(poll("2024-07-01 06:00", "failed", reason="dns", failures=1, failing=0.0, due_at="2024-07-01 07:00"))
    assert source(world) == SourceState(last_polled_at=at("2024-07-01 06:00"), failures=1, due_at=at("2024-07-01 07:00"))


def test_a_poll_of_an_older_program_is_enough(world: World) -> None:
    world.record(poll("2024-07-01 06:00"))
    assert source(world) == SourceState(last_polled_at=at("2024-07-01 06:00"), last_answered_at=at("2024-07-01 06:00"))


# ---- times to come back at


def test_an_outlet_is_held_until_the_latest_time_that_it_named(world: World) -> None:
    world.record(
        poll("2024-07-01 06:00", "failed", reason="rate_limited", retry_at="2024-07-01 09:00"),
        poll("2024-07-01 07:00"),
        fetch("a", "2024-07-01 06:30", "deferred", reason="rate_limited", retry_at=b.stamp("2024-07-03 00:00")),
        fetch("b", "2024-07-01 06:31", "deferred", reason="rate_limited", retry_at=b.stamp("2024-07-02 00:00")),
        poll("2024-07-01 07:00", outlet_id="other"),
    )
    assert state(world).held_until == {"post": at("2024-07-03 00:00")}


# ---- articles to look at again


def read(world: World, url: str, *, mentions: bool = True, day: str = "2024-07-01", **values: Any) -> b.Row:
    event = fetch(
        url, f"{day} 08:00", **{key: values.pop(key) for key in ("etag", "last_modified", "body", "origin", "warc_file") if key in values}
    )
    world.record(event)
    row = page(event, **({"text": "Ann Stone spoke."} | values))
    world.add(row, mentions=[mention(row, "ann")] if mentions else [])
    return event


def look(world: World, url: str, visit: int, looked_at: str, result: str = "unchanged", **values: Any) -> None:
    world.record(fetch(url, looked_at, result, visit=visit, record_id=f"{url} {looked_at}", **values))


def revisits(world: World) -> list[tuple[str, int]]:
    return [(revisit.url.rpartition("/")[2], revisit.number) for revisit in state(world).revisits.get("post", ())]


def test_an_article_that_mentions_somebody_is_to_be_looked_at(world: World) -> None:
    event = read(world, "a", etag='"1"', last_modified="Mon", body=stored("page"))
    read(world, "b", mentions=False)
    assert state(world).revisits == {
        "post": (
            Revisit(
                item_id=event["item_id"], url="https://post.example/a", number=1, first_fetched_at=at("2024-07-01 08:00"), etag='"1"', last_modified="Mon",
                body=StoredBody(digest="sha1:page", record_id="page", url=FEED, fetched_at=at("2024-07-01 06:00"), file="a.warc.gz", offset=0),
            ),
        )
    }  # fmt: skip


@pytest.mark.parametrize(("result", "number"), [("unchanged", 2), ("fetched", 2), ("failed", 2), ("rejected", 2), ("deferred", 1)])
def test_a_look_that_took_place_is_counted(world: World, result: str, number: int) -> None:
    read(world, "a")
    look(world, "a", 1, "2024-07-02 08:00", result)
    assert revisits(world) == [("a", number)]
    (found,) = state(world).revisits["post"]
    assert found.first_fetched_at == at("2024-07-01 08:00")


def test_validators_and_body_are_those_of_the_last_answer(world: World) -> None:
    read(world, "a", etag='"1"', body=stored("one"))
    look(world, "a", 1, "2024-07-02 08:00", "fetched", etag='"2"', body=stored("two"))
    look(world, "a", 2, "2024-07-08 08:00", "failed", reason="not_found")
    (found,) = state(world).revisits["post"]
    assert (found.number, found.etag, found.body.record_id if found.body else None) == (3, '"2"', "two")


def test_several_addresses_of_an_article_are_one(world: World) -> None:
    read(world, "a?from=feed", canonical="a")
    read(world, "a", day="2024-07-02")
    read(world, "a?from=app", canonical="a", day="2024-07-03")
    assert revisits(world) == [("a", 1)]


def test_what_is_no_article_and_what_an_archive_holds_is_not_looked_at(world: World) -> None:
    read(world, "archived", origin="archive")
    event = fetch("refused", "2024-07-01 08:00")
    world.record(event)
    world.add(b.rejected(event, "no_text"), lists=[])
    assert revisits(world) == []


def test_an_article_that_no_longer_mentions_anybody_stays_on_the_list(world: World) -> None:
    read(world, "a")
    again = fetch("a", "2024-07-02 08:00", visit=1, record_id="again")
    world.record(again)
    world.add(page(again, text="Nobody spoke."))
    assert revisits(world) == [("a", 2)]


def test_the_oldest_comes_first(world: World) -> None:
    for url, day in (("c", "2024-07-03"), ("a", "2024-07-01"), ("b", "2024-07-02")):
        read(world, url, day=day)
    assert [url for url, _ in revisits(world)] == ["a", "b", "c"]


def test_a_look_does_not_make_an_item_wait_again(world: World) -> None:
    world.record(poll("2024-07-01 06:00", items=["a"]))
    read(world, "a")
    look(world, "a", 1, "2024-07-02 08:00", "deferred", reason="timeout")
    assert state(world).pending == {}


def test_items_are_known_since_they_were_first_seen(world: World) -> None:
    world.configure(b.configuration([b.outlet(), b.outlet("other")]))
    world.record(poll("2024-07-01 06:00", items=["a"]), poll("2024-07-02 06:00", known=1, items=["b"]))
    world.record(poll("2024-07-01 06:00", outlet_id="other", items=["a"]))
    known = state(world).known
    asked = [b.item_id("a"), b.item_id("b"), b.item_id("a", "other")]
    assert known["post"].which(asked).tolist() == [True, True, False]
    assert known["post"].which(asked, at("2024-07-01 06:00")).tolist() == [True, False, False]
    assert known["other"].which(asked).tolist() == [False, False, True]


# ---- a warehouse of the first schema


def test_a_warehouse_of_the_first_schema_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect() as connection:
        attach(connection, path, "warehouse")
        connection.execute("USE warehouse").fetchall()
        connection.execute("CREATE TABLE main.migrations (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL)").fetchall()
        number, name = database.migrations()[0]
        connection.execute(sql(f"migrations/{name}")).fetchall()
        connection.execute("INSERT INTO main.migrations VALUES (?, ?)", [number, name]).fetchall()
        for text in (
            "INSERT INTO collection.journals VALUES ('2024/07/a.jsonl')",
            """INSERT INTO collection.polls BY NAME SELECT 'run' AS run_id, 'post' AS outlet_id, 'https://post.example/feed' AS source_url,
            'feed' AS source_kind, TIMESTAMPTZ '2024-07-01 06:00:00+00' AS polled_at, 'ok' AS result, 2 AS listed, 0 AS known, '"1"' AS etag""",
            """INSERT INTO collection.items BY NAME SELECT '00000000000000aa' AS item_id, 'post' AS outlet_id, 'https://post.example/a' AS url,
            TIMESTAMPTZ '2024-07-01 06:00:00+00' AS first_seen_at, 'https://post.example/feed' AS source_url""",
            """INSERT INTO collection.items BY NAME SELECT '00000000000000bb' AS item_id, 'post' AS outlet_id, 'https://post.example/b' AS url,
            TIMESTAMPTZ '2024-07-01 06:00:00+00' AS first_seen_at, 'https://post.example/feed' AS source_url""",
            """INSERT INTO collection.fetches BY NAME SELECT 'record' AS fetch_id, 'own' AS origin, 'run' AS run_id, 'post' AS outlet_id,
            '00000000000000aa' AS item_id, 'https://post.example/a' AS url, TIMESTAMPTZ '2024-07-01 06:01:00+00' AS fetched_at, 'fetched' AS result,
            200 AS http_status, 'a.warc.gz' AS warc_file, 0 AS warc_offset, 1 AS attempt""",
            """INSERT INTO core.pages BY NAME SELECT 'record' AS fetch_id, 'own' AS origin, 'post' AS outlet_id, '00000000000000aa' AS item_id,
            'https://post.example/a' AS url, TIMESTAMPTZ '2024-07-01 06:01:00+00' AS fetched_at, TIMESTAMPTZ '2024-07-01 06:00:00+00' AS first_seen_at,
            'article' AS article_id, 'https://post.example/a' AS canonical_url, 'A title' AS title, 'Ann Stone spoke.' AS text, [] AS authors,
            DATE '2024-07-01' AS published_on, 'day' AS date_precision, 'full' AS access, 3 AS word_count, 'v' AS read_version""",
            """INSERT INTO core.page_mentions VALUES ('record', 'the-post', 'ann', 'text', 0, 9, 'Ann Stone', 'Ann Stone spoke.', 'full_name')""",
            """INSERT INTO core.outlets VALUES ('post', 'Post', 'GB', 'en', 'UTC', 'https://post.example/', false, NULL, NULL)""",
            """INSERT INTO history.runs BY NAME SELECT 'run' AS run_id, 'run' AS command, TIMESTAMPTZ '2024-07-01 06:00:00+00' AS started_at,
            'succeeded' AS status, '1' AS code_version, 'c' AS config_hash""",
            """INSERT INTO history.outcomes BY NAME SELECT 'run' AS run_id, '00000000000000aa' AS item_id, 'published' AS outcome""",
            """INSERT INTO history.revisions VALUES ('post', DATE '2024-07-01', 'ann', 'articles', 1, 2, 'late', 'run')""",
        ):
            connection.execute(text).fetchall()
        counts = _counts(connection)
    with open_warehouse(path) as connection:
        assert connection.execute("SELECT max(number) FROM main.migrations").fetchall() == [(database.SCHEMA_VERSION,)]
        assert {table: rows for table, rows in _counts(connection).items() if table in counts} == counts
        assert connection.execute("SELECT visit FROM collection.fetches UNION ALL SELECT visit FROM history.outcomes").fetchall() == [
            (0,),
            (0,),
        ]
        found = load.collection_state(connection)
        seen = datetime(2024, 7, 1, 6, tzinfo=UTC)
        assert found.sources == {("post", FEED): SourceState(last_polled_at=seen, last_answered_at=seen, etag='"1"')}
        assert [item.item_id for item in found.pending["post"]] == ["00000000000000bb"]
        assert [(again.item_id, again.number, again.body) for again in found.revisits["post"]] == [("00000000000000aa", 1, None)]
        assert len(found.known["post"]) == 2
        load.replace_configuration(connection, b.configuration())
        b.build_marts(connection)
        assert connection.execute("SELECT title FROM published.articles").fetchall() == [("A title",)]
        assert connection.execute("SELECT status FROM published.sources").fetchall() == [("healthy",)]


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'warehouse' AND table_name <> 'migrations' AND NOT temporary"
    ).fetchall()
    return {name: connection.execute(f"SELECT count(*) FROM warehouse.{name}").fetchall()[0][0] for (name,) in names}
