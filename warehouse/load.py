"""From the collection record and read pages into the private warehouse: journals, staging, core, outcomes.

Each public function is one step; the SQL stands in ``statements/``. Judging a batch is ``audit``, making the marts is ``publish``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from transforms import frames
from transforms.known import KnownItems
from transforms.params import Configuration
from transforms.reading import PageToRead, TextToAnnotate
from transforms.records import ArticleLink, CollectionState, FetchedPage, PendingItem, Revisit, SourceKind, SourceState, StoredBody
from transforms.urls import domain_key
from warehouse.database import Connection, sql, transaction


class DamagedJournal(Exception):
    """A journal of the collection record is unreadable somewhere else than in its last line, or an event in it lacks what it must have."""


def load_journals(connection: Connection, archive: Path) -> int:
    """Load every journal below ``archive`` that is not loaded yet, each in a transaction; returns how many.

    Raises:
        DamagedJournal: see there. A torn last line is what a killed pass leaves and is passed over.
    """
    done = {name for (name,) in connection.execute("SELECT name FROM collection.journals").fetchall()}
    fresh = sorted(path for path in archive.rglob("*.jsonl") if path.relative_to(archive).as_posix() not in done)
    for path in fresh:
        with transaction(connection):
            if path.stat().st_size:
                _load_journal(connection, path)
            connection.execute("INSERT INTO collection.journals VALUES (?)", [path.relative_to(archive).as_posix()]).fetchall()
    return len(fresh)


def _load_journal(connection: Connection, path: Path) -> None:
    connection.execute(sql("statements/read_journal.sql"), {"path": str(path)}).fetchall()
    (torn,) = connection.execute("SELECT count(*) FROM journal WHERE event IS NULL").fetchall()[0]
    with path.open("rb") as file:
        file.seek(-1, 2)
        ends_well = file.read(1) == b"\n"
    if torn > (0 if ends_well else 1):
        raise DamagedJournal(f"{path}: {torn} unreadable lines; restore the file from a backup, or take the broken lines out by hand")
    try:
        for name in (
            "load_polls", "load_items", "load_fetches", "load_pruned", "outcomes_of_fetches", "outcomes_of_known_records", "note_journal",
        ):  # fmt: skip
            connection.execute(sql(f"statements/{name}.sql")).fetchall()
    except duckdb.ConstraintException as error:
        raise DamagedJournal(f"{path}: an event lacks what it must have ({error}); restore the file from a backup") from error


def replace_configuration(connection: Connection, configuration: Configuration) -> None:
    """Put the configuration that the content tables are a function of into ``core``."""
    outlets = [
        (
            o.id, o.name, o.country, o.language, o.timezone, o.homepage, o.agency, o.panel_from, o.panel_until, o.articles_per_day,
            o.articles_per_day_min, o.articles_per_day_max,
        )
        for o in configuration.outlets
    ]  # fmt: skip
    lists = [(w.id, w.title, w.kind, w.watched_from, w.watched_until, w.decided_on) for w in configuration.watchlists]
    endorsers = [(w.id, e.country, e.name, position) for w in configuration.watchlists for position, e in enumerate(w.endorsers)]
    candidates = [
        (
            c.id,
            w.id,
            c.name,
            c.country,
            max(c.status, key=lambda change: change.on).status if c.status else None,
            position,
            c.withdrew_on,
        )
        for w in configuration.watchlists
        for position, c in enumerate(w.candidates)
    ]
    domains = [(o.id, domain_key(domain)) for o in configuration.outlets for domain in o.domains]
    suppressions = [(s.article_id, s.candidate_id, s.reason) for s in configuration.corrections.suppress]
    with transaction(connection):
        connection.execute("CREATE OR REPLACE TEMP TABLE earlier_suppressions AS FROM core.suppressions").fetchall()
        for table, rows in (
            ("outlets", outlets),
            ("outlet_domains", domains),
            ("watchlists", lists),
            ("candidates", candidates),
            ("endorsers", endorsers),
            ("suppressions", suppressions),
        ):
            connection.execute(f"DELETE FROM core.{table}").fetchall()  # noqa: S608 - a name from the line above
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO core.{table} VALUES ({marks})", rows)  # noqa: S608
        connection.execute(sql("statements/note_corrections.sql")).fetchall()


def collection_state(connection: Connection) -> CollectionState:
    """What a collector has to know before it polls."""
    pending: dict[str, list[PendingItem]] = {}
    for item_id, outlet_id, url, title, published_at, raw, authors, language, first_seen_at, attempts, deferred in connection.execute(
        sql("statements/pending_items.sql")
    ).fetchall():
        link = ArticleLink(
            url=url, title=title, published_at=published_at, published_raw=raw, authors=tuple(authors or ()), language=language
        )
        pending.setdefault(outlet_id, []).append(
            PendingItem(
                item_id=item_id, outlet_id=outlet_id, link=link, first_seen_at=first_seen_at, attempts=attempts, was_deferred=deferred
            )
        )
    revisits: dict[str, list[Revisit]] = {}
    for row in _rows(connection, "revisits"):
        revisits.setdefault(row.pop("outlet_id"), []).append(Revisit(**row | {"body": _stored_body(row["body"])}))
    held = connection.execute(sql("statements/held_outlets.sql")).fetchall()
    return CollectionState(
        sources={
            (row.pop("outlet_id"), row.pop("source_url")): SourceState(
                **row | {"kind": SourceKind(row["kind"]), "body": _stored_body(row["body"])}
            )
            for row in _rows(connection, "last_polls")
        },
        known=_known_items(connection),
        pending={outlet: tuple(items) for outlet, items in pending.items()},
        revisits={outlet: tuple(articles) for outlet, articles in revisits.items()},
        held_until=dict(held),
    )


def _known_items(connection: Connection) -> dict[str, KnownItems]:
    """Two columns of numbers for each outlet, cut out of those of all."""
    sizes = connection.execute("SELECT outlet_id, count(*) FROM collection.items GROUP BY outlet_id ORDER BY outlet_id").fetchall()
    columns = connection.execute(sql("statements/known_items.sql")).fetchnumpy()
    ids, seen = np.asarray(columns["id"]), np.asarray(columns["seen"])
    known: dict[str, KnownItems] = {}
    start = 0
    for outlet_id, size in sizes:
        known[outlet_id] = KnownItems(ids[start : start + size], seen[start : start + size])
        start += size
    return known


def _rows(connection: Connection, statement: str) -> list[dict[str, Any]]:
    result = connection.execute(sql(f"statements/{statement}.sql"))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _stored_body(value: dict[str, Any] | None) -> StoredBody | None:
    return StoredBody(**value) if value is not None else None


def clear_staging(connection: Connection) -> None:
    """Forget the batch of an earlier run: its pages are read again."""
    with transaction(connection):
        connection.execute(sql("statements/clear_staging.sql")).fetchall()


def pages_to_read(connection: Connection, versions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of ``statements/pages_to_read.sql`` for outlet_id → read version; see :func:`page_entry` and :func:`fetched_page`."""
    if not versions:
        return []
    result = connection.execute(sql("statements/pages_to_read.sql"), {"versions": _map(versions)})
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def page_entry(row: Mapping[str, Any]) -> PageToRead:
    """The identity of a response to read."""
    return PageToRead(**{name: row[name] for name in PageToRead.__dataclass_fields__})


def fetched_page(row: Mapping[str, Any], content: bytes) -> FetchedPage:
    """The response to read, with the bytes from the archive and what its source said of it."""
    link = None
    if row["listed_url"] is not None:
        link = ArticleLink(
            url=row["listed_url"],
            title=row["listed_title"],
            published_at=row["listed_at"],
            published_raw=row["listed_raw"],
            authors=tuple(row["listed_authors"] or ()),
            language=row["listed_language"],
        )
    return FetchedPage(
        url=row["url"],
        final_url=row["final_url"] or row["url"],
        content=content,
        content_type=row["content_type"],
        fetched_at=row["fetched_at"],
        link=link,
    )


def articles_to_annotate(connection: Connection, versions: Mapping[str, str]) -> Iterator[TextToAnnotate]:
    """The articles that a new or changed watch list (id → version) has not seen."""
    if versions and not connection.execute(sql("statements/answered_articles.sql"), {"versions": _map(versions)}).fetchall()[0][0]:
        for fetch_id, title, text, language, published_on, watchlist_ids in connection.execute(
            sql("statements/pages_to_annotate.sql"), {"versions": _map(versions)}
        ).fetchall():
            yield TextToAnnotate(
                fetch_id=fetch_id, title=title, text=text, language=language, published_on=published_on, watchlist_ids=watchlist_ids
            )


def pages_waiting(connection: Connection, read_versions: Mapping[str, str], list_versions: Mapping[str, str]) -> int:
    """How many pages and annotations the core lacks by these versions."""
    return len(pages_to_read(connection, read_versions)) + sum(1 for _ in articles_to_annotate(connection, list_versions))


def stage(connection: Connection, batches: Iterable[Mapping[str, Iterable[Mapping[str, Any]]]], run_id: str | None = None) -> None:
    """Add rows to the batch of a run: each of ``batches`` is table (of :data:`transforms.frames.STAGED`) → rows."""
    gathered: dict[str, list[Mapping[str, Any]]] = {table: [] for table in frames.STAGED}
    for batch in batches:
        for table, rows in batch.items():
            gathered[table].extend(rows)
    with transaction(connection):
        for table, rows in gathered.items():
            if rows:
                connection.register("staged_rows", pl.DataFrame(rows, schema=frames.STAGED[table]).to_arrow())
                connection.execute(f"INSERT INTO staging.{table} BY NAME FROM staged_rows").fetchall()
                connection.unregister("staged_rows")
        if run_id is not None and any(gathered.values()):
            connection.execute("INSERT INTO staging.batch SELECT ? WHERE NOT EXISTS (FROM staging.batch)", [run_id]).fetchall()


def is_staged(connection: Connection) -> bool:
    """Does a batch lie in staging?"""
    return connection.execute("SELECT EXISTS (FROM staging.pages) OR EXISTS (FROM staging.page_watchlists)").fetchall() == [(True,)]


def staged_by(connection: Connection, read_versions: Mapping[str, str], list_versions: Mapping[str, str]) -> bool:
    """Was the staged batch read by these versions?"""
    pages = connection.execute("SELECT DISTINCT outlet_id, read_version FROM staging.pages").fetchall()
    answers = connection.execute("SELECT DISTINCT watchlist_id, list_version FROM staging.page_watchlists").fetchall()
    return all(read_versions.get(name) == version for name, version in pages) and all(
        list_versions.get(name) == version for name, version in answers
    )


def commit_batch(connection: Connection, run_id: str) -> None:
    """Outcomes and the audited batch, in one transaction."""
    with transaction(connection):
        connection.execute(sql("statements/note_outcomes.sql"), {"run_id": run_id}).fetchall()
        connection.execute(sql("statements/outcomes_of_pages.sql"), {"run_id": run_id}).fetchall()
        connection.execute(sql("statements/commit_batch.sql")).fetchall()


def defer_batch(connection: Connection, run_id: str) -> None:
    """Note for each new item of a refused batch that it waits. The batch stays in staging for inspection."""
    with transaction(connection):
        connection.execute(sql("statements/note_outcomes.sql"), {"run_id": run_id}).fetchall()
        connection.execute(sql("statements/outcomes_of_refused.sql"), {"run_id": run_id}).fetchall()
        connection.execute("UPDATE staging.batch SET run_id = ?", [run_id]).fetchall()  # it is that of the run that judged it last


def start_run(connection: Connection, run_id: str, command: str, started_at: datetime, code_version: str, config_hash: str) -> None:
    """Open a run; runs that never ended are marked, since only one process can hold the warehouse."""
    with transaction(connection):
        connection.execute(
            """
            UPDATE history.runs SET status = 'interrupted', detail = 'ended without a word; its work was taken over'
            WHERE status = 'running' AND run_id <> ?
            """,
            [run_id],
        ).fetchall()
        connection.execute(
            "INSERT INTO history.runs VALUES (?, ?, ?, NULL, 'running', NULL, ?, ?, NULL) ON CONFLICT (run_id) DO NOTHING",
            [run_id, command, started_at, code_version, config_hash],
        ).fetchall()


def end_run(connection: Connection, run_id: str, finished_at: datetime, status: str, detail: str | None = None) -> None:
    """Close a run: succeeded, refused or failed."""
    connection.execute(
        "UPDATE history.runs SET finished_at = ?, status = ?, detail = ? WHERE run_id = ?", [finished_at, status, detail, run_id]
    ).fetchall()


def _map(versions: Mapping[str, str]) -> dict[str, Any]:
    # DuckDB's own form of a MAP parameter
    return {"key": list(versions), "value": list(versions.values())}
