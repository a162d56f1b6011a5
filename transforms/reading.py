"""One fetched page through every stage that looks at it alone: extraction, mentions, the race; and the rows that it leaves.

What needs other pages (copies, stories, counts) is not known here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from transforms import urls
from transforms.annotation import CompiledWatchlist, annotate, compile_watchlist
from transforms.dedupe import words
from transforms.extract import read_page
from transforms.params import Configuration, Outlet, Watchlist
from transforms.records import Article, Endorsement, FetchedPage, Mention, Quote, Reason, Reference, RejectedPage, Rejection
from transforms.sentences import sentence_at
from transforms.version import source_hash

Rows = tuple[dict[str, Any], ...]
# Of an outlet's file: how it is collected and what is expected of it. A change there reads no page again.
_NOT_READ_BY = {"crawl", "feeds", "sitemaps", "pages", "articles_per_day", "articles_per_day_min", "articles_per_day_max"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToRead:
    """What the collection record knows of a fetched response, without its bytes."""

    fetch_id: str
    origin: str  # own, archive
    outlet_id: str
    item_id: str
    url: str
    first_seen_at: datetime  # UTC
    fetched_at: datetime  # UTC
    since: date | None = None  # window of publication days that a backfill asked for
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The rows that a page leaves."""

    page: dict[str, Any]
    annotations: Mapping[str, Rows] = field(default_factory=dict)  # by table; none for a page that is no article

    @property
    def rows(self) -> dict[str, Rows]:
        """Table (of :data:`transforms.frames.STAGED`) → rows."""
        return {"pages": (self.page,), **self.annotations}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Everything that reading goes by, compiled once."""

    outlets: Mapping[str, Outlet]
    agencies: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, CompiledWatchlist]
    read_versions: Mapping[str, str]
    list_versions: Mapping[str, str]


def build_reader(configuration: Configuration) -> Reader:
    """Compile a configuration for reading."""
    agencies, versions = _agencies(configuration), list_versions(configuration)
    return Reader(
        outlets={outlet.id: outlet for outlet in configuration.outlets},
        agencies=agencies,
        lists={watchlist.id: _compiled(_Versioned(versions[watchlist.id], watchlist)) for watchlist in configuration.watchlists},
        read_versions=read_versions(configuration),
        list_versions=versions,
    )


def read_versions(configuration: Configuration) -> dict[str, str]:
    """outlet_id → version of code and configuration that reads its pages; a page read by another version is read again."""
    agencies = _agencies(configuration)
    return {outlet.id: _version(outlet.model_dump(mode="json", exclude=_NOT_READ_BY), agencies) for outlet in configuration.outlets}


def list_versions(configuration: Configuration) -> dict[str, str]:
    """watchlist_id → version of code and watch list; a text annotated by another version is annotated again."""
    return {watchlist.id: _version(watchlist.model_dump(mode="json")) for watchlist in configuration.watchlists}


@dataclass(frozen=True, slots=True)
class _Versioned:
    """A watch list that is known by its version."""

    version: str
    watchlist: Watchlist = field(compare=False)


@lru_cache(maxsize=32)
def _compiled(versioned: _Versioned) -> CompiledWatchlist:
    """Compiling takes seconds, and a process that runs schedules needs the same list every time."""
    return compile_watchlist(versioned.watchlist)


def _agencies(configuration: Configuration) -> dict[str, tuple[str, ...]]:
    return {outlet.id: (outlet.name,) for outlet in configuration.outlets if outlet.agency}


def read(entry: PageToRead, page: FetchedPage | Rejection, reader: Reader) -> Reading:
    """Read one page. A page that could not be taken from the archive is a :class:`Rejection` here and leaves a row that says so."""
    result: Article | RejectedPage
    if isinstance(page, Rejection):
        result = RejectedPage(rejection=page)
    else:
        result = read_guarded(page, reader.outlets[entry.outlet_id], reader.agencies)
    if isinstance(result, Article) and not _in_window(result, entry):
        result = RejectedPage(
            rejection=Rejection(stage="window", reason=Reason.OUT_OF_WINDOW, detail=f"published on {result.published_on}"), fields=result
        )
    row = _page_row(entry, result, reader)
    if isinstance(result, RejectedPage):
        return Reading(page=row)
    text = TextToAnnotate(
        fetch_id=entry.fetch_id, title=result.title, text=result.text, language=result.language, published_on=result.published_on
    )
    return Reading(page=row, annotations=annotate_all(text, reader))


def read_guarded(page: FetchedPage, outlet: Outlet | None, agencies: Mapping[str, tuple[str, ...]]) -> Article | RejectedPage:
    """:func:`transforms.extract.read_page`, with whatever a library throws at a hostile page as a reason."""
    try:
        return read_page(page, outlet, agencies=agencies)
    except (ValueError, RecursionError, MemoryError, AttributeError, TypeError, LookupError, AssertionError, ArithmeticError) as error:
        # libraries fail on hostile pages in ways that nobody has listed; the page is kept in the archive and named here
        return RejectedPage(
            rejection=Rejection(stage="extract", reason=Reason.EXTRACTION_ERROR, detail=f"{type(error).__name__}: {error}"[:300])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToAnnotate:
    """What is held against the watch lists."""

    fetch_id: str
    title: str
    text: str
    language: str | None
    published_on: date | None
    watchlist_ids: Sequence[str] | None = None  # None: all


def annotate_all(text: TextToAnnotate, reader: Reader) -> dict[str, Rows]:
    """What one text says by every watch list that is asked for: rows by table."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for watchlist_id, compiled in reader.lists.items():
        if text.watchlist_ids is not None and watchlist_id not in text.watchlist_ids:
            continue
        found = annotate(compiled, text.title, text.text, text.language, text.published_on)
        key = {"fetch_id": text.fetch_id, "watchlist_id": watchlist_id}
        rows.setdefault("page_watchlists", []).append(
            key
            | {
                "in_race": found.in_race,
                "candidates_in_race": sorted(found.candidates_in_race),
                "list_version": reader.list_versions[watchlist_id],
            }
        )
        rows.setdefault("page_mentions", []).extend(key | _spanned(m) | {"sentence": _sentence(text, m)} for m in found.mentions)
        rows.setdefault("page_endorsements", []).extend(key | _spanned(e) for e in found.endorsements)
        rows.setdefault("page_quotes", []).extend(key | _spanned(q) for q in found.quotes)
        rows.setdefault("page_references", []).extend(key | _spanned(r) for r in found.references)
    return {table: tuple(found_rows) for table, found_rows in rows.items()}


def _spanned(record: Mention | Endorsement | Quote | Reference) -> dict[str, Any]:
    """A record as a row: its place under the names that the tables have for it, enumerations as text."""
    row = {name: str(value) if isinstance(value := getattr(record, name), StrEnum) else value for name in record.__dataclass_fields__}
    row["char_start"], row["char_end"] = row.pop("start"), row.pop("end")
    return row


def _sentence(text: TextToAnnotate, mention: Mention) -> str:
    return text.title if mention.field == "title" else sentence_at(text.text, mention.start, mention.end, text.language)


def _in_window(article: Article, entry: PageToRead) -> bool:
    day = article.published_on or entry.fetched_at.date()
    return (entry.since is None or day >= entry.since) and (entry.until is None or day <= entry.until)


def _page_row(entry: PageToRead, result: Article | RejectedPage, reader: Reader) -> dict[str, Any]:
    article = result if isinstance(result, Article) else result.fields
    rejection = result.rejection if isinstance(result, RejectedPage) else None
    row: dict[str, Any] = {
        "fetch_id": entry.fetch_id,
        "origin": entry.origin,
        "outlet_id": entry.outlet_id,
        "item_id": entry.item_id,
        "url": entry.url,
        "fetched_at": entry.fetched_at,
        "first_seen_at": entry.first_seen_at,
        "rejected_stage": rejection.stage if rejection else None,
        "rejected_reason": str(rejection.reason) if rejection else None,
        "rejected_detail": rejection.detail if rejection else None,
        "read_version": reader.read_versions[entry.outlet_id],
    }
    if article is not None:
        row |= {
            "article_id": urls.article_id(entry.outlet_id, article.canonical_url),
            "canonical_url": article.canonical_url,
            "title": article.title,
            "text": article.text,
            "authors": list(article.authors),
            "byline_org": article.byline_org,
            "wire_agency": article.wire_agency,
            "published_at": article.published_at,
            "published_on": article.published_on,
            "modified_at": article.modified_at,
            "date_source": article.date_source,
            "date_precision": article.date_precision,
            "language": article.language,
            "access": article.access,
            "word_count": len(words(article.text)),
        }
    return row


def _version(*what: Any) -> str:
    return hashlib.sha256(json.dumps([source_hash("transforms"), *what], sort_keys=True, default=str).encode()).hexdigest()[:12]
