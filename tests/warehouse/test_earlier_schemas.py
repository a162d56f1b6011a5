"""Files of every earlier schema: migrated without loss, published with the same counts; files of a later one are refused.

The files and how they were made: ``earlier/``. They hold the same press, told to the code of each version; what differs is said here.
"""

# ruff: noqa: E501 (queries)

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import builders as b
import duckdb
import pytest

from flows.cli import call
from warehouse import database, load, publish
from warehouse.database import SCHEMA_VERSION, Connection, SchemaTooNew, open_published, open_warehouse
from warehouse.query import run_query
from warehouse.status import read_status

EARLIER = Path(__file__).parent / "earlier"
VERSIONS = range(1, SCHEMA_VERSION)
Rows = list[tuple[Any, ...]]

# what each private warehouse was filled with
COUNTS = {
    "collection.journals": {1: 8, 2: 9, 3: 9, 4: 9},  # since 2 one for an archive file that was deleted
    "collection.polls": dict.fromkeys(VERSIONS, 10),
    "collection.items": {1: 10, 2: 9, 3: 9, 4: 9},  # since 2 the article is looked at again, before it was found at a second address
    "collection.fetches": dict.fromkeys(VERSIONS, 10),
    "collection.pruned": {1: 0, 2: 1, 3: 1, 4: 1},
    "core.pages": dict.fromkeys(VERSIONS, 8),
    "core.page_watchlists": dict.fromkeys(VERSIONS, 7),
    "core.page_mentions": dict.fromkeys(VERSIONS, 16),
    "core.page_endorsements": {1: 0, 2: 0, 3: 0, 4: 3},
    "core.page_quotes": {1: 0, 2: 0, 3: 0, 4: 3},
    "core.page_references": {1: 0, 2: 0, 3: 0, 4: 3},
    "core.outlets": dict.fromkeys(VERSIONS, 3),
    "core.candidates": dict.fromkeys(VERSIONS, 2),
    "core.suppressions": dict.fromkeys(VERSIONS, 1),
    "staging.pages": dict.fromkeys(VERSIONS, 1),
    "history.runs": dict.fromkeys(VERSIONS, 2),
    "history.outcomes": dict.fromkeys(VERSIONS, 9),
    "history.quality_results": {1: 154, 2: 162, 3: 162, 4: 281},
    "history.revisions": dict.fromkeys(VERSIONS, 0),
    "history.acceptances": dict.fromkeys(VERSIONS, 0),
}
# post on the first day by candidate: articles, race_articles, unique_articles, originals, mentions, total_articles
FIRST_DAY = [("ann", 2, 1, 2, 1, 4, 2), ("bob", 1, 1, 1, 0, 1, 2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A folder with the migrated warehouse, the file of that time and the one published now."""

    version: int
    warehouse: Path
    before: Path
    published: Path


def unpack(version: int, kind: str, folder: Path) -> Path:
    """``warehouse`` or ``coverage`` of a version, as it was."""
    path = folder / f"{kind}.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.decompress((EARLIER / f"schema-{version}.{kind}.duckdb.gz").read_bytes()))
    return path


def configuration() -> Any:
    """What the files were made with, in the words of today's configuration."""
    outlets = (
        b.outlet("post"),
        b.outlet("courier", language="nl", country="NL", timezone="Europe/Amsterdam"),
        b.outlet("wire", country="FR", timezone="Europe/Paris", agency=True),
    )
    article = b.article_id("namesake", "courier")
    return b.configuration(outlets, suppress=[{"article_id": article, "candidate_id": "ann", "reason": "a namesake who sells boats"}])


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda version: f"schema-{version}")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    """A warehouse of an earlier schema after a publication of today's, audited."""
    folder = tmp_path_factory.mktemp("earlier")
    path, before = unpack(request.param, "warehouse", folder), unpack(request.param, "coverage", folder / "then")
    with open_warehouse(path) as connection:
        load.replace_configuration(connection, configuration())
        load.start_run(connection, "run-now", "publish", b.PUBLISHED_AT, "1.0", "c")
        snapshot = publish.Snapshot(
            run_id="run-now", published_at=b.PUBLISHED_AT, code_version="1.0", config_hash="c", publish_text="mentions"
        )
        publication = publish.publish(connection, folder / "coverage.duckdb", snapshot)
        refused = [result for result in publication.results if not result.success and result.severity == "critical"]
        assert publication.snapshot_hash is not None, refused
    return Migrated(version=request.param, warehouse=path, before=before, published=folder / "coverage.duckdb")


@pytest.fixture(params=VERSIONS, ids=lambda version: f"schema-{version}")
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_a_file_of_every_earlier_schema_is_kept() -> None:
    kept = {path.name for path in EARLIER.glob("*.gz")}
    assert kept == {f"schema-{version}.{kind}.duckdb.gz" for version in VERSIONS for kind in ("warehouse", "coverage")}


# ---- migrated without loss


def test_nothing_is_lost(version: int, tmp_path: Path) -> None:
    path = unpack(version, "warehouse", tmp_path)
    before = contents(path)
    with open_warehouse(path) as connection:
        assert connection.execute("SELECT number, name FROM main.migrations ORDER BY number").fetchall() == database.migrations()
        counted = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in COUNTS}
        assert counted == {table: counts[version] for table, counts in COUNTS.items()}
        for table, (columns, rows) in before.items():
            if table != "main.migrations":
                held = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
                assert in_order(held) == rows, f"{table}: its rows are those of before"


def test_what_was_written_by_hand_is_there(migrated: Migrated) -> None:
    with open_warehouse(migrated.warehouse) as connection:
        lead = connection.execute(
            "SELECT outlet_id, title, authors, published_at, published_on, date_precision, read_version FROM core.pages "
            "WHERE url = 'https://post.example/lead' AND fetched_at = TIMESTAMPTZ '2024-07-01 08:00:00+00'"
        ).fetchall()
        assert lead == [
            ("post", "Ann Stone and the post", ["Mo Lamp"], b.at("2024-07-01 07:00"), b.day("2024-07-01"), "second", "v1")
        ]  # fmt: skip
        assert connection.execute(
            "SELECT result, reason, http_status, visit FROM collection.fetches WHERE url LIKE '%gone'"
        ).fetchall() == [("failed", "not_found", 404, 0)]
        assert connection.execute("SELECT outcome, reason, detail FROM history.outcomes WHERE url LIKE '%section'").fetchall() == [
            ("rejected", "not_article", "because")
        ]
        again = connection.execute("SELECT fetch_id, etag, opt_outs FROM collection.fetches WHERE visit = 1").fetchall()
        assert again == ([("lead-again", '"two"', ["noai"])] if migrated.version > 1 else [])
        said = connection.execute("SELECT DISTINCT endorser, candidate_id, stance, speaker FROM core.page_endorsements").fetchall()
        assert said == ([("FR", "ann", "supports", "its minister")] if migrated.version > 3 else [])


def test_a_page_that_waited_still_waits(version: int, tmp_path: Path) -> None:
    with open_warehouse(unpack(version, "warehouse", tmp_path)) as connection:
        load.clear_staging(connection)
        read = dict.fromkeys(("post", "courier", "wire"), "v1")
        assert [row["url"] for row in load.pages_to_read(connection, read)] == ["https://post.example/late"]


def test_the_schema_is_that_of_a_new_warehouse(version: int, tmp_path: Path) -> None:
    with open_warehouse(unpack(version, "warehouse", tmp_path)) as connection:
        found = schema(connection)
    with open_warehouse(tmp_path / "new" / "warehouse.duckdb") as connection:
        assert found == schema(connection)


# ---- published with the same counts


def test_the_counts_are_those_of_the_file_of_that_time(migrated: Migrated) -> None:
    by_hand = (
        "SELECT candidate_id, articles, race_articles, unique_articles, originals, mentions, total_articles FROM coverage_by_outlet_day "
        "WHERE outlet_id = 'post' AND day = DATE '2024-07-01' ORDER BY candidate_id"
    )
    assert b.rows(migrated.before, by_hand) == FIRST_DAY
    assert b.rows(migrated.published, by_hand) == FIRST_DAY
    then, now = contents(migrated.before), contents(migrated.published)
    for table in publish.CONTENT_TABLES:
        if table in then:
            shared = [name for name in then[table][0] if name in now[table][0]]
            assert chosen(now[table], shared) == chosen(then[table], shared), table


def test_the_history_is_kept(migrated: Migrated) -> None:
    then, now = contents(migrated.before), contents(migrated.published)
    for table in publish.HISTORY_TABLES:
        columns = then[table][0]
        kept = [row for row in chosen(now[table], columns) if "run-now" not in row]
        assert kept == chosen(then[table], columns), table
    assert b.rows(migrated.published, "SELECT run_id, status FROM runs ORDER BY started_at") == [
        ("run-one", "succeeded"), ("run-two", "succeeded"), ("run-now", "succeeded"),
    ]  # fmt: skip


def test_the_file_of_that_time_can_be_looked_at(
    version: int, tmp_path: Path, minimal_config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = minimal_config.parent / "data"
    published = unpack(version, "coverage", data)
    status = read_status(data / "warehouse.duckdb", published)
    assert status.snapshot is not None
    assert (status.snapshot["schema_version"], status.snapshot["run_id"]) == (version, "run-two")
    assert {run["run_id"] for run in status.runs} == {"run-one", "run-two"}
    unpack(version, "warehouse", data)
    assert read_status(data / "warehouse.duckdb", published).waiting == 1
    assert call(["status", "--config", str(minimal_config)]) == 0
    assert status.snapshot["snapshot_hash"][:12] in capsys.readouterr().out
    assert run_query(published, "SELECT count(*) FROM articles").rows() == [(5,)]


# ---- a migration that fails, a file of a later version


def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = unpack(version, "warehouse", tmp_path)
    before = contents(path)
    real = database.sql
    (following,) = [f"migrations/{name}" for number, name in database.migrations() if number == version + 1]
    with monkeypatch.context() as patch:
        patch.setattr(database, "sql", lambda name: real(name) + "; SELECT no_such_thing" if name == following else real(name))
        with pytest.raises(duckdb.Error, match="no_such_thing"), open_warehouse(path):
            pass
    assert contents(path) == before
    with open_warehouse(path) as connection:
        assert connection.execute("SELECT max(number) FROM main.migrations").fetchall() == [(SCHEMA_VERSION,)]


def test_a_warehouse_of_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("INSERT INTO main.migrations VALUES (?, 'later.sql')", [SCHEMA_VERSION + 1]).fetchall()
    before = path.read_bytes()
    with pytest.raises(SchemaTooNew, match=f"schema {SCHEMA_VERSION + 1}.*knows {SCHEMA_VERSION}"), open_warehouse(path):
        pass
    assert path.read_bytes() == before


@pytest.fixture
def later(minimal_config: Path) -> Iterator[Path]:
    """A configuration whose published file is of a later version."""
    path = unpack(SCHEMA_VERSION - 1, "coverage", minimal_config.parent / "data")
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE snapshot SET schema_version = ?", [SCHEMA_VERSION + 1]).fetchall()
    before = path.read_bytes()
    yield minimal_config
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "command", [("status",), ("sql", "SELECT 1"), ("report", "--week", "2024-W27")], ids=lambda words: words[0]
)  # fmt: skip
def test_a_published_file_of_a_later_version_is_refused(later: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call([*command, "--config", str(later)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    (said,) = captured.err.strip().splitlines()
    assert f"coverage.duckdb has schema {SCHEMA_VERSION + 1}, this program knows {SCHEMA_VERSION}" in said


def test_the_error_is_the_one_of_its_name(later: Path) -> None:
    with pytest.raises(SchemaTooNew), open_published(later.parent / "data" / "coverage.duckdb"):
        pass


# ---- helpers


def contents(path: Path) -> dict[str, tuple[list[str], Rows]]:
    """Every table of a file with its columns and its rows in one order."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'").fetchall()
        found = {}
        for schema_name, table in connection.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall():
            name = table if (schema_name, path.name) == ("main", "coverage.duckdb") else f"{schema_name}.{table}"
            columns = [row[0] for row in connection.execute(f"DESCRIBE {schema_name}.{table}").fetchall()]
            found[name] = columns, in_order(connection.execute(f"FROM {schema_name}.{table}").fetchall())
    return found


def in_order(rows: Rows) -> Rows:
    return sorted(rows, key=repr)


def chosen(table: tuple[list[str], Rows], columns: list[str]) -> Rows:
    """The rows of a table with these columns alone."""
    places = [table[0].index(name) for name in columns]
    return in_order([tuple(row[place] for place in places) for row in table[1]])


def schema(connection: Connection) -> dict[str, Rows]:
    """Tables, columns and what holds for them, by name."""
    questions = {
        "columns": "SELECT schema_name, table_name, column_index, column_name, data_type, is_nullable, column_default FROM duckdb_columns()",
        "constraints": "SELECT schema_name, table_name, constraint_type, constraint_text, constraint_column_names FROM duckdb_constraints()",
        "indexes": "SELECT schema_name, table_name, index_name, is_unique, expressions FROM duckdb_indexes()",
        "views": "SELECT schema_name, view_name, sql FROM duckdb_views()",
    }
    return {
        name: in_order(
            connection.execute(f"{question} WHERE database_name = 'warehouse' {'AND NOT internal' * (name == 'views')}").fetchall()
        )
        for name, question in questions.items()
    }
