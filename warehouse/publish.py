"""From the private warehouse to ``coverage.duckdb``: content tables, revisions, audit, one atomic replacement.

A publication grows from the file that was published last, as long as that file is still the one that was put there and code and
configuration are the same; otherwise everything is made anew. Both give the same rows and the same hash (docs/decisions/0010).
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.acceptance import with_acceptances
from warehouse.audit import QualityResult, audit, record, refusals
from warehouse.build import CONTENT_TABLES, Sums, build_tables, hash_of, table_sums
from warehouse.database import SCHEMA_VERSION, Connection, attach, sql, transaction
from warehouse.revisions import find_revisions
from warehouse.stories import index_version

if TYPE_CHECKING:
    from collections.abc import Mapping

HISTORY_TABLES = ("runs", "outcomes", "quality_results", "revisions")
_STORAGE = "(STORAGE_VERSION 'v1.5.0')"  # readable by DuckDB 1.5 and newer

__all__ = [
    "CONTENT_TABLES", "HISTORY_TABLES", "NotPublished", "Publication", "Snapshot", "attach_previous", "build_tables", "content_hash",
    "create_tables", "publish",
]  # fmt: skip


class NotPublished(Exception):
    """Where the published file should be lies something that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a publication is known by."""

    run_id: str
    published_at: datetime  # UTC
    code_version: str
    config_hash: str
    publish_text: str  # none, mentions, all


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What came of it. ``snapshot_hash`` is None when the audit refused."""

    results: tuple[QualityResult, ...]
    snapshot_hash: str | None


def publish(connection: Connection, target: Path, snapshot: Snapshot, *, anew: bool = False) -> Publication:
    """Build the published file beside ``target``, audit it, and put it in place. A refused file leaves the previous one untouched.

    ``anew``: make everything anew even where the published file could be grown from.

    Raises:
        NotPublished: see there.
        WarehouseBusy: another program has the published file open for writing.
    """
    building = target.with_name(f".{target.name}.{os.getpid()}.building")
    _remove_leftovers(target)
    made_of = _made_of(connection, snapshot)
    try:
        attach_previous(connection, target)
        _adopt_history(connection)
        known = None if anew else _known_sums(connection, target, made_of)
        try:
            if known is None:
                attach(connection, building, "published", _STORAGE)
                connection.execute("USE published").fetchall()
                create_tables(connection)
            else:
                shutil.copyfile(target, building)
                attach(connection, building, "published")
                connection.execute("USE published").fetchall()
            results, sums = _build(connection, snapshot, known, made_of)
        finally:
            connection.execute("USE warehouse").fetchall()
            _detach(connection, "published")
            _detach(connection, "previous")
        if sums is None:
            return Publication(results=tuple(results), snapshot_hash=None)
        snapshot_hash = hash_of(connection, sums)
        _put_in_place(building, target)
        _remember(connection, target, snapshot, snapshot_hash, made_of, sums)
    finally:
        _remove_leftovers(target)
    return Publication(results=tuple(results), snapshot_hash=snapshot_hash)


def create_tables(connection: Connection) -> None:
    """The published schema, in the catalogue in use."""
    connection.execute(sql("published.sql")).fetchall()


def attach_previous(connection: Connection, target: Path | None = None) -> None:
    """Attach the file that was published before as ``previous``; an empty one where there is none.

    Raises:
        NotPublished: see there.
        WarehouseBusy: another program has it open for writing.
    """
    if target is not None and target.is_file():
        try:
            attach(connection, target, "previous", "(READ_ONLY)")
            connection.execute("FROM previous.snapshot").fetchall()
        except (duckdb.IOException, duckdb.CatalogException, duckdb.SerializationException) as error:
            raise NotPublished(f"{target} is no published file ({error}): move it away, or restore a snapshot") from error
    else:
        connection.execute("ATTACH ':memory:' AS previous").fetchall()
        connection.execute("USE previous").fetchall()
        create_tables(connection)
        connection.execute("USE warehouse").fetchall()


def content_hash(connection: Connection, catalog: str) -> str:
    """A hash over the rows of the content tables, whatever their order: of each table the number of rows and the sums of their MD5."""
    return hash_of(connection, {table: table_sums(connection, f"{catalog}.{table}") for table in CONTENT_TABLES})


def _build(
    connection: Connection, snapshot: Snapshot, known: Mapping[str, Sums] | None, made_of: str
) -> tuple[list[QualityResult], dict[str, Sums] | None]:
    """Fill the file, judge it, and close it with the history; the sums of its content, None when it was refused."""
    connection.execute("DELETE FROM warehouse.core.kept_for WHERE made_of <> ?", [made_of]).fetchall()
    sums = build_tables(connection, snapshot.publish_text, known)
    connection.execute("INSERT INTO warehouse.core.kept_for SELECT ? WHERE NOT EXISTS (FROM warehouse.core.kept_for)", [made_of]).fetchall()
    results = with_acceptances(connection, audit(connection, "published", grown=known is not None))
    connection.execute("USE warehouse").fetchall()
    record(connection, snapshot.run_id, results)
    connection.execute("INSERT INTO core.changed_runs VALUES (?)", [snapshot.run_id]).fetchall()
    if refusals(results):
        return results, None
    connection.execute("USE published").fetchall()
    find_revisions(connection, snapshot.run_id, snapshot.code_version, snapshot.config_hash, grown=known is not None)
    _copy_history(connection, snapshot, hash_of(connection, sums), grown=known is not None)
    return results, sums


def _copy_history(connection: Connection, snapshot: Snapshot, snapshot_hash: str, *, grown: bool) -> None:
    """What the file tells of runs. The run that publishes it is told as closed; it is closed in the warehouse once the file is in place."""
    told = "warehouse.core.changed_runs" if grown else "warehouse.history.runs"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE told_runs AS SELECT DISTINCT run_id FROM {told}").fetchall()  # noqa: S608 - from above
    for table in HISTORY_TABLES:
        stale = "true" if table == "runs" else "run_id IN (SELECT run_id FROM told_runs)"
        connection.execute(f"DELETE FROM {table} WHERE {stale}").fetchall()  # noqa: S608 - names from above
        connection.execute(f"INSERT INTO {table} BY NAME {sql(f'marts/{table}.sql')}").fetchall()
    connection.execute("INSERT INTO revisions BY NAME FROM new_revisions").fetchall()
    connection.execute(
        "UPDATE runs SET snapshot_hash = ?, status = 'succeeded', finished_at = ? WHERE run_id = ?",
        [snapshot_hash, snapshot.published_at, snapshot.run_id],
    ).fetchall()
    connection.execute("DELETE FROM snapshot").fetchall()
    connection.execute(
        "INSERT INTO snapshot SELECT ?, ?, as_of, ?, ?, ?, ?, ? FROM as_of",
        [
            snapshot.published_at,
            snapshot.run_id,
            snapshot_hash,
            snapshot.code_version,
            snapshot.config_hash,
            SCHEMA_VERSION,
            snapshot.publish_text,
        ],
    ).fetchall()


# ---- what the published file was made of


def _made_of(connection: Connection, snapshot: Snapshot) -> str:
    """A hash over what the rows are a function of, beside the articles and items themselves, of which the changed ones are noted."""
    (digest,) = connection.execute(
        sql("statements/made_of.sql"),
        {"others": f"{SCHEMA_VERSION} {snapshot.code_version} {snapshot.publish_text} {index_version()}"},
    ).fetchall()[0]
    return str(digest)


def _known_sums(connection: Connection, target: Path, made_of: str) -> dict[str, Sums] | None:
    """The sums of the published file's tables, where it is the one that this warehouse put there, made of the same."""
    if not target.is_file():
        return None
    status = target.stat()
    row = connection.execute(
        "FROM core.publication SEMI JOIN core.kept_for USING (made_of) WHERE made_of = ? AND file_bytes = ? AND file_modified_ns = ?",
        [made_of, status.st_size, status.st_mtime_ns],
    ).fetchall()
    if not row:
        return None
    sums = {name: (int(count), int(low), int(high)) for name, count, low, high in connection.execute("FROM core.content_sums").fetchall()}
    return sums if set(sums) == set(CONTENT_TABLES) else None


def _remember(connection: Connection, target: Path, snapshot: Snapshot, snapshot_hash: str, made_of: str, sums: Mapping[str, Sums]) -> None:
    """Close the run and note what the file that is now in place was made of. Until this is done, it is no file to grow from."""
    status = target.stat()
    with transaction(connection):
        connection.execute(
            "UPDATE history.runs SET snapshot_hash = ?, status = 'succeeded', finished_at = ? WHERE run_id = ?",
            [snapshot_hash, snapshot.published_at, snapshot.run_id],
        ).fetchall()
        connection.execute("INSERT INTO history.revisions BY NAME FROM new_revisions").fetchall()
        for table in ("publication", "content_sums", "changed_articles", "changed_items", "changed_runs"):
            connection.execute(f"DELETE FROM core.{table}").fetchall()  # noqa: S608 - names from above
        connection.execute(
            "INSERT INTO core.publication VALUES (?, ?, ?, ?, ?)",
            [snapshot.run_id, snapshot_hash, made_of, status.st_size, status.st_mtime_ns],
        ).fetchall()
        connection.executemany("INSERT INTO core.content_sums VALUES (?, ?, ?, ?)", [(table, *sums[table]) for table in CONTENT_TABLES])


def _adopt_history(connection: Connection) -> None:
    """A run that was killed after its file was put in place has published: take over what only that file knows of it."""
    with transaction(connection):
        connection.execute(sql("statements/adopt_history.sql")).fetchall()


# ---- files


def _detach(connection: Connection, name: str) -> None:
    if connection.execute("SELECT count(*) FROM duckdb_databases() WHERE database_name = ?", [name]).fetchall() != [(0,)]:
        if name == "published":
            connection.execute("CHECKPOINT published").fetchall()
        connection.execute(f"DETACH {name}").fetchall()


def _put_in_place(building: Path, target: Path) -> None:
    with building.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(building, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove_leftovers(target: Path) -> None:
    """What publishing leaves beside the file, a killed run's too: whoever holds the warehouse is the only one who publishes from it."""
    for path in target.parent.iterdir():
        if path.name.startswith(f".{target.name}.") and path.name.removesuffix(".wal").endswith(".building"):
            path.unlink(missing_ok=True)
