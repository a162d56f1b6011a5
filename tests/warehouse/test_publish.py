"""From core to the published file: the same rows whatever the way there, and one file replaced as a whole or not at all."""

# ruff: noqa: E501 (rows)

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import builders as b
import duckdb
import pytest
from builders import World, answers, day, fetch, mention, page, poll

from warehouse import load, publish
from warehouse.audit import QualityResult
from warehouse.database import SCHEMA_VERSION, open_published, sql
from warehouse.publish import CONTENT_TABLES, HISTORY_TABLES, Publication

TOLD = "Ann Stone told reporters on Monday that she would not stand down, come what may, and left the hall with Bob Stone."
OUTLETS = [b.outlet("post", timezone="America/New_York"), b.outlet("wire", agency=True), b.outlet("late", panel_from=day("2024-07-03"))]
LISTS = [b.watchlist("one", ["ann"]), b.watchlist("two", ["bob", "eve"], since="2024-07-02")]
SUPPRESS = [{"article_id": b.article_id("b", "late"), "candidate_id": "bob", "reason": "a bridge"}]
Batch = dict[str, list[b.Row]]  # staging table → rows: of one page


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


@pytest.fixture
def unaudited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the audit is not what a test is about, it costs more than all the rest."""
    monkeypatch.setattr(publish, "audit", lambda connection, stage, **asked: [])


def newsroom() -> tuple[list[b.Row], list[Batch]]:
    """The events of some days and the pages read from them: copies, versions, doubles, rejections, undated and suppressed ones."""
    events: list[b.Row] = []
    batches: list[Batch] = []
    for outlet_id in ("post", "wire", "late"):
        events += [poll(f"2024-07-0{n} 06:00", outlet_id=outlet_id, known=n % 3, items=["a", "b"] if n == 1 else []) for n in range(1, 6)]
        for name, hour, published in (
            ("a", 8, "2024-07-02 07:00"),
            ("b", 9, "2024-07-04"),
            ("a?x", 10, "2024-07-02 07:00"),
            ("c", 11, None),
            ("bad", 12, None),
        ):
            event = fetch(name, f"2024-07-04 {hour:02}:00", outlet_id=outlet_id)
            events.append(event)
            if name == "bad":
                batches.append({"pages": [b.rejected(event, "no_text")]})
                continue
            text = TOLD if name != "c" else f"Bob Stone was nowhere to be seen in {outlet_id}."
            row = page(event, canonical=name.partition("?")[0], text=text, published=published, wire_agency="wire" if name == "b" else None)
            found = [mention(row, "bob", watchlist_id="two")] + ([mention(row, "ann", watchlist_id="one")] if name != "c" else [])
            batch = answered(row, found, in_race=["bob"] if name == "a" else [])
            if name == "a":
                batch["page_endorsements"] = [b.statement(row, watchlist_id="one", status="reported")]
            batches.append(batch)
        # two captures of one moment that differ
        for number, title in enumerate(("Left", "Right")):
            twin = fetch("d", "2024-07-04 13:00", outlet_id=outlet_id, origin="archive", record_id=f"twin-{number}-{outlet_id}")
            events.append(twin)
            row = page(twin, text=f"Bob Stone, {title} of {outlet_id}.", title=title, published="2024-07-03 07:00")
            batches.append(answered(row, [mention(row, "bob", watchlist_id="two")]))
        again = fetch("a", "2024-07-05 08:00", outlet_id=outlet_id, record_id=f"again-{outlet_id}", item_id="again")
        events.append(again)
        row = page(again, text=TOLD, title="Changed", published="2024-07-02 07:00")
        batches.append(answered(row, [mention(row, "ann", watchlist_id="one")]) | found_in(row))
    return events, batches


def answered(row: b.Row, found: list[b.Row], in_race: Sequence[str] = ()) -> Batch:
    return {"pages": [row], "page_watchlists": answers(row, ["one", "two"], in_race=in_race), "page_mentions": found}


def found_in(row: b.Row) -> Batch:
    return {
        "page_endorsements": [b.statement(row, watchlist_id="one")],
        "page_quotes": [b.quote(row, "she would not stand down", watchlist_id="one", is_direct=False)],
        "page_references": [b.reference(row, "reporters", watchlist_id="one")],
    }


def load_newsroom(
    world: World, split: Sequence[Sequence[Batch]], outlets: Sequence[b.Row] = OUTLETS, lists: Sequence[b.Row] = LISTS
) -> None:
    world.configure(b.configuration(outlets, lists, SUPPRESS))
    world.record(*newsroom()[0])
    for batches in split:
        load.stage(world.connection, batches)
        world.commit()


def shut(publication: Publication) -> str:
    assert publication.snapshot_hash is not None, [r for r in publication.results if not r.success]
    return publication.snapshot_hash


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {table: b.rows(path, f"FROM {table} ORDER BY ALL") for table in CONTENT_TABLES}


# ---- the same rows whatever the way there


def test_content_does_not_depend_on_order_split_repetition_or_the_order_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = newsroom()[1]
    shuffled = random.Random(7).sample(batches, len(batches))
    ways: list[tuple[list[list[Batch]], Sequence[b.Row], Sequence[b.Row]]] = [
        ([batches], OUTLETS, LISTS),
        ([batches[::-1]], OUTLETS[::-1], LISTS[::-1]),
        ([[entry] for entry in shuffled], OUTLETS, LISTS),
        ([shuffled[:5], shuffled[3:], batches], OUTLETS[1:] + OUTLETS[:1], LISTS[::-1]),
    ]
    found = []
    for number, (split, outlets, lists) in enumerate(ways):
        (tmp_path / str(number)).mkdir()
        with b.world(tmp_path / str(number)) as world:
            load_newsroom(world, split, outlets, lists)
            found.append((shut(world.publish()), content(world.target)))
            monkeypatch.setattr(publish, "audit", lambda connection, stage, **asked: [])  # once is enough
            assert shut(world.publish(run_id="again")) == found[-1][0]
    for other in found[1:]:
        assert other == found[0]
    for table in CONTENT_TABLES:
        assert found[0][1][table], f"{table} is empty: the comparison says nothing of it"


# ---- the hash


def test_the_hash_changes_with_every_cell_and_with_nothing_else(world: World) -> None:
    load_newsroom(world, [newsroom()[1]])
    world.build()
    connection = world.connection
    before = publish.content_hash(connection, "published")
    seen = {before}
    for table, (column, kind) in [(t, c) for t in CONTENT_TABLES for c in b.columns(connection, f"published.{t}").items()]:
        other = {
            "VARCHAR": "coalesce({0} || '.', 'x')", "BOOLEAN": "NOT {0}", "DATE": "coalesce({0} + 1, DATE '2024-01-01')", "INTEGER": "{0} + 1", "BIGINT": "coalesce({0} + 1, 0)",
            "DOUBLE": "coalesce({0} + 1e-9, 0)", "VARCHAR[]": "list_append({0}, '')", "TIMESTAMP WITH TIME ZONE": "coalesce({0} + INTERVAL 1 MICROSECOND, now())",
        }[kind].format(column)  # fmt: skip
        connection.begin()
        connection.execute(f"UPDATE published.{table} SET {column} = {other} WHERE rowid = (SELECT min(rowid) FROM published.{table})")
        changed = publish.content_hash(connection, "published")
        connection.rollback()
        assert changed not in seen, f"{table}.{column}"
        seen.add(changed)
    connection.execute("CREATE TABLE published.copy AS FROM published.mentions ORDER BY rowid DESC")
    connection.execute("DELETE FROM published.mentions; INSERT INTO published.mentions FROM published.copy")
    assert publish.content_hash(connection, "published") == before


def test_doubled_rows_do_not_cancel_out(world: World) -> None:
    world.build()
    hashes = []
    for names in (["a", "a"], ["b", "b"], ["a"], []):
        world.connection.execute("DELETE FROM published.uncounted")
        for name in names:
            world.connection.execute("INSERT INTO published.uncounted VALUES (?, 'undated')", [name])
        hashes.append(publish.content_hash(world.connection, "published"))
    assert len(set(hashes)) == len(hashes)


# ---- the file


def test_an_empty_warehouse_publishes_well(world: World) -> None:
    shut(world.publish())
    assert world.published("SELECT count(*) FROM articles") == [(0,)]
    assert world.published("SELECT as_of, publish_text, run_id FROM snapshot") == [(None, "mentions", b.RUN)]
    world.configure(b.configuration([], []))
    shut(world.publish())


def test_the_file_says_what_it_is(world: World) -> None:
    load_newsroom(world, [newsroom()[1]])
    digest = shut(world.publish())
    assert world.published(
        "SELECT run_id, as_of, snapshot_hash, code_version, config_hash, schema_version, publish_text, published_at FROM snapshot"
    ) == [(b.RUN, b.at("2024-07-05 08:00"), digest, "1.0", "c", SCHEMA_VERSION, "mentions", b.PUBLISHED_AT)]
    assert world.published("SELECT run_id, status, snapshot_hash FROM runs") == [(b.RUN, "succeeded", digest)]
    for table in HISTORY_TABLES:
        assert (world.published(f"SELECT count(*) > 0 FROM {table}") == [(True,)]) is (table != "revisions"), table


def test_history_grows_and_stays_out_of_the_hash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    load_newsroom(world, [newsroom()[1]])
    found = QualityResult(
        suite="s", expectation="e", severity="warning", success=False, observed=None, expected="", failing_rows=1, sample=None
    )
    monkeypatch.setattr(publish, "audit", lambda connection, stage, **asked: [found])
    first, second = shut(world.publish()), shut(world.publish(run_id="run-two"))
    assert first == second
    assert world.published("SELECT run_id FROM runs ORDER BY run_id") == [(b.RUN,), ("run-two",)]
    assert world.published("SELECT run_id, expectation FROM quality_results ORDER BY run_id") == [(b.RUN, "e"), ("run-two", "e")]


@pytest.mark.usefixtures("unaudited")
def test_every_table_and_column_carries_a_comment(world: World) -> None:
    shut(world.publish())
    assert world.published("SELECT table_name FROM duckdb_tables() WHERE coalesce(trim(comment), '') = ''") == []
    assert (
        world.published("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(trim(comment), '') = ''")
        == []
    )
    with duckdb.connect() as fresh:
        fresh.execute(sql("published.sql"))
        assert {name for (name,) in fresh.execute("SELECT table_name FROM duckdb_tables()").fetchall()} == {
            *CONTENT_TABLES,
            *HISTORY_TABLES,
            "snapshot",
        }


@pytest.mark.usefixtures("unaudited")
def test_the_file_opens_read_only_beside_other_readers(world: World) -> None:
    shut(world.publish())
    with duckdb.connect(str(world.target), read_only=True) as other:
        assert other.execute("SELECT count(*) FROM snapshot").fetchall() == [(1,)]
    with open_published(world.target) as one, open_published(world.target) as two:
        assert one.execute("FROM snapshot").fetchall() == two.execute("FROM snapshot").fetchall()


@pytest.mark.usefixtures("unaudited")
@pytest.mark.parametrize(("text", "with_text"), [("none", []), ("mentions", ["named"]), ("all", ["named", "other"])])
def test_texts_are_published_as_the_configuration_wants(world: World, text: str, with_text: list[str]) -> None:
    events = [fetch(name, "2024-07-02 08:00") for name in ("named", "other")]
    world.record(poll("2024-07-01 06:00"), poll("2024-07-03 06:00", known=1), *events)
    named, other = page(events[0], text=TOLD), page(events[1])
    world.add(named, other, mentions=[mention(named, "ann")])
    shut(world.publish(text))
    assert [
        url.rpartition("/")[2] for (url,) in world.published("SELECT url FROM articles WHERE text IS NOT NULL ORDER BY url")
    ] == with_text
    assert world.published("SELECT count(*) FROM mentions") == [(1,)]
    assert world.published("SELECT in_lead FROM article_candidates") == [(True,)]


# ---- replaced as a whole or not at all


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()} - {"warehouse.duckdb", "warehouse.duckdb.wal", "archive"}


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = QualityResult(
        suite="s", expectation="e", severity="critical", success=False, observed=None, expected="", failing_rows=None, sample=None
    )
    monkeypatch.setattr(publish, "audit", lambda connection, stage, **asked: [wrong])


@pytest.mark.usefixtures("unaudited")
def test_a_reader_keeps_the_file_that_it_opened(world: World) -> None:
    shut(world.publish())
    with open_published(world.target) as reader:
        load_newsroom(world, [newsroom()[1]])
        shut(world.publish(run_id="run-two"))
        assert reader.execute("SELECT run_id, (SELECT count(*) FROM articles) FROM snapshot").fetchall() == [(b.RUN, 0)]
    assert world.published("SELECT run_id FROM snapshot") == [("run-two",)]
    assert names(world.folder) == {"coverage.duckdb"}


@pytest.mark.usefixtures("unaudited")
def test_a_refused_file_leaves_the_one_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shut(world.publish())
    before = world.target.read_bytes()
    load_newsroom(world, [newsroom()[1]])
    refuse(monkeypatch)
    publication = world.publish(run_id="run-two")
    assert publication.snapshot_hash is None
    assert world.target.read_bytes() == before
    assert names(world.folder) == {"coverage.duckdb"}
    assert world.query("SELECT expectation FROM history.quality_results WHERE run_id = 'run-two'") == [("e",)]
    assert world.query("SELECT status, snapshot_hash FROM history.runs WHERE run_id = 'run-two'") == [("running", None)]


def test_the_first_file_may_be_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch)
    assert world.publish().snapshot_hash is None
    assert names(world.folder) == set()


@pytest.mark.usefixtures("unaudited")
@pytest.mark.parametrize("broken", ["attach_previous", "build_tables", "audit", "find_revisions", "hash_of", "_put_in_place"])
def test_a_crash_leaves_no_half_file_and_no_stray_one(world: World, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    shut(world.publish())
    before = world.target.read_bytes()
    with monkeypatch.context() as patch:

        def failing(*_: Any, **asked: Any) -> None:
            raise OSError("disk full")

        patch.setattr(publish, broken, failing)
        with pytest.raises(OSError, match="disk full"):
            world.publish(run_id="run-two")
    assert world.target.read_bytes() == before
    assert names(world.folder) == {"coverage.duckdb"}
    shut(world.publish(run_id="run-three"))


@pytest.mark.usefixtures("unaudited")
def test_what_a_killed_run_left_is_cleared_away(world: World) -> None:
    for name in (".coverage.duckdb.1.building", ".coverage.duckdb.99999.building.wal"):
        (world.folder / name).write_bytes(b"half")
    kept = {"coverage.duckdb.backup", ".coverage.duckdb.note", "other.building"}
    for name in kept:
        (world.folder / name).write_bytes(b"mine")
    shut(world.publish())
    assert names(world.folder) == {"coverage.duckdb", *kept}


def test_articles_that_vanish_are_a_warning(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    load_newsroom(world, [newsroom()[1]])
    with monkeypatch.context() as patch:
        patch.setattr(publish, "audit", lambda connection, stage, **asked: [])
        shut(world.publish())
    world.query("DELETE FROM core.pages WHERE outlet_id = 'wire'")  # by another hand: what publishing relies on does not know of it
    found = {(r.expectation, r.severity) for r in world.publish(run_id="run-two", anew=True).results if not r.success}
    assert found == {("no_article_vanished", "warning"), ("few items of a day fail", "warning")}


@pytest.mark.parametrize("gone", ["post", "wire", "late"])
def test_an_outlet_that_leaves_the_configuration_leaves_the_file(world: World, gone: str) -> None:
    load_newsroom(world, [newsroom()[1]])
    world.configure(b.configuration([o for o in OUTLETS if o["id"] != gone], LISTS, SUPPRESS))
    assert [r for r in world.publish(run_id="run-two").results if not r.success and r.severity == "critical"] == []
    for table in ("outlets", "articles", "collection_health", "coverage_by_outlet_day"):
        assert world.published(f"SELECT count(*) FROM {table} WHERE outlet_id = '{gone}'") == [(0,)], table
    for table in ("article_versions", "mentions", "article_candidates", "article_watchlists", "uncounted", "suppressed_mentions"):
        assert world.published(f"SELECT count(*) FROM {table} ANTI JOIN articles USING (article_id)") == [(0,)], table
