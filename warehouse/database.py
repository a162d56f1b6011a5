"""Opening DuckDB files: the private warehouse with its migrations, the published file read-only and shut in.

What is in the tables is no business of this module.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

Connection = duckdb.DuckDBPyConnection
_SHUTTING_IN = Lock()  # two threads that open one file share its settings
_MIGRATION = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")
MEMORY_MEGABYTES = 2500
SPILL = ".spill"  # folder beside the warehouse; DuckDB removes what it wrote there
_OFFLINE: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


class WarehouseBusy(Exception):
    """Another process has the private warehouse open."""


class SchemaTooNew(Exception):
    """The file was written by a later version of the program."""


def sql(name: str) -> str:
    """The text of a packaged SQL file, by its path inside ``warehouse/``."""
    return resources.files("warehouse").joinpath(*name.split("/")).read_text(encoding="utf-8")


def migrations() -> list[tuple[int, str]]:
    """Number and file name of every migration, in order."""
    names = sorted(entry.name for entry in resources.files("warehouse").joinpath("migrations").iterdir() if entry.name.endswith(".sql"))
    return [(int(match.group(1)), name) for name in names if (match := _MIGRATION.match(name))]


SCHEMA_VERSION = migrations()[-1][0]


def migrate(connection: Connection) -> int:
    """Bring the warehouse to the newest schema, each migration in a transaction of its own; returns the schema's number.

    Raises:
        SchemaTooNew: the file knows migrations that this program does not.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS main.migrations (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL)").fetchall()
    done = {number for (number,) in connection.execute("SELECT number FROM main.migrations").fetchall()}
    newest = max(done, default=0)
    if newest > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"the warehouse has schema {newest}, this program knows {SCHEMA_VERSION}: use the version that wrote it, or a newer one"
        )
    for number, name in migrations():
        if number not in done:
            connection.begin()
            try:
                connection.execute(sql(f"migrations/{name}")).fetchall()
                connection.execute("INSERT INTO main.migrations VALUES (?, ?)", [number, name]).fetchall()
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
    return SCHEMA_VERSION


@contextmanager
def open_warehouse(path: Path, memory_megabytes: int = MEMORY_MEGABYTES) -> Iterator[Connection]:
    """The private warehouse for writing, migrated. One process at a time. What does not fit into memory is worked on beside it.

    Raises:
        WarehouseBusy: another process has it open.
        SchemaTooNew: see :func:`migrate`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config=_OFFLINE)
    try:
        connection.execute("SET TimeZone = 'UTC'").fetchall()
        connection.execute(f"SET memory_limit = '{memory_megabytes}MB'").fetchall()
        connection.execute("SET temp_directory = ?", [str(path.with_name(SPILL))]).fetchall()
        attach(connection, path, "warehouse")
        connection.execute("USE warehouse").fetchall()
        migrate(connection)
        yield connection
    finally:
        connection.close()


def attach(connection: Connection, path: Path, name: str, options: str = "") -> None:
    """ATTACH a file under a name of our own, so that SQL files can rely on it. ``options`` is written by the program, never by data.

    Raises:
        WarehouseBusy: another process has it open.
    """
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS {name} {options}").fetchall()
    except duckdb.IOException as error:
        if "could not set lock" in str(error).lower():  # the message also holds the path, which may be about locks
            raise WarehouseBusy(f"{path} is in use by another run") from error
        raise


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def open_published(path: Path) -> Iterator[Connection]:
    """A published file: read-only, without access to anything else on the machine or the network (a query cannot undo this).

    Raises:
        FileNotFoundError: nothing has been published there.
        SchemaTooNew: a later version of the program published it.
    """
    if not path.is_file():
        raise FileNotFoundError(f"nothing is published yet: {path} does not exist")
    connection = duckdb.connect(str(path), read_only=True, config=_OFFLINE)
    try:
        # connections of one process to one file share these settings: the first one makes them, a second one may not even repeat them
        with _SHUTTING_IN:
            if connection.execute("SELECT NOT current_setting('lock_configuration')").fetchall()[0][0]:
                connection.execute("SET GLOBAL TimeZone = 'UTC'").fetchall()
                connection.execute("SET enable_external_access = false").fetchall()
                connection.execute("SET lock_configuration = true").fetchall()
        refuse_newer(connection, path)
        yield connection
    finally:
        connection.close()


def refuse_newer(connection: Connection, path: Path) -> None:
    """Raises SchemaTooNew where the published file that is open was published by a later version of the program."""
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'snapshot'").fetchall():
        return  # no file of ours: what is asked of it will say so
    for (schema,) in connection.execute("SELECT schema_version FROM snapshot").fetchall():
        if schema > SCHEMA_VERSION:
            raise SchemaTooNew(
                f"{path} has schema {schema}, this program knows {SCHEMA_VERSION}: use the version that wrote it, or a newer one"
            )
