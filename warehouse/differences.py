"""What differs between two published files: counts, articles, positions, outlets, candidates.

The comparison is SQL (``queries/diff_*.sql``) over both files side by side. A file of an older schema lacks columns: what both have is
compared, and what is left out is told. Keeping and restoring files is :mod:`warehouse.snapshots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.database import MEMORY_MEGABYTES, Connection, sql
from warehouse.publish import CONTENT_TABLES
from warehouse.snapshots import Snapshot, UnreadableSnapshot, open_together, read_snapshot

if TYPE_CHECKING:
    from pathlib import Path

# table → its key, and what is compared beside it or shown with it. In the order in which differences are shown.
COMPARED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "coverage_by_outlet_day": (
        ("outlet_id", "day", "watchlist_id", "candidate_id"),
        (
            "articles", "race_articles", "unique_articles", "originals", "mentions", "total_articles", "share_of_voice", "list_mentions",
            "collection_status", "is_final",
        ),
    ),
    "articles": (("article_id",), ("outlet_id", "published_on", "story_id", "title")),
    "positions": (
        ("watchlist_id", "endorser", "candidate_id", "number"),
        ("stance", "status", "changed_on", "speaker", "stated_on", "flag", "first_article_id"),
    ),
    "outlets": (("outlet_id",), ("name", "country", "language", "timezone", "homepage", "is_agency", "panel_from", "panel_until")),
    "candidates": (("candidate_id",), ("watchlist_id", "name", "country", "status", "withdrew_on")),
}  # fmt: skip
KEYS = ("outlet_id", "day", "watchlist_id", "candidate_id", "endorser", "number", "article_id")
COLUMNS = ("table_name", "change", *KEYS, "title", "measure", "before", "after")  # of a row of differences
_FILES = {"earlier": "earlier_file", "later": "later_file"}  # schema of what is compared → catalogue of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDifference:
    """One content table in both files."""

    table: str
    rows_before: int | None  # None: the file has no such table
    rows_after: int | None
    came: int | None  # None: not compared row by row
    went: int | None
    changed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two published files compared."""

    before: Snapshot
    after: Snapshot
    tables: tuple[TableDifference, ...]
    measures: tuple[tuple[str, str, int], ...]  # table, measure, in how many rows of both files it changed
    rows: tuple[dict[str, Any], ...]  # keys: COLUMNS
    left_off: int  # rows beyond the limit
    not_compared: tuple[str, ...]  # what one of the files lacks


def compare(before: Path, after: Path, most: int = 0, memory_megabytes: int = MEMORY_MEGABYTES) -> Difference:
    """Compare two published files; of each table at most ``most`` rows are told (0: all).

    Raises:
        FileNotFoundError: one is not there.
        UnreadableSnapshot, SchemaTooNew: see :func:`warehouse.snapshots.read_snapshot`.
    """
    found = {"earlier": read_snapshot(before), "later": read_snapshot(after)}
    try:
        with open_together({_FILES["earlier"]: before, _FILES["later"]: after}, memory_megabytes) as connection:
            not_compared = _prepare(connection, found)
            connection.execute(sql("queries/diff_rows.sql")).fetchall()
            for table in COMPARED:
                rows = f"SELECT '{table}' AS table_name, * FROM ({sql(f'queries/diff_{table}.sql')})"  # noqa: S608 - a name from above
                connection.execute(f"INSERT INTO differing BY NAME {rows}").fetchall()
            changes = {(table, change): number for table, change, number in connection.execute(sql("queries/diff_changes.sql")).fetchall()}
            measures = connection.execute(sql("queries/diff_measures.sql")).fetchall()
            shown = connection.execute(sql("queries/diff_shown.sql"), {"most": most, "tables": list(COMPARED)}).fetchall()
            (number,) = connection.execute("SELECT count(*) FROM differing").fetchall()[0]
            tables = tuple(_table(connection, table, changes) for table in CONTENT_TABLES)
    except duckdb.Error as error:
        raise UnreadableSnapshot(f"{before.name} and {after.name} cannot be compared: {error}") from error
    return Difference(
        before=found["earlier"], after=found["later"], tables=tables, measures=tuple(sorted(measures, key=_place)),
        rows=tuple(dict(zip(COLUMNS, row, strict=True)) for row in shown), left_off=number - len(shown), not_compared=tuple(not_compared),
    )  # fmt: skip


def _place(measure: tuple[str, str, int]) -> int:
    return list(COMPARED).index(measure[0])


def _prepare(connection: Connection, found: dict[str, Snapshot]) -> list[str]:
    """Schemas ``earlier`` and ``later`` with the same columns: what one of the files lacks is NULL in both. Returns what that is."""
    missing: list[str] = []
    there = {schema: _columns(connection, catalog) for schema, catalog in _FILES.items()}
    for schema in _FILES:
        connection.execute(f"CREATE SCHEMA {schema}").fetchall()
    for table, (key, others) in COMPARED.items():
        lacking = {c: [found[s].name for s in _FILES if (table, c) not in there[s]] for c in (*key, *others)}
        is_compared = not any(lacking[column] for column in key)
        if is_compared:
            missing += [f"{table}.{column}: not in {' nor in '.join(names)}" for column, names in lacking.items() if names]
        else:
            missing.append(f"{table}: not in both files")
        chosen = ", ".join(column if is_compared and not names else f"NULL AS {column}" for column, names in lacking.items())
        for schema, catalog in _FILES.items():
            source = f"FROM {catalog}.{table}" if is_compared else "WHERE false"
            connection.execute(f"CREATE VIEW {schema}.{table} AS SELECT {chosen} {source}").fetchall()
    return missing


def _columns(connection: Connection, catalog: str) -> set[tuple[str, str]]:
    """Table and column of everything in a file."""
    query = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main'"
    return {(table, column) for table, column in connection.execute(query, [catalog]).fetchall()}


def _table(connection: Connection, table: str, changes: dict[tuple[str, str], int]) -> TableDifference:
    counts = []
    for catalog in _FILES.values():
        there = table in {name for name, _ in _columns(connection, catalog)}
        counts.append(connection.execute(f"SELECT count(*) FROM {catalog}.{table}").fetchall()[0][0] if there else None)  # noqa: S608
    came, went, changed = (changes.get((table, change), 0) if table in COMPARED else None for change in ("came", "went", "changed"))
    return TableDifference(table=table, rows_before=counts[0], rows_after=counts[1], came=came, went=went, changed=changed)
