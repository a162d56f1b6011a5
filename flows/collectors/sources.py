"""Polling one source: a feed, a sitemap with its children, or a page whose links are taken.

Belongs here: from the request to the poll's line in the journal. Does not belong here: which sources an outlet has (``visit``), when a
request is tried again (``outlet_client``), what follows from a poll for the next (``transforms/feed_health.py``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows.collectors.client import FetchFailure, FetchResult
from transforms import discover, feed_health, urls
from transforms.known import KnownItems
from transforms.records import ArticleLink, PendingItem, Reason, Rejection, SourceKind, SourceState
from transforms.window import Window, is_recent, may_hold, sitemap_may_hold

if TYPE_CHECKING:
    from flows.collectors.archive_writer import ArchiveWriter, RecordLocation
    from flows.collectors.journal import Journal
    from flows.collectors.outlet_client import OutletClient
    from transforms.params import Outlet

MAX_CHILD_SITEMAPS = 10  # of a sitemap index, newest first, in one poll
MAX_WINDOW_SITEMAPS = 200  # where a window of days is asked for
MAX_INDEX_DEPTH = 2  # indexes within an index
MAX_OLDER_PAGES = 50  # of a feed that goes on, where a window is asked for
LONG_LIST = 1_000  # links: a list that nobody configured and that is longer than this is an archive, of which only recent links are taken
RECENT = timedelta(days=7)
_GONE = frozenset({Reason.NOT_FOUND, Reason.FORBIDDEN, Reason.NOT_A_FEED, Reason.DNS})  # why a new address is given up for the old one

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an outlet's articles are discovered."""

    kind: SourceKind
    url: str  # its identity in the record, wherever it has moved
    is_configured: bool = True  # False: found in robots.txt or on the home page
    stands_for: str | None = None  # the dead source in whose place it was found


@dataclass(slots=True, kw_only=True)
class Discovered:
    """What is known of an outlet's items: by the record, and found in this pass."""

    known: KnownItems
    seen: set[str] = field(default_factory=set)  # waiting, or found in this pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What came of one poll."""

    items: tuple[PendingItem, ...]
    result: str  # ok, not_modified, failed
    failures: int
    failing: float


@dataclass(slots=True)
class _Found:
    """Links gathered from one or more documents of a source."""

    links: list[ArticleLink] = field(default_factory=list)
    newest: set[ArticleLink] = field(default_factory=set)  # of a feed or page as it stands: taken up whatever window is asked for
    remarks: list[str] = field(default_factory=list)
    is_index: bool = False
    is_part: bool = False  # sitemaps of an index were left out that lie outside the window
    asked: set[str] = field(default_factory=set)  # sitemaps of indexes
    failure: FetchFailure | Rejection | None = None  # the first one

    def fail(self, failure: FetchFailure | Rejection) -> None:
        self.failure = self.failure or failure


class Poller:
    """Polls the sources of one outlet."""

    def __init__(
        self,
        outlet: Outlet,
        client: OutletClient,
        writer: ArchiveWriter,
        journal: Journal,
        clock: Callable[[], datetime],
        discovered: Discovered,
        is_own: Callable[[str], bool],
        window: Window | None,
    ) -> None:
        self._outlet, self._client, self._writer, self._journal, self._clock = outlet, client, writer, journal, clock
        self._discovered, self._is_own, self._window = discovered, is_own, window

    async def poll(self, source: Source, before: SourceState | None) -> Poll:
        """Ask a source, note what it said in one line of the journal, and return the items that nobody has seen before."""
        now = self._clock()
        row: dict[str, Any] = {
            "outlet_id": self._outlet.id, "source_url": source.url, "source_kind": str(source.kind), "polled_at": now, "listed": 0,
            "known": 0, "items": [], "stands_for": source.stands_for, "moved_to": before.moved_to if before is not None else None,
        }  # fmt: skip
        items: list[PendingItem] = []
        try:
            items = await self._ask(source, before, row)
        except OSError:
            raise
        except Exception as error:
            log.exception("outlet %s: polling %s", self._outlet.id, source.url)
            row |= _failed(Reason.PROTOCOL, f"unexpected {type(error).__name__}: {error}")
        if row["result"] == "failed":
            prospect = feed_health.after_failure(before, row["reason"], now)
        else:
            usual = self._window is None  # what a window brought to light says nothing about the pace of a source
            prospect = feed_health.after_answer(before, row["listed"] if usual else 0, len(items) if usual else 0, now)
        row |= {
            "failures": prospect.failures, "failing": round(prospect.failing, 4), "interval_minutes": prospect.interval_minutes,
            "due_at": prospect.due_at, "retry_at": self._client.retry_at,
        }  # fmt: skip
        self._journal.poll(**row)
        self._discovered.seen |= {item.item_id for item in items}
        return Poll(items=tuple(items), result=str(row["result"]), failures=prospect.failures, failing=prospect.failing)

    async def _ask(self, source: Source, before: SourceState | None, row: dict[str, Any]) -> list[PendingItem]:
        if self._client.stop is not None:
            row |= _failed(self._client.stop, "not asked: the outlet is left alone for this run")
            return []
        answer, is_conditional = await self._request(source, before, row)
        if isinstance(answer, FetchFailure):
            row |= _failed(answer.reason, answer.detail) | {"http_status": answer.status}
            return []
        row |= {"http_status": answer.status, "etag": answer.header("etag"), "last_modified": answer.header("last-modified")}
        if answer.status == 304:
            if before is None or not is_conditional:
                row |= _failed(Reason.HTTP_STATUS, "304 to a request without conditions")
                return []
            row |= {"etag": row["etag"] or before.etag, "last_modified": row["last_modified"] or before.last_modified}
            if before.body is not None:
                row |= _place(self._writer.write(answer, before.body))
            row |= {"result": "not_modified"}
            return []
        row |= _place(self._writer.write(answer, before.body if before is not None else None))
        listing = await self._read(source.kind, answer)
        if isinstance(listing, Rejection):
            # validators of an answer without use must not turn the next one into a 304
            row |= _failed(listing.reason, listing.detail) | {"etag": None, "last_modified": None}
            if listing.reason in _GONE:  # where it had moved to there is something else by now: the next poll asks at its own address
                row["moved_to"] = None
            return []
        found = await self._gather(source, listing)
        if found.is_index:
            row |= {"etag": None, "last_modified": None}  # an index may stay as it is while its children change
        if answer.moved_to is not None:
            row["moved_to"] = answer.moved_to if answer.moved_to != source.url else None  # it may have come back
            found.remarks.insert(0, f"moved for good to {answer.moved_to}")
        elif answer.redirects:
            found.remarks.insert(0, f"redirected to {answer.final_url}")
        if not found.links and found.failure is not None:
            row |= _failed(found.failure.reason, "; ".join([*found.remarks, found.failure.detail]))
            return []
        if not found.links:  # an index whose sitemaps list nothing: that is no zero
            row |= _failed(Reason.EMPTY_FEED, "; ".join([*found.remarks, "no link"]))
            return []
        links = self._taken(source, found)
        items = self._new_items(links, found, row, before)
        row |= {"result": "ok", "detail": "; ".join(found.remarks)}
        return items

    async def _request(self, source: Source, before: SourceState | None, row: dict[str, Any]) -> tuple[FetchResult | FetchFailure, bool]:
        """Ask where the source has moved to; where it is no longer there either, at its own address. Also: whether with conditions."""
        headers = {}
        if before is not None and before.etag and self._window is None:  # for a window the whole list is needed
            headers["If-None-Match"] = before.etag
        if before is not None and before.last_modified and self._window is None:
            headers["If-Modified-Since"] = before.last_modified
        moved_to = before.moved_to if before is not None else None
        if moved_to is not None:
            answer = await self._get(source.kind, moved_to, headers)
            if not isinstance(answer, FetchFailure) or answer.reason not in _GONE:
                return answer, bool(headers)
            row["moved_to"] = None
            headers = {}
        return await self._get(source.kind, source.url, headers), bool(headers)

    async def _get(self, kind: SourceKind, url: str, headers: dict[str, str]) -> FetchResult | FetchFailure:
        crawl = self._outlet.crawl
        limits = {
            SourceKind.FEED: crawl.max_feed_bytes,
            SourceKind.SITEMAP: discover.MAX_SITEMAP_BYTES,
            SourceKind.PAGE: crawl.max_page_bytes,
        }
        return await self._client.get(url, limits[kind], headers)

    async def _read(self, kind: SourceKind, answer: FetchResult) -> discover.Listing | Rejection:
        """Parsing takes seconds for the largest sitemaps: in a thread, so that other outlets go on."""
        what = (answer.body, answer.content_type, answer.final_url)
        if kind is SourceKind.FEED:
            return await asyncio.to_thread(discover.read_feed, *what)
        if kind is SourceKind.SITEMAP:
            return await asyncio.to_thread(discover.read_sitemap, *what)
        return await asyncio.to_thread(discover.read_page, *what, is_own=self._is_own)

    # ---- more than one document

    async def _gather(self, source: Source, listing: discover.Listing) -> _Found:
        found = _Found(links=list(listing.links), is_index=bool(listing.children))
        if source.kind is not SourceKind.SITEMAP:
            found.newest = set(listing.links)
        if listing.truncated:
            found.remarks.append("more links than are taken")
        if listing.children:
            await self._read_children(listing.children, found, depth=1)
        if self._window is not None and source.kind is SourceKind.FEED:
            await self._read_older(listing, found)
        return found

    async def _read_children(self, children: Sequence[discover.ChildSitemap], found: _Found, depth: int) -> None:
        """The links of a sitemap index's newest children, or of all that can hold the window's days."""
        window = self._window
        if window is None:
            chosen = children[:MAX_CHILD_SITEMAPS]
        else:
            chosen = [child for child in children if sitemap_may_hold(window, child.url, child.modified_at)]
            found.is_part |= len(chosen) < len(children)
        read = 0
        for child in chosen:
            if child.url in found.asked:
                continue
            if len(found.asked) >= MAX_WINDOW_SITEMAPS:
                found.is_part = True
                break
            found.asked.add(child.url)
            answer = await self._get(SourceKind.SITEMAP, child.url, {})
            if isinstance(answer, FetchFailure):
                found.fail(answer)
                if self._client.stop is not None:
                    break
                continue
            self._writer.write(answer)
            listing = await self._read(SourceKind.SITEMAP, answer)
            if isinstance(listing, Rejection):
                found.fail(listing)
                continue
            read += 1
            found.links += listing.links
            if listing.children and window is not None and depth < MAX_INDEX_DEPTH:
                await self._read_children(listing.children, found, depth + 1)
        remark = f"{read} of {len(children)} sitemaps read"
        found.remarks.append(f"{remark}; {found.failure.reason}: {found.failure.detail}" if found.failure is not None else remark)

    async def _read_older(self, listing: discover.Listing, found: _Found) -> None:
        """The older pages of a feed (RFC 5005), until they are older than the window."""
        assert self._window is not None
        asked: set[str] = set()
        pages = 0
        while listing.older is not None and listing.older not in asked and pages < MAX_OLDER_PAGES and not self._is_past(listing.links):
            asked.add(listing.older)
            answer = await self._get(SourceKind.FEED, listing.older, {})
            if isinstance(answer, FetchFailure):
                found.fail(answer)
                break
            self._writer.write(answer)
            older = await self._read(SourceKind.FEED, answer)
            if isinstance(older, Rejection):  # the page behind the last one is often an empty feed
                break
            listing, pages = older, pages + 1
            found.links += older.links
        if asked:
            remark = f"{pages} older pages read"
            found.remarks.append(f"{remark}; {found.failure.reason}: {found.failure.detail}" if found.failure is not None else remark)

    def _is_past(self, links: Iterable[ArticleLink]) -> bool:
        """Whether a whole page of a feed lies before the window."""
        assert self._window is not None
        days = [link.published_at.astimezone(self._outlet.zone).date() for link in links if link.published_at is not None]
        return self._window.since is not None and bool(days) and max(days) < self._window.since

    # ---- what is new

    def _taken(self, source: Source, found: _Found) -> list[ArticleLink]:
        """The links that are taken up: those of the window; of a long list that nobody configured, the recent ones."""
        zone = self._outlet.zone
        if self._window is not None:
            taken = [link for link in found.links if link in found.newest or may_hold(self._window, link, zone)]
            what = "outside the window"
        elif not source.is_configured and len(found.links) > LONG_LIST:
            since = (self._clock() - RECENT).astimezone(zone).date()
            taken = [link for link in found.links if is_recent(link, since, zone)]
            what = f"of a long list, not dated since {since}"
        else:
            return found.links
        if len(taken) < len(found.links):
            found.remarks.append(f"{len(found.links) - len(taken)} links {what}")
        return taken

    def _new_items(self, links: Sequence[ArticleLink], found: _Found, row: dict[str, Any], before: SourceState | None) -> list[PendingItem]:
        """The items that nobody has seen; counts of the whole listing and dates of what is taken up go into the event.

        ``known`` counts the items that were seen no later than this source's last answer: one of them is enough to say that nothing
        fell out of the list since. What another source found meanwhile says nothing about this one. Where a window left out what nobody
        has seen, the poll says nothing of the time before it: neither ``known`` nor the oldest date.
        """
        now, seen = self._clock(), self._discovered.seen
        valid = [item_id for item_id, link in self._by_id(found.links).items() if urls.canonicalise(link.url) is not None]
        answered = before.last_answered_at if before is not None else None
        overlap = 0 if answered is None else int(self._discovered.known.which(valid, answered).sum())
        wanted = self._by_id(links)
        left_out = [item_id for item_id in valid if item_id not in wanted and item_id not in seen]
        is_gapless = self._window is None or not (found.is_part or not self._discovered.known.which(left_out).all())
        fresh = [item_id for item_id in wanted if item_id not in seen]
        is_known = self._discovered.known.which(fresh)
        new = [
            PendingItem(item_id=item_id, outlet_id=self._outlet.id, link=wanted[item_id], first_seen_at=now)
            for item_id, known in zip(fresh, is_known, strict=True)
            if not known
        ]
        dates = (link.published_at for link in links if link.published_at is not None)
        oldest, newest = feed_health.listed_span(dates, now)
        row |= {
            "listed": len(valid), "known": overlap if is_gapless else 0, "oldest_listed_at": oldest if is_gapless else None,
            "newest_listed_at": newest,
            "items": [
                {
                    "item_id": i.item_id, "url": i.link.url, "title": i.link.title, "published_at": i.link.published_at,
                    "published_raw": i.link.published_raw, "authors": i.link.authors, "language": i.link.language,
                }
                for i in new
            ],
        }  # fmt: skip
        return new

    def _by_id(self, links: Iterable[ArticleLink]) -> dict[str, ArticleLink]:
        by_id: dict[str, ArticleLink] = {}
        for link in links:
            by_id.setdefault(urls.item_id(self._outlet.id, link.url), link)
        return by_id


def _failed(reason: Reason, detail: str) -> dict[str, Any]:
    return {"result": "failed", "reason": reason, "detail": detail}


def _place(place: RecordLocation) -> dict[str, Any]:
    """Where the answer lies, as the journal notes it."""
    body = place.body
    return {
        "warc_file": body.file, "warc_offset": body.offset, "record_id": place.record_id,
        "body": {"digest": body.digest, "record_id": body.record_id, "url": body.url, "fetched_at": body.fetched_at},
    }  # fmt: skip
