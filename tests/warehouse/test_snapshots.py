"""Kept files: what stays of each publication, what differs between two of them, and one put back in place."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import builders as b
import duckdb
import pytest
from builders import World, fetch, mention, page, poll

from warehouse import load, publish
from warehouse.database import SCHEMA_VERSION, SchemaTooNew, sql
from warehouse.differences import COLUMNS, COMPARED, Difference, compare
from warehouse.snapshots import (
    ContentMismatch,
    UnknownSnapshot,
    UnreadableSnapshot,
    find_snapshot,
    keep,
    list_snapshots,
    read_snapshot,
    restore,
)

NOW = b.at("2024-08-01 06:00")
TOLD = "Ann Stone told reporters on Monday that she would not stand down, come what may."


class Desk:
    """A warehouse that publishes, an hour later each time, and keeps what it published."""

    def __init__(self, world: World) -> None:
        self.world, self.target, self.folder = world, world.target, world.folder / "snapshots"
        self.published_at, self._runs, self._articles = b.PUBLISHED_AT, 0, 0

    def add(self, *names: str, published: str | None = "2024-07-02 07:00", people: tuple[str, ...] = ("ann",), **values: Any) -> None:
        """Articles that name people."""
        for name in names:
            self._articles += 1
            event = fetch(name, f"2024-07-03 08:{self._articles:02}")
            self.world.record(event)
            text = values.pop("text", None) or f"{' and '.join(f'{p.title()} Stone' for p in people)} were seen near {name}."
            row = page(event, text=text, published=published, **values)
            self.world.add(row, mentions=[mention(row, person) for person in people])

    def publish(self, number: int = 7) -> str:
        """Publish and keep; the hash."""
        self._runs += 1
        self.published_at += timedelta(hours=1)
        run_id = f"run-{self._runs}"
        load.start_run(self.world.connection, run_id, "run", self.published_at, "1.0", "c")
        given = publish.Snapshot(run_id=run_id, published_at=self.published_at, code_version="1.0", config_hash="c", publish_text="none")
        keep(self.target, self.folder, number)
        found = publish.publish(self.world.connection, self.target, given).snapshot_hash
        assert found is not None
        keep(self.target, self.folder, number)
        return found

    def path(self, digest: str) -> Path:
        return find_snapshot(self.target, self.folder, digest)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A folder with two publications, the second with an article more, and their hashes. Copied by ``past``."""
    folder = tmp_path_factory.mktemp("past")
    with opened(folder) as desk:
        desk.add("one")
        first = desk.publish()
        desk.add("two", title="The second", published="2024-07-02 09:00")
        return folder, first, desk.publish()


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """A desk over a folder; the audit has tests of its own."""
    with pytest.MonkeyPatch.context() as patch, b.world(folder) as world:
        patch.setattr(publish, "audit", lambda *_, **__: [])
        world.record(poll("2024-07-01 06:00"), poll("2024-07-03 06:00", known=1), poll("2024-07-06 06:00", known=1))
        yield Desk(world)


@dataclass(frozen=True, slots=True)
class Past:
    """The two publications in a folder of a test's own."""

    target: Path
    folder: Path
    first: str
    second: str

    def path(self, asked: str) -> Path:
        return find_snapshot(self.target, self.folder, asked)

    def kept(self) -> list[str]:
        return names(self.folder)


@pytest.fixture
def past(tmp_path: Path, archive: tuple[Path, str, str]) -> Past:
    folder, first, second = archive
    shutil.copytree(folder / "snapshots", tmp_path / "snapshots")
    os.link(find_snapshot(folder / "coverage.duckdb", tmp_path / "snapshots", second), tmp_path / "coverage.duckdb")
    return Past(tmp_path / "coverage.duckdb", tmp_path / "snapshots", first, second)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


# ---- keeping


def put(target: Path, published_at: str, digest: str) -> str:
    """The least that can pass for a published file, put in place as a publication does it; the name that it is to be kept under."""
    building = target.with_name("building")
    with duckdb.connect(str(building)) as connection:
        for table in ("articles", "mentions"):
            connection.execute(f"CREATE TABLE {table} (article_id VARCHAR)").fetchall()
        connection.execute(
            """
            CREATE TABLE snapshot AS SELECT ?::TIMESTAMPTZ AS published_at, NULL::TIMESTAMPTZ AS as_of, ? AS snapshot_hash, 'r' AS run_id,
                '1.0' AS code_version, 1 AS schema_version
            """,
            [b.at(published_at), digest * 64],
        ).fetchall()
    os.replace(building, target)
    return f"{b.at(published_at):%Y%m%dT%H%M%SZ}-{digest * 12}.duckdb"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "snapshots").mkdir()
    return tmp_path / "coverage.duckdb"


def test_each_publication_is_kept_under_its_moment_and_its_hash(target: Path) -> None:
    folder = target.parent / "snapshots"
    first = put(target, "2024-07-31 13:00", "a")
    assert keep(target, folder, 7) == first == "20240731T130000Z-aaaaaaaaaaaa.duckdb"
    before = (folder / first).read_bytes()
    second = put(target, "2024-07-31 14:00", "b")
    assert keep(target, folder, 7) == second
    assert names(folder) == [first, second]
    assert (folder / first).read_bytes() == before
    assert (folder / second).samefile(target), "no second copy on the disk"


def test_only_the_last_ones_are_kept_and_nothing_else_is_touched(target: Path) -> None:
    folder = target.parent / "snapshots"
    others = {"notes.txt", "20240731T130000Z.duckdb", "20240731T130000Z-abc.duckdb", "unreadable-20240731T130000Z.duckdb", ".hidden"}
    for name in others:
        (folder / name).write_bytes(b"mine")
    (folder / ".1.keeping").write_bytes(b"of a process that was killed")
    made = []
    for hour, digest in enumerate("abcd"):
        made.append(put(target, f"2024-07-31 1{hour}:00", digest))
        keep(target, folder, 3)
    assert set(names(folder)) - others == set(made[1:])
    assert set(names(folder)) > others
    keep(target, folder, 1)
    assert set(names(folder)) - others == set(made[3:])
    keep(target, folder, 0)
    assert set(names(folder)) == others


def test_of_one_second_the_file_written_last_is_the_later_one(target: Path) -> None:
    folder = target.parent / "snapshots"
    made = []
    for number, digest in enumerate("cab"):
        made.append(put(target, "2024-07-31 13:00", digest))
        os.utime(target, ns=(0, number * 1_000_000_000))
        keep(target, folder, 2)
    assert names(folder) == sorted(made[1:])


def test_what_is_published_is_kept_even_if_the_clock_went_back(target: Path) -> None:
    folder = target.parent / "snapshots"
    put(target, "2024-07-31 13:00", "a")
    keep(target, folder, 1)
    last = put(target, "2024-07-22 13:00", "b")
    keep(target, folder, 1)
    assert names(folder) == [last]


def test_the_same_content_is_kept_once(target: Path) -> None:
    folder = target.parent / "snapshots"
    put(target, "2024-07-31 13:00", "a")
    keep(target, folder, 7)
    later = put(target, "2024-07-31 14:00", "a")
    for _ in range(2):
        assert keep(target, folder, 7) == later
        assert names(folder) == [later]
    assert (folder / later).samefile(target)
    put(target, "2024-07-31 12:00", "a")
    assert keep(target, folder, 7) == later, "an older publication of it says nothing new"


def test_without_links_it_is_copied(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "not on this file system")

    monkeypatch.setattr(os, "link", refuse)
    folder = target.parent / "snapshots"
    name = put(target, "2024-07-31 13:00", "a")
    keep(target, folder, 7)
    assert names(folder) == [name]
    assert not (folder / name).samefile(target)
    assert (folder / name).read_bytes() == target.read_bytes()


def test_nothing_published_keeps_nothing(tmp_path: Path) -> None:
    assert keep(tmp_path / "coverage.duckdb", tmp_path / "snapshots", 7) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_published_file_is_not_kept(target: Path) -> None:
    for write in (lambda: target.write_bytes(b"no database" * 2000), lambda: (target.unlink(), duckdb.connect(str(target)).close())):
        write()
        with pytest.raises(UnreadableSnapshot):
            keep(target, target.parent / "snapshots", 7)
        assert names(target.parent / "snapshots") == []


# ---- the list, and what is meant by a name


def test_the_list(past: Past) -> None:
    (past.folder / "20230101T000000Z-0123456789ab.duckdb").write_bytes(b"damaged")
    found = list_snapshots(past.target, past.folder)
    assert [(entry.name[:16], entry.is_published, entry.snapshot is None) for entry in found] == [
        ("20240731T140000Z", True, False),
        ("20240731T130000Z", False, False),
        ("20230101T000000Z", False, True),
    ]
    shown = [entry.snapshot for entry in found if entry.snapshot]
    assert [(s.snapshot_hash, s.run_id, s.articles, s.mentions, s.published_at, s.as_of) for s in shown] == [
        (past.second, "run-2", 2, 2, b.at("2024-07-31 14:00"), b.at("2024-07-06 06:00")),
        (past.first, "run-1", 1, 1, b.at("2024-07-31 13:00"), b.at("2024-07-06 06:00")),
    ]
    assert shown[0].size == past.target.stat().st_size
    assert shown[0].schema_version == SCHEMA_VERSION


def test_the_list_where_nothing_is_kept(past: Past) -> None:
    shutil.rmtree(past.folder)
    assert [(entry.name, entry.is_published) for entry in list_snapshots(past.target, past.folder)] == [("published", True)]
    past.target.unlink()
    assert list_snapshots(past.target, past.folder) == []
    with pytest.raises(UnknownSnapshot, match="nothing is published"):
        past.path("published")


def test_a_snapshot_is_found_by_the_beginning_of_its_name_or_hash(past: Past) -> None:
    first, second = past.first, past.second
    assert past.path("published") == past.target
    for asked, digest in (
        ("20240731T13", first),
        ("20240731T140000Z-", second),
        (first[:8], first),
        (second, second),
        (first.upper(), first),
    ):
        assert past.path(asked).name[17:29] == digest[:12], asked
    for asked, said in (
        ("2024", "more than one"), ("", "no snapshot"), ("zzz", "no snapshot"), (first[:20] + "0" * 44, "no"), ("../x", "no")
    ):  # fmt: skip
        with pytest.raises(UnknownSnapshot, match=said):
            past.path(asked)


# ---- what differs


def changes(found: Difference, table: str) -> dict[str, int]:
    return next({"came": t.came, "went": t.went, "changed": t.changed} for t in found.tables if t.table == table)  # type: ignore[misc]


def told(found: Difference, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in found.rows if row["table_name"] == table]


NOTHING = {"came": 0, "went": 0, "changed": 0}


def test_an_article_more_changes_its_cells_and_nothing_else(past: Past) -> None:
    found = compare(past.path(past.first), past.path(past.second))
    assert (found.before.snapshot_hash, found.after.snapshot_hash) == (past.first, past.second)
    assert {table: changes(found, table) for table in COMPARED} == {
        "coverage_by_outlet_day": {"came": 0, "went": 0, "changed": 2},  # both candidates share the day's total
        "articles": {"came": 1, "went": 0, "changed": 0},
        "positions": NOTHING,
        "outlets": NOTHING,
        "candidates": NOTHING,
    }
    assert told(found, "coverage_by_outlet_day", "change", "outlet_id", "day", "candidate_id", "measure", "before", "after") == [
        ("changed", "post", b.day("2024-07-02"), "ann", "articles", "1", "2"),
        ("changed", "post", b.day("2024-07-02"), "ann", "list_mentions", "1", "2"),
        ("changed", "post", b.day("2024-07-02"), "ann", "mentions", "1", "2"),
        ("changed", "post", b.day("2024-07-02"), "ann", "originals", "1", "2"),
        ("changed", "post", b.day("2024-07-02"), "ann", "total_articles", "1", "2"),
        ("changed", "post", b.day("2024-07-02"), "ann", "unique_articles", "1", "2"),
        ("changed", "post", b.day("2024-07-02"), "bob", "list_mentions", "1", "2"),
        ("changed", "post", b.day("2024-07-02"), "bob", "total_articles", "1", "2"),
    ]
    assert told(found, "articles", "change", "article_id", "title", "measure", "before", "after") == [
        ("came", b.article_id("two"), "The second", "published_on", None, "2024-07-02")
    ]
    assert ("coverage_by_outlet_day", "total_articles", 2) in found.measures
    assert next((t.rows_before, t.rows_after, t.came) for t in found.tables if t.table == "mentions") == (1, 2, None)
    assert (found.left_off, found.not_compared) == (0, ())
    assert tuple(found.rows[0]) == COLUMNS
    back = compare(past.path(past.second), past.path(past.first))
    assert changes(back, "articles") == {"came": 0, "went": 1, "changed": 0}
    assert told(back, "coverage_by_outlet_day", "before", "after") == told(found, "coverage_by_outlet_day", "after", "before")


def test_every_column_of_the_counts_is_compared(past: Past) -> None:
    with duckdb.connect(str(past.target), read_only=True) as connection:
        columns = b.columns(connection, "coverage_by_outlet_day")
    key, measures = COMPARED["coverage_by_outlet_day"]
    assert set(columns) == {*key, *measures}
    told = sql("queries/diff_coverage_by_outlet_day.sql")
    for measure in measures:
        assert f"{{measure: '{measure}', before: before.{measure}::VARCHAR, after: after.{measure}::VARCHAR}}" in told


def test_the_same_file_and_the_same_content_do_not_differ(past: Past) -> None:
    kept = past.path(past.second)
    assert compare(kept, past.target).rows == compare(kept, kept).rows == ()


def test_of_each_table_the_rows_are_limited(past: Past) -> None:
    whole = compare(past.path(past.first), past.target)
    some = compare(past.path(past.first), past.target, most=1)
    assert [row["table_name"] for row in some.rows] == ["coverage_by_outlet_day", "articles"]
    assert some.left_off == len(whole.rows) - 2 > 0
    assert some.tables == whole.tables
    assert all(row in whole.rows for row in some.rows)


def test_moved_articles_stories_positions_and_the_panel(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        desk.add("one", text=TOLD)
        desk.add("two", published="2024-07-05 07:00", text=TOLD)  # its copy
        first = desk.publish()
        again = fetch("one", "2024-07-06 08:00", record_id="again")
        desk.world.record(again)
        row = page(again, text=TOLD, title="One", published="2024-07-06 07:00")  # now the copy is the other one
        desk.world.add(row, mentions=[mention(row, "ann")], page_endorsements=[b.statement(row)])
        people = ({"id": "ann", "name": "Ann Stone", "country": "BE"}, {"id": "eve", "name": "Eve Stone", "country": "NL"})
        outlets = [b.outlet(name="The Post"), b.outlet("late", panel_from=b.day("2024-07-06"))]
        desk.world.configure(b.configuration(outlets, [b.watchlist() | {"candidates": people}]))
        found = compare(desk.path(first), desk.path(desk.publish()))
    assert sorted(told(found, "articles", "change", "title", "measure", "before", "after")) == sorted([
        ("changed", "One", "published_on", "2024-07-02", "2024-07-06"),
        ("changed", "One", "story_id", b.article_id("one"), b.article_id("two")),
        ("changed", f"About {b.full('two', 'post')}", "story_id", b.article_id("one"), b.article_id("two")),
    ])  # fmt: skip
    assert told(found, "positions", "change", "endorser", "candidate_id", "number", "measure", "after")[0:2] == [
        ("came", "FR", "ann", 1, "changed_on", "2024-07-06"),
        ("came", "FR", "ann", 1, "first_article_id", b.article_id("one")),
    ]
    assert ("changed", "post", "name", "Post", "The Post") in told(found, "outlets", "change", "outlet_id", "measure", "before", "after")
    assert changes(found, "outlets") == {"came": 1, "went": 0, "changed": 1}
    assert changes(found, "candidates") == {"came": 1, "went": 1, "changed": 1}
    cells = [row["change"] for row in found.rows if row["table_name"] == "coverage_by_outlet_day"]
    assert list(dict.fromkeys(cells)) == ["changed", "went", "came"]


def aged(path: Path, folder: Path, *statements: str, schema: int = SCHEMA_VERSION - 1) -> Path:
    """A copy of a published file as an earlier (or later) version of the program might have made it."""
    folder.mkdir(exist_ok=True)
    copy = folder / "20200101T000000Z-0123456789ab.duckdb"
    shutil.copyfile(path, copy)
    with duckdb.connect(str(copy)) as connection:
        for statement in (*statements, f"UPDATE snapshot SET schema_version = {schema}"):
            connection.execute(statement).fetchall()
    return copy


def test_a_file_of_an_older_schema_is_compared_as_far_as_it_goes(past: Past, tmp_path: Path) -> None:
    first, second = past.path(past.first), past.path(past.second)
    lacks = (
        "DROP TABLE positions",
        "ALTER TABLE coverage_by_outlet_day DROP COLUMN originals",
        "ALTER TABLE outlets DROP COLUMN panel_from",
    )
    older = aged(first, tmp_path / "old", *lacks)
    found = compare(older, second)
    assert found.not_compared == (
        f"coverage_by_outlet_day.originals: not in {older.name}",
        "positions: not in both files",
        f"outlets.panel_from: not in {older.name}",
    )
    assert changes(found, "coverage_by_outlet_day")["changed"] == 2
    assert "originals" not in {row["measure"] for row in found.rows}
    assert next((t.rows_before, t.rows_after) for t in found.tables if t.table == "positions") == (None, 0)
    assert compare(older, older).rows == ()
    with pytest.raises(SchemaTooNew):
        compare(first, aged(first, tmp_path / "new", schema=SCHEMA_VERSION + 1))


def test_a_file_that_is_compared_cannot_reach_out(past: Past, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("article_id\nsecret\n")
    reach = ("DROP TABLE articles", f"CREATE VIEW articles AS FROM read_csv('{secret}')")
    hostile = aged(past.target, tmp_path / "old", *reach, schema=SCHEMA_VERSION)
    with pytest.raises(UnreadableSnapshot, match="disabled by configuration"):
        compare(hostile, past.target)


# ---- putting back


def building(past: Past) -> list[str]:
    return [path.name for path in past.target.parent.iterdir() if "building" in path.name]


def test_a_snapshot_is_put_back_and_what_it_replaces_is_kept(past: Past) -> None:
    second = past.path(past.second).name
    (past.folder / second).unlink()
    done = restore(past.path(past.first), past.target, past.folder, NOW)
    assert (done.snapshot.snapshot_hash, done.replaced, done.is_checked) == (past.first, second, True)
    assert read_snapshot(past.target).snapshot_hash == past.first
    assert not past.path(past.first).samefile(past.target)
    assert read_snapshot(past.path(past.second)).snapshot_hash == past.second
    assert [entry.is_published for entry in list_snapshots(past.target, past.folder)] == [False, True]
    assert building(past) == []


def test_the_publications_after_a_restored_file_are_those_there_would_have_been(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        desk.add("one")
        first = desk.publish()
        desk.add("two")
        second = desk.publish()
        restore(desk.path(first), desk.target, desk.folder, NOW)
        assert desk.publish() == second
        assert b.rows(desk.target, "SELECT count(*) FROM articles") == [(2,)]
        assert [name[17:29] for name in names(desk.folder)] == [first[:12], second[:12]]


def test_a_publication_that_was_not_kept_is_kept_before_the_next_one(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        desk.add("one")
        first = publish_only(desk)  # killed between replacing and keeping
        desk.add("two")
        second = desk.publish()
        assert [name[17:29] for name in names(desk.folder)] == [first[:12], second[:12]]


def publish_only(desk: Desk) -> str:
    found = desk.world.publish(run_id="killed").snapshot_hash
    assert found is not None
    return found


def test_nothing_published_or_something_unreadable_is_replaced(past: Past) -> None:
    past.target.unlink()
    assert restore(past.path(past.first), past.target, past.folder, NOW).replaced is None
    past.target.unlink()
    past.target.write_bytes(b"half a file")
    done = restore(past.path(past.first), past.target, past.folder, NOW)
    assert done.replaced == "unreadable-20240801T060000Z.duckdb"
    assert (past.folder / done.replaced).read_bytes() == b"half a file"
    assert read_snapshot(past.target).snapshot_hash == past.first


def test_a_file_that_does_not_hold_what_it_says_is_refused(past: Past, tmp_path: Path) -> None:
    first, before, kept = past.path(past.first), past.target.read_bytes(), past.kept()
    torn, flipped = tmp_path / "torn.duckdb", tmp_path / "flipped.duckdb"
    body = first.read_bytes()
    torn.write_bytes(body[: len(body) // 2])
    at = body.rindex(b"were seen near")
    flipped.write_bytes(body[:at] + b"W" + body[at + 1 :])
    wrong: list[tuple[Path, type[Exception]]] = [
        (aged(first, tmp_path / "a", "UPDATE coverage_by_outlet_day SET mentions = 99", schema=SCHEMA_VERSION), ContentMismatch),
        (aged(first, tmp_path / "b", schema=SCHEMA_VERSION + 1), SchemaTooNew),
        (aged(first, tmp_path / "c", "DELETE FROM snapshot"), UnreadableSnapshot),
        (aged(first, tmp_path / "d", "DROP TABLE stories", schema=SCHEMA_VERSION), UnreadableSnapshot),
        (torn, UnreadableSnapshot),
        (flipped, UnreadableSnapshot),
    ]
    for path, error in wrong:
        with pytest.raises(error):
            restore(path, past.target, past.folder, NOW)
        assert past.target.read_bytes() == before, path
    assert building(past) == []
    assert past.kept() == kept


def test_a_file_of_an_older_schema_is_put_back_unchecked(past: Past, tmp_path: Path) -> None:
    older = aged(past.path(past.first), tmp_path / "old", "ALTER TABLE articles DROP COLUMN opt_outs")
    done = restore(older, past.target, past.folder, NOW)
    assert not done.is_checked
    assert done.snapshot.schema_version == SCHEMA_VERSION - 1
    assert past.target.read_bytes() == older.read_bytes()


def test_a_reader_keeps_the_file_that_it_opened(past: Past) -> None:
    with duckdb.connect(str(past.target), read_only=True) as reader:
        restore(past.path(past.first), past.target, past.folder, NOW)
        assert reader.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
