"""Opening files: migrations, one writer at a time, and a published file that nothing can be done with but reading it."""

# ruff: noqa: E501 (queries)

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from support import ROOT

from warehouse import database
from warehouse.database import SCHEMA_VERSION, SchemaTooNew, WarehouseBusy, migrate, open_published, open_warehouse, transaction

HOLD = """
import sys
from pathlib import Path
from warehouse.database import open_warehouse
with open_warehouse(Path(sys.argv[1])) as connection:
    connection.execute("CREATE TABLE main.kept AS SELECT 1 AS x")
    print("open", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the warehouse open."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "coverage.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE articles AS SELECT 1 AS x, TIMESTAMPTZ '2024-07-01 12:00:00+02' AS at")
    return path


# ---- migrations


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in database.migrations()] == list(range(1, SCHEMA_VERSION + 1))


def test_migrations_run_once(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "warehouse.duckdb"
    for _ in range(2):
        with open_warehouse(path) as connection:
            assert migrate(connection) == SCHEMA_VERSION
            assert connection.execute("SELECT number, name FROM main.migrations").fetchall() == database.migrations()
            assert {name for (name,) in connection.execute("SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'warehouse'").fetchall()} >= {
                "collection", "staging", "core", "history",
            }  # fmt: skip


def test_a_migration_that_fails_leaves_the_schema_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path):
        pass
    texts = {
        "migrations/9999_wrong.sql": "CREATE TABLE core.half (x INTEGER); SELECT no_such_thing",
        "migrations/9999_right.sql": "CREATE TABLE core.whole (x INTEGER)",
    }
    known = database.migrations()
    for name, works in (("9999_wrong.sql", False), ("9999_right.sql", True)):
        monkeypatch.setattr(database, "migrations", lambda name=name: [*known, (9999, name)])
        monkeypatch.setattr(database, "sql", lambda name: texts[name])
        if works:
            with open_warehouse(path) as connection:
                assert connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name IN ('half', 'whole')").fetchall() == [
                    ("whole",)
                ]
        else:
            with pytest.raises(duckdb.Error, match="no_such_thing"), open_warehouse(path):
                pass


def test_a_warehouse_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as connection:
        connection.execute("INSERT INTO main.migrations VALUES (?, 'later.sql')", [SCHEMA_VERSION + 1])
    with pytest.raises(SchemaTooNew, match=str(SCHEMA_VERSION + 1)), open_warehouse(path):
        pass


# ---- one writer


def test_a_second_process_is_told_that_the_warehouse_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with another_process(path), pytest.raises(WarehouseBusy, match="in use"), open_warehouse(path):
        pass


def test_what_a_killed_process_wrote_is_there(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with another_process(path):
        pass
    with open_warehouse(path) as connection:
        assert connection.execute("SELECT x FROM main.kept").fetchall() == [(1,)]


def test_other_troubles_are_not_taken_for_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock up your clocks.duckdb"
    path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(duckdb.IOException), open_warehouse(path):
        pass


def test_a_path_with_quotes_can_be_opened(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "it's; DROP TABLE x --" / "warehouse.duckdb") as connection:
        assert connection.execute("SELECT count(*) FROM history.runs").fetchall() == [(0,)]


def test_instants_are_in_utc(tmp_path: Path, published: Path) -> None:
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        assert connection.execute("SELECT TIMESTAMPTZ '2024-07-01 12:00:00+02'::VARCHAR").fetchall() == [("2024-07-01 10:00:00+00",)]
    with open_published(published) as one, open_published(published) as two:
        for connection in (one, two):
            assert connection.execute("SELECT articles.at::VARCHAR FROM articles").fetchall() == [("2024-07-01 10:00:00+00",)]


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        connection.execute("CREATE TABLE main.t (x INTEGER)")
        with pytest.raises(KeyboardInterrupt), transaction(connection):  # noqa: PT012 - the work inside is what is tested
            connection.execute("INSERT INTO main.t VALUES (1)")
            raise KeyboardInterrupt
        with transaction(connection):
            connection.execute("INSERT INTO main.t VALUES (2)")
        assert connection.execute("FROM main.t").fetchall() == [(2,)]


# ---- the published file


FORBIDDEN = [
    "CREATE TABLE t (x INTEGER)",
    "INSERT INTO articles VALUES (2, now())",
    "UPDATE articles SET x = 2",
    "DELETE FROM articles",
    "DROP TABLE articles",
    "ALTER TABLE articles ADD COLUMN y INTEGER",
    "COMMENT ON TABLE articles IS 'x'",
    "COPY articles TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.parquet'",
    "EXPORT DATABASE '{folder}/out'",
    "FROM read_text('{folder}/secret.txt')",
    "FROM read_csv('{folder}/secret.txt')",
    "FROM '{folder}/secret.csv'",
    "FROM glob('{folder}/*')",
    "FROM read_blob('/etc/passwd')",
    "FROM read_csv('http://127.0.0.1:9/x.csv')",
    "ATTACH '{folder}/other.duckdb'",
    "ATTACH '{folder}/other.duckdb' AS o (READ_ONLY)",
    "ATTACH '{folder}/coverage.duckdb' AS again (READ_WRITE); CREATE TABLE again.t (x INTEGER)",
    "IMPORT DATABASE '{folder}'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{folder}/evil.duckdb_extension'",
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "SET lock_configuration = false",
    "SET GLOBAL lock_configuration = false",
    "SET TimeZone = 'Europe/Paris'",
    "SET access_mode = 'read_write'",
    "SET temp_directory = '{folder}/tmp'",
    "SET allowed_directories = ['/']",
    "SET autoload_known_extensions = true",
    "PRAGMA enable_profiling = 'json'",
    "CREATE SECRET (TYPE s3)",
]


@pytest.mark.parametrize("query", FORBIDDEN)
def test_a_published_file_can_only_be_read(published: Path, query: str) -> None:
    folder = published.parent
    (folder / "secret.txt").write_text("secret")
    (folder / "secret.csv").write_text("a,b\n1,2\n")
    with duckdb.connect(str(folder / "other.duckdb")):
        pass
    before, content = {entry.name for entry in folder.iterdir()}, published.read_bytes()
    with open_published(published) as connection:
        with pytest.raises(duckdb.Error):
            connection.execute(query.format(folder=folder)).fetchall()
        assert connection.execute("SELECT x FROM articles").fetchall() == [(1,)]
    assert {entry.name for entry in folder.iterdir()} == before
    assert published.read_bytes() == content


def test_nothing_is_published_yet(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing is published"), open_published(tmp_path / "coverage.duckdb"):
        pass
    assert list(tmp_path.iterdir()) == []
