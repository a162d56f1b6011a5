"""One fetched page through every stage that looks at it alone: extraction, mentions, the race; and the rows that it leaves.

What needs other pages (copies, stories, counts) is not known here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from transforms import urls
from transforms.annotation import CompiledWatchlist, annotate, compile_watchlist
from transforms.dedupe import words
from transforms.extract import read_page
from transforms.params import Configuration, Outlet, Watchlist
from transforms.records import Article, FetchedPage, Reason, RejectedPage, Rejection
from transforms.sentences import sentence_at
from transforms.version import source_hash

Rows = list[dict[str, Any]]
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
    """The rows that a page leaves, by the schemas of :mod:`transforms.frames`."""

    page: dict[str, Any]
    watchlists: tuple[dict[str, Any], ...] = ()
    mentions: tuple[dict[str, Any], ...] = ()


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
    lists, mentions = annotate_all(entry.fetch_id, result.title, result.text, result.language, reader)
    return Reading(page=row, watchlists=lists, mentions=mentions)


def read_guarded(page: FetchedPage, outlet: Outlet | None, agencies: Mapping[str, tuple[str, ...]]) -> Article | RejectedPage:
    """:func:`transforms.extract.read_page`, with whatever a library throws at a hostile page as a reason."""
    try:
        return read_page(page, outlet, agencies=agencies)
    except (ValueError, RecursionError, MemoryError, AttributeError, TypeError, LookupError, AssertionError, ArithmeticError) as error:
        # libraries fail on hostile pages in ways that nobody has listed; the page is kept in the archive and named here
        return RejectedPage(
            rejection=Rejection(stage="extract", reason=Reason.EXTRACTION_ERROR, detail=f"{type(error).__name__}: {error}"[:300])
        )


def annotate_all(
    fetch_id: str, title: str, text: str, language: str | None, reader: Reader, only: Sequence[str] | None = None
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """Rows of ``page_watchlists`` and ``page_mentions`` for one text and every watch list (or those in ``only``)."""
    list_rows: Rows = []
    mention_rows: Rows = []
    for watchlist_id, compiled in reader.lists.items():
        if only is not None and watchlist_id not in only:
            continue
        found = annotate(compiled, title, text, language)
        list_rows.append(
            {
                "fetch_id": fetch_id,
                "watchlist_id": watchlist_id,
                "in_race": found.in_race,
                "candidates_in_race": sorted(found.candidates_in_race),
                "list_version": reader.list_versions[watchlist_id],
            }
        )
        for mention in found.mentions:
            field_text = title if mention.field == "title" else text
            mention_rows.append(
                {
                    "fetch_id": fetch_id,
                    "watchlist_id": watchlist_id,
                    "candidate_id": mention.candidate_id,
                    "field": mention.field,
                    "char_start": mention.start,
                    "char_end": mention.end,
                    "surface": mention.surface,
                    "sentence": title if mention.field == "title" else sentence_at(field_text, mention.start, mention.end, language),
                    "rule": mention.rule,
                }
            )
    return tuple(list_rows), tuple(mention_rows)


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
