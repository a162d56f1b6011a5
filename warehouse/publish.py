"""From the private warehouse to ``coverage.duckdb``: stories, marts, audit, one atomic replacement.

The content tables are a function of the collection record, the archive and the configuration: nothing here looks at the clock,
except for ``snapshot.published_at``, which is no content.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.audit import QualityResult, audit, record, refusals
from warehouse.database import SCHEMA_VERSION, Connection, attach, open_published, sql
from warehouse.ledger import settle_positions
from warehouse.stories import find_stories

CONTENT_TABLES = (
    "outlets", "watchlists", "candidates", "endorsers", "articles", "article_versions", "mentions", "suppressed_mentions",
    "office_references", "article_candidates", "article_watchlists", "stories", "quotes", "endorsements", "positions", "uncounted",
    "sources", "collection_health", "coverage_by_outlet_day",
)  # fmt: skip
HISTORY_TABLES = ("runs", "outcomes", "quality_results", "revisions")
# what is built, in order: each may read those before it; the first of each pair is built as a temporary table
_TEMPORARY_BEFORE = {"outlets": ("as_of", "article_pages"), "collection_health": ("outlet_days",)}
# what is computed by code rather than SQL before a table, as temporary tables that its mart reads
_COMPUTED_BEFORE = {"articles": find_stories, "endorsements": settle_positions}
_STORAGE = "(STORAGE_VERSION 'v1.5.0')"  # readable by DuckDB 1.5 and newer


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


def publish(connection: Connection, target: Path, snapshot: Snapshot) -> Publication:
    """Build the published file beside ``target``, audit it, and put it in place. A refused file leaves the previous one untouched."""
    building = target.with_name(f".{target.name}.{os.getpid()}.building")
    _remove_leftovers(target)
    try:
        attach(connection, building, "published", _STORAGE)
        try:
            results, snapshot_hash = _build(connection, target, snapshot)
        finally:
            connection.execute("USE warehouse").fetchall()
            connection.execute("CHECKPOINT published").fetchall()
            connection.execute("DETACH published").fetchall()
        if snapshot_hash is not None:
            _put_in_place(building, target)
    finally:
        _remove_leftovers(target)
    return Publication(results=tuple(results), snapshot_hash=snapshot_hash)


def _build(connection: Connection, target: Path, snapshot: Snapshot) -> tuple[list[QualityResult], str | None]:
    connection.execute("USE published").fetchall()
    build_tables(connection, snapshot.publish_text)
    _remember_previous(connection, target)
    results = audit(connection, "published")
    connection.execute("USE warehouse").fetchall()
    record(connection, snapshot.run_id, results)
    if refusals(results):
        return results, None
    snapshot_hash = content_hash(connection, "published")
    # the file carries a copy of the history, so the run is closed before it is copied
    connection.execute(
        "UPDATE history.runs SET snapshot_hash = ?, status = 'succeeded', finished_at = ? WHERE run_id = ?",
        [snapshot_hash, snapshot.published_at, snapshot.run_id],
    ).fetchall()
    connection.execute("USE published").fetchall()
    for table in HISTORY_TABLES:
        connection.execute(f"INSERT INTO {table} BY NAME {sql(f'marts/{table}.sql')}").fetchall()
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
    return results, snapshot_hash


def build_tables(connection: Connection, publish_text: str) -> None:
    """Create the published tables in the catalogue in use and fill the content tables from the catalogue ``warehouse``. Judges nothing."""
    connection.execute(sql("published.sql")).fetchall()
    connection.execute("CREATE OR REPLACE TEMP TABLE settings AS SELECT ? AS publish_text", [publish_text]).fetchall()
    for table in CONTENT_TABLES:
        for name in _TEMPORARY_BEFORE.get(table, ()):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql(f'marts/{name}.sql')}").fetchall()
        if table in _COMPUTED_BEFORE:
            _COMPUTED_BEFORE[table](connection)
        connection.execute(f"INSERT INTO {table} BY NAME {sql(f'marts/{table}.sql')}").fetchall()


def content_hash(connection: Connection, catalog: str) -> str:
    """A hash over the rows of the content tables, whatever their order: of each table the number of rows and the sums of their MD5."""
    parts = []
    for table in CONTENT_TABLES:
        # sums, as equal rows would cancel out in an XOR
        sums = connection.execute(
            f"""
            SELECT count(*), sum(md5_number_lower(content)::HUGEINT), sum(md5_number_upper(content)::HUGEINT)
            FROM (SELECT to_json(rows)::VARCHAR AS content FROM {catalog}.{table} AS rows)
            """  # noqa: S608
        ).fetchall()[0]
        parts.append(f"{table}:{sums}")
    (digest,) = connection.execute("SELECT sha256(?)", ["\n".join(parts)]).fetchall()[0]
    return str(digest)


def _remember_previous(connection: Connection, target: Path) -> None:
    """The articles and named candidates of the file that is being replaced, for the checks that compare."""
    connection.execute("CREATE OR REPLACE TEMP TABLE previous_articles (article_id VARCHAR, outlet_id VARCHAR)").fetchall()
    connection.execute("CREATE OR REPLACE TEMP TABLE previous_candidates (candidate_id VARCHAR)").fetchall()
    if target.is_file():
        with open_published(target) as previous:
            articles = previous.sql("SELECT article_id, outlet_id FROM articles").to_arrow_table()
            candidates = previous.sql("SELECT DISTINCT candidate_id FROM mentions").to_arrow_table()
        for table, rows in (("previous_articles", articles), ("previous_candidates", candidates)):
            connection.register("previous_rows", rows)
            connection.execute(f"INSERT INTO {table} FROM previous_rows").fetchall()
            connection.unregister("previous_rows")


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
