"""Small warehouses for tests: a configuration, journal lines and read pages, with everything that a test does not care about filled in.

Instants are written as "2024-07-01 06:00" (UTC), days as "2024-07-01". What is expected stands in the tests, never here.
"""

# ruff: noqa: E501 (rows with everything that a table asks for)

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from transforms.params import Configuration
from warehouse import load, publish
from warehouse.database import Connection, open_published, open_warehouse

Row = dict[str, Any]
RUN = "run-one"
LIST = "the-post"
PUBLISHED_AT = datetime(2024, 7, 31, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


# ---- configuration


def outlet(outlet_id: str = "post", **values: Any) -> Row:
    return {
        "id": outlet_id, "name": outlet_id.title(), "homepage": f"https://{outlet_id}.example/", "domains": (f"{outlet_id}.example",), "country": "GB",
        "language": "en", "timezone": "UTC", "feeds": (f"https://{outlet_id}.example/feed",), **values,
    }  # fmt: skip


def watchlist(
    watchlist_id: str = LIST, people: Sequence[str] = ("ann", "bob"), since: str = "2024-01-01", until: str = "2024-12-31"
) -> Row:
    candidates = tuple({"id": name, "name": f"{name.title()} Stone", "country": "NL"} for name in people)
    return {
        "id": watchlist_id,
        "title": watchlist_id.title(),
        "watched_from": day(since),
        "watched_until": day(until),
        "candidates": candidates,
        "endorsers": ({"country": "FR", "name": "France"}, {"country": "DE", "name": "Germany"}),
    }


def configuration(
    outlets: Iterable[Row] = (outlet(),), watchlists: Iterable[Row] = (watchlist(),), suppress: Iterable[Row] = ()
) -> Configuration:
    return Configuration.model_validate(
        {
            "settings": {"contact": "desk@example.org"},
            "outlets": tuple(outlets),
            "watchlists": tuple(watchlists),
            "corrections": {"suppress": tuple(suppress)},
        }
    )


# ---- the collection record


def poll(
    polled_at: str, result: str = "ok", *, outlet_id: str = "post", source: str = "feed", kind: str = "feed", known: int = 0, **values: Any
) -> Row:
    """A poll; ``items`` are URLs or whole items."""
    items = [item(entry, outlet_id) if isinstance(entry, str) else entry for entry in values.pop("items", ())]
    return {
        "event": "poll", "run_id": RUN, "outlet_id": outlet_id, "source_url": f"https://{outlet_id}.example/{source}", "source_kind": kind,
        "polled_at": stamp(polled_at), "result": result, "reason": None, "detail": None, "http_status": 200, "listed": len(items) + known, "known": known,
        "oldest_listed_at": None, "newest_listed_at": None, "etag": None, "last_modified": None, "warc_file": None, "warc_offset": None,
        "record_id": None, "items": items, **{key: stamp(value) if key.endswith("_at") and value else value for key, value in values.items()},
    }  # fmt: skip


def item(url: str, outlet_id: str = "post", **values: Any) -> Row:
    return {
        "item_id": item_id(url, outlet_id), "url": full(url, outlet_id), "title": None, "published_at": None, "published_raw": None, "authors": [],
        "language": None, **values,
    }  # fmt: skip


def fetch(url: str, fetched_at: str, result: str = "fetched", *, outlet_id: str | None = "post", **values: Any) -> Row:
    """A fetch of one's own; with ``origin="archive"`` an archived response."""
    record = values.pop("record_id", digest("record", outlet_id, url, fetched_at) if result == "fetched" else None)
    archived = values.get("origin") == "archive"
    return {
        "event": "fetch", "run_id": RUN, "outlet_id": outlet_id, "item_id": digest(record) if archived else item_id(url, outlet_id or ""),
        "url": full(url, outlet_id or ""), "fetched_at": stamp(fetched_at), "result": result, "reason": None, "detail": None, "http_status": 200,
        "final_url": None, "content_type": "text/html", "warc_file": "a.warc.gz", "warc_offset": 0, "record_id": record, "payload_bytes": 10,
        "attempt": 1, "redirects": 0, "origin": None, "since": None, "until": None, **values,
    }  # fmt: skip


def full(url: str, outlet_id: str) -> str:
    return url if "://" in url else f"https://{outlet_id}.example/{url}"


def item_id(url: str, outlet_id: str = "post") -> str:
    return digest("item", outlet_id, full(url, outlet_id))


def article_id(url: str, outlet_id: str = "post") -> str:
    return digest("article", outlet_id, full(url, outlet_id))


def digest(*parts: Any) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def stamp(text: str) -> str:
    return at(text).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write_journal(archive: Path, events: Iterable[Mapping[str, Any]], name: str = "a.jsonl", *, tail: str = "") -> Path:
    path = archive / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + tail, encoding="utf-8")
    return path


# ---- read pages


def page(event: Row, **values: Any) -> Row:
    """The staged row of a fetched event: an article of its day, unless the values say otherwise. ``canonical`` names another URL of the same outlet."""
    outlet_id = event["outlet_id"]
    canonical = full(values.pop("canonical", event["url"]), outlet_id)
    fetched_at = datetime.fromisoformat(event["fetched_at"].replace("Z", "+00:00"))
    published = values.pop("published", fetched_at - timedelta(hours=1))
    if isinstance(published, str):
        published = at(published) if ":" in published else day(published)
    known_at = isinstance(published, datetime)
    text = values.pop("text", None) or " ".join(
        f"{word}{digest(canonical)[:6]}" for word in ("one", "two", "three", "four", "five", "six", "seven")
    )
    return {
        "fetch_id": event["record_id"], "origin": event["origin"] or "own", "outlet_id": outlet_id, "item_id": event["item_id"], "url": event["url"],
        "fetched_at": fetched_at, "first_seen_at": fetched_at, "article_id": article_id(canonical, outlet_id), "canonical_url": canonical,
        "title": f"About {canonical}", "text": text, "authors": [], "byline_org": None, "wire_agency": None,
        "published_at": published if known_at else None, "published_on": published.date() if known_at else published, "modified_at": None,
        "date_source": "meta" if published else None, "date_precision": "second" if known_at else "day" if published else "none", "language": "en",
        "access": "full", "word_count": len(text.split()), "rejected_stage": None, "rejected_reason": None, "rejected_detail": None, "read_version": "v1",
        **values,
    }  # fmt: skip


def rejected(event: Row, reason: str, **values: Any) -> Row:
    nothing = dict.fromkeys((
        "article_id", "canonical_url", "title", "text", "authors", "published_at", "published_on", "date_source", "date_precision", "language", "access",
        "word_count",
    ))  # fmt: skip
    return page(event) | nothing | {"rejected_stage": "extract", "rejected_reason": reason, "rejected_detail": "because"} | values


def answers(row: Row, lists: Iterable[str] = (LIST,), in_race: Iterable[str] = ()) -> list[Row]:
    """What each watch list says of a page; ``in_race`` names the contenders."""
    contenders = sorted(in_race)
    return [
        {
            "fetch_id": row["fetch_id"],
            "watchlist_id": name,
            "in_race": bool(contenders),
            "candidates_in_race": contenders,
            "list_version": "l1",
        }
        for name in lists
    ]


def mention(
    row: Row,
    candidate_id: str,
    surface: str | None = None,
    *,
    field: str = "text",
    number: int = 0,
    watchlist_id: str = LIST,
    **values: Any,
) -> Row:
    """The mention whose surface stands in the page for the ``number``-th time (from 0)."""
    surface = surface or f"{candidate_id.title()} Stone"
    start = -1
    for _ in range(number + 1):
        start = row[field].index(surface, start + 1)
    return {
        "fetch_id": row["fetch_id"], "watchlist_id": watchlist_id, "candidate_id": candidate_id, "field": field, "char_start": start,
        "char_end": start + len(surface), "surface": surface, "sentence": row[field], "rule": "full_name", **values,
    }  # fmt: skip


def spanned(row: Row, words: str, field: str, watchlist_id: str) -> Row:
    start = row[field].index(words)
    place = {"field": field, "char_start": start, "char_end": start + len(words)}
    return {"fetch_id": row["fetch_id"], "watchlist_id": watchlist_id, **place}


def statement(
    row: Row, endorser: str = "FR", candidate_id: str = "ann", evidence: str | None = None, *, watchlist_id: str = LIST, **values: Any
) -> Row:
    """A row of page_endorsements; the evidence stands in the text, which it is unless told otherwise."""
    evidence = evidence or row["text"]
    return {
        **spanned(row, evidence, "text", watchlist_id), "endorser": endorser, "candidate_id": candidate_id, "stance": "supports",
        "status": "stated", "speaker": None, "speaker_role": None, "said_on": None, "evidence": evidence, "rule": "backs", **values,
    }  # fmt: skip


def quote(row: Row, words: str, candidate_id: str = "ann", *, watchlist_id: str = LIST, **values: Any) -> Row:
    """A row of page_quotes."""
    said = {"candidate_id": candidate_id, "direction": "by", "speaker": "Ann Stone", "is_direct": True, "quote": words}
    return {**spanned(row, words, "text", watchlist_id), **said, **values}


def reference(row: Row, words: str, candidate_id: str = "ann", *, watchlist_id: str = LIST) -> Row:
    """A row of page_references."""
    return {**spanned(row, words, "text", watchlist_id), "candidate_id": candidate_id, "surface": words, "rule": "office"}


# ---- warehouses


class World:
    """A warehouse with a configuration, filled by hand past the journals and the audit (which have tests of their own)."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self.connection, self.folder = connection, folder
        self.target = folder / "coverage.duckdb"
        self._journals = 0

    def configure(self, settings: Configuration) -> None:
        load.replace_configuration(self.connection, settings)

    def record(self, *events: Row, tail: str = "") -> None:
        self._journals += 1
        archive = self.folder / "archive"
        write_journal(archive, events, f"{self._journals:04}.jsonl", tail=tail)
        load.load_journals(self.connection, archive)

    def stage(self, pages: Iterable[Row], lists: Iterable[Row] = (), mentions: Iterable[Row] = (), **others: Iterable[Row]) -> None:
        load.stage(self.connection, [{"pages": pages, "page_watchlists": lists, "page_mentions": mentions, **others}])

    def commit(self, run_id: str = RUN) -> None:
        load.commit_batch(self.connection, run_id)

    def add(self, *pages: Row, lists: Iterable[Row] | None = None, mentions: Iterable[Row] = (), **others: Iterable[Row]) -> None:
        """Stage and commit; each page has an answer of the usual list unless told otherwise. ``others``: rows of further staging tables."""
        self.stage(pages, [a for row in pages for a in answers(row)] if lists is None else lists, mentions, **others)
        self.commit()

    def publish(self, text: str = "mentions", run_id: str = RUN, *, anew: bool = False) -> publish.Publication:
        load.start_run(self.connection, run_id, "run", PUBLISHED_AT, "1.0", "c")
        snapshot = publish.Snapshot(run_id=run_id, published_at=PUBLISHED_AT, code_version="1.0", config_hash="c", publish_text=text)
        return publish.publish(self.connection, self.target, snapshot, anew=anew)

    def query(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(text, list(values)).fetchall()

    def published(self, text: str) -> list[tuple[Any, ...]]:
        return rows(self.target, text)

    def build(self) -> None:
        """The marts without the audit, as temporary tables: for tests of single marts."""
        build_marts(self.connection)


@contextmanager
def world(folder: Path, settings: Configuration | None = None) -> Iterator[World]:
    with open_warehouse(folder / "warehouse.duckdb") as connection:
        made = World(connection, folder)
        made.configure(settings or configuration())
        yield made


def rows(path: Path, text: str) -> list[tuple[Any, ...]]:
    with open_published(path) as connection:
        return connection.execute(text).fetchall()


def build_marts(connection: Connection) -> None:
    """Every mart in its order, in an in-memory catalogue named ``published``; the audit is left out."""
    databases = {name for (name,) in connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()}
    for name in {"published", "previous"} & databases:
        connection.execute(f"DETACH {name}").fetchall()
    publish.attach_previous(connection)
    connection.execute("ATTACH ':memory:' AS published").fetchall()
    connection.execute("USE published").fetchall()
    try:
        publish.create_tables(connection)
        publish.build_tables(connection, "mentions")
    finally:
        connection.execute("USE warehouse").fetchall()


def columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Name and type of a table's columns, in their order."""
    return {row[0]: row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
