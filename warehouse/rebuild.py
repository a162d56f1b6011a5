"""What a rebuilt warehouse is checked for, what it takes over from the old one, and what its counts differ in.

Loading, reading and publishing are the same as ever; the order of a rebuild is ``flows/rebuild.py``.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from warehouse.database import MEMORY_MEGABYTES, Connection, attach, open_warehouse, sql
from warehouse.publish import CONTENT_TABLES
from warehouse.snapshots import open_together


@dataclass(frozen=True, slots=True, kw_only=True)
class LostFile:
    """An archive file that pages of the collection record lie in, and that is not there to be read."""

    name: str
    pages: int
    is_pruned: bool  # deleted by its owner's rule; otherwise it is simply missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedTable:
    """A content table that is not what it was."""

    table: str
    came: int  # rows that were not there before
    went: int  # rows that are not there any more


def lost_files(connection: Connection, archive: Path, outlets: Collection[str]) -> list[LostFile]:
    """The archive files that pages of these outlets would have to be read from, and that cannot be: by name."""
    rows = connection.execute(sql("statements/files_of_pages.sql"), {"outlets": list(outlets)}).fetchall()
    return [
        LostFile(name=name, pages=pages, is_pruned=is_pruned)
        for name, pages, is_pruned in rows
        if is_pruned or not (archive / name).is_file()  # an absolute path of a backfill stands for itself
    ]


def carry_history(connection: Connection, old: Path, run_id: str) -> None:
    """Take over the history of the old warehouse, which must have the same schema. ``run_id`` is the run that rebuilds."""
    attach(connection, old, "old", "(READ_ONLY)")
    try:
        connection.execute(sql("statements/ended_in_rebuild.sql"), {"run_id": run_id}).fetchall()
        connection.execute(sql("statements/carry_history.sql")).fetchall()
    finally:
        connection.execute("DETACH old").fetchall()


def carry_results(connection: Connection, rebuilt: Path, run_id: str) -> None:
    """Take what the audit found in a rebuild that it refused over into the warehouse that stays."""
    attach(connection, rebuilt, "rebuilt", "(READ_ONLY)")
    try:
        connection.execute(
            "INSERT INTO history.quality_results BY NAME FROM rebuilt.history.quality_results WHERE run_id = ?", [run_id]
        ).fetchall()
    finally:
        connection.execute("DETACH rebuilt").fetchall()


def put_in_place(rebuilt: Path, warehouse: Path) -> None:
    """Let the rebuilt warehouse take the old one's place in one step. Nobody has either open."""
    for path in (rebuilt, warehouse):  # a log that lay beside the old one would be taken for the new one's
        with open_warehouse(path) as connection:
            connection.execute("CHECKPOINT warehouse").fetchall()
    with rebuilt.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(rebuilt, warehouse)
    folder = os.open(warehouse.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def changed_tables(before: Path, after: Path, memory_megabytes: int = MEMORY_MEGABYTES) -> list[ChangedTable]:
    """The content tables that differ between two published files, in the columns that both have."""
    changed = []
    with open_together({"before": before, "after": after}, memory_megabytes) as connection:
        for table in CONTENT_TABLES:
            names = connection.execute(sql("statements/shared_columns.sql"), {"table_name": table}).fetchall()
            columns = ", ".join(f'"{name}"' for (name,) in names)
            if not columns:  # a table that the file before does not have yet
                (came,) = connection.execute(f"SELECT count(*) FROM after.{table}").fetchall()[0]  # noqa: S608 - names of the program's own
                went = 0
            else:
                came, went = (_only_in(connection, table, columns, *pair) for pair in (("after", "before"), ("before", "after")))
            if came or went:
                changed.append(ChangedTable(table=table, came=came, went=went))
    return changed


def _only_in(connection: Connection, table: str, columns: str, one: str, other: str) -> int:
    rows = f"SELECT {columns} FROM {one}.{table} EXCEPT ALL SELECT {columns} FROM {other}.{table}"  # noqa: S608 - names of the program's own
    return int(connection.execute(f"SELECT count(*) FROM ({rows})").fetchall()[0][0])  # noqa: S608
