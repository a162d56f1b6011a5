"""One outlet in one collection pass: its polls, then its new and waiting articles.

Belongs here: what is asked of an outlet, in which order, and how each item ends. Does not belong here: the outlets side by side
(``collect``), HTTP (``client``), robots.txt and pace (``robots``), storage (``archive``, ``journal``).

Every new or waiting item that a pass takes up ends in exactly one fetch event.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.collectors.client import Client, FetchFailure, FetchResult
from transforms import discover, urls
from transforms.records import ArticleLink, CollectionState, PendingItem, Reason, Rejection, SourceKind, SourceState

if TYPE_CHECKING:
    from flows.collectors.archive import ArchiveWriter
    from flows.collectors.journal import Journal
    from flows.collectors.robots import Pace, Robots
    from transforms.params import Outlet

# Faults that another run may not meet. Whatever else goes wrong is final.
PASSING = frozenset(
    {
        Reason.TIMEOUT, Reason.CONNECTION, Reason.DNS, Reason.TLS, Reason.CUT_SHORT, Reason.RATE_LIMITED, Reason.SERVER_ERROR,
        Reason.PROTOCOL,
    }
)  # fmt: skip
# Of these, the ones that speak of the whole host; a broken page or an error of its own says nothing about the next.
HOST_FAULTS = frozenset({Reason.TIMEOUT, Reason.CONNECTION, Reason.DNS, Reason.TLS, Reason.RATE_LIMITED})
FAULTS_IN_A_ROW = 5  # such faults after which an outlet is left alone for this pass
SERVICE_UNAVAILABLE = 503
LONG_WAIT = 60.0  # seconds of Retry-After beyond which the rest of the outlet waits for the next pass
MAX_CHILD_SITEMAPS = 10  # of a sitemap index, newest first, in one poll
MAX_SITEMAP_FETCH_BYTES = discover.MAX_SITEMAP_BYTES

log = logging.getLogger(__name__)
Progress = Callable[[str, str], None]  # (outlet id, result) after each poll and each item


@dataclass(slots=True, kw_only=True)
class CollectSummary:
    """What a pass did, for people; the journal has the whole of it."""

    polls_ok: int = 0  # not_modified included
    polls_failed: int = 0
    items_new: int = 0
    items_fetched: int = 0
    results: Counter[str] = field(default_factory=Counter)  # "fetched", "deferred:timeout", … → items
    broken: dict[str, str] = field(default_factory=dict)  # outlet id → an error of our own that ended its pass early


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What all outlets of a pass share."""

    client: Client
    robots: Robots
    pace: Pace
    directory: urls.OutletDirectory
    state: CollectionState
    writer: ArchiveWriter
    journal: Journal
    clock: Callable[[], datetime]
    summary: CollectSummary
    progress: Progress | None

    def tell(self, outlet_id: str, result: str) -> None:
        if self.progress is not None:
            self.progress(outlet_id, result)


@dataclass(slots=True, kw_only=True)
class _Streak:
    """Whether an outlet is worth another request in this pass."""

    faults: int = 0
    stop: Reason | None = None  # why the rest is put off

    def note(self, answer: FetchResult | FetchFailure) -> None:
        """Count what came of an article."""
        if not isinstance(answer, FetchFailure) or not (answer.reason in HOST_FAULTS or answer.status == SERVICE_UNAVAILABLE):
            self.faults = 0
            return
        self.faults += 1
        self.note_wait(answer)
        if self.faults >= FAULTS_IN_A_ROW:
            self.stop = self.stop or Reason.OUTLET_UNAVAILABLE

    def note_wait(self, answer: FetchFailure) -> None:
        """Heed a server that names a time to come back."""
        if answer.status in {429, 503} and (answer.retry_after or 0) > LONG_WAIT:
            self.stop = Reason.RATE_LIMITED


class Visit:
    """One outlet in one pass."""

    def __init__(self, shared: Pass, outlet: Outlet) -> None:
        self.shared, self.outlet = shared, outlet
        self.known = shared.state.known.get(outlet.id, {})
        self.pending = shared.state.pending.get(outlet.id, ())
        self.seen = {item.item_id for item in self.pending}  # waiting or found in this pass
        self.streak = _Streak()

    async def run(self) -> None:
        now = self.shared.clock()
        found: list[PendingItem] = []
        sources = [(SourceKind.FEED, url) for url in self.outlet.feeds] + [(SourceKind.SITEMAP, url) for url in self.outlet.sitemaps]
        for kind, url in sources:
            before = self.shared.state.sources.get((self.outlet.id, url))
            if _is_due(before, now, timedelta(minutes=self.outlet.crawl.poll_minutes)):
                found += await self._poll(kind, url, before)
        ready = [item for item in self.pending if item.first_seen_at <= now]  # a replayed clock may stand before some
        taken = 0
        for item in [*ready, *found]:
            refused = self._refused(item.link.url)
            if refused is not None:
                self._end(item, "rejected", refused)
            elif taken >= self.outlet.crawl.max_items_per_run:
                self._end(item, "deferred", Reason.RUN_LIMIT)
            elif self.streak.stop is not None:
                self._end(item, "deferred", self.streak.stop, "not asked: the outlet is left alone for this run")
            else:
                taken += await self._take(item)

    # ---- polls

    async def _poll(self, kind: SourceKind, url: str, before: SourceState | None) -> list[PendingItem]:
        polled_at = self.shared.clock()
        row: dict[str, object] = {
            "outlet_id": self.outlet.id, "source_url": url, "source_kind": str(kind), "polled_at": polled_at, "listed": 0, "known": 0,
            "items": [],
        }  # fmt: skip
        items: list[PendingItem] = []
        try:
            items = await self._read_source(kind, url, before, row)
        except OSError:
            raise
        except Exception as error:
            log.exception("outlet %s: polling %s", self.outlet.id, url)
            row |= {"result": "failed", "reason": Reason.PROTOCOL, "detail": f"unexpected {type(error).__name__}: {error}"}
        self.shared.journal.poll(**row)
        self.shared.summary.items_new += len(items)
        failed = row["result"] == "failed"
        self.shared.summary.polls_failed += failed
        self.shared.summary.polls_ok += not failed
        self.shared.tell(self.outlet.id, f"poll {row['result']}")
        self.seen |= {item.item_id for item in items}
        return items

    async def _read_source(self, kind: SourceKind, url: str, before: SourceState | None, row: dict[str, object]) -> list[PendingItem]:
        headers = {}
        if before is not None and before.etag:
            headers["If-None-Match"] = before.etag
        if before is not None and before.last_modified:
            headers["If-Modified-Since"] = before.last_modified
        if self.streak.stop is not None:
            row |= {"result": "failed", "reason": self.streak.stop, "detail": "not asked: the outlet is left alone for this run"}
            return []
        answer = await self._get(url, self._limit(kind), headers)
        self._heed(answer)
        if isinstance(answer, FetchFailure):
            row |= {"result": "failed", "reason": answer.reason, "detail": answer.detail, "http_status": answer.status}
            return []
        row |= {"http_status": answer.status, "etag": answer.header("etag"), "last_modified": answer.header("last-modified")}
        if answer.status == 304 and before is not None:
            row |= {
                "result": "not_modified", "etag": row["etag"] or before.etag, "last_modified": row["last_modified"] or before.last_modified,
            }  # fmt: skip
            return []
        if answer.status == 304:
            row |= {"result": "failed", "reason": Reason.HTTP_STATUS, "detail": "304 to a request without conditions"}
            return []
        place = self.shared.writer.write(answer)
        row |= {"warc_file": place.file, "warc_offset": place.offset, "record_id": place.record_id}
        listing = await _read(kind, answer)
        if isinstance(listing, Rejection):
            # validators of an answer without use must not turn the next one into a 304
            row |= {"result": "failed", "reason": listing.reason, "detail": listing.detail, "etag": None, "last_modified": None}
            return []
        links, detail = list(listing.links), "more links than are taken" if listing.truncated else ""
        if answer.redirects:
            detail = f"moved to {answer.final_url}" + (f"; {detail}" if detail else "")
        if listing.children:
            row |= {"etag": None, "last_modified": None}  # an index may stay as it is while its children change
            more, failure, remark = await self._read_children(listing.children)
            links += more
            detail = f"{detail}; {remark}" if detail else remark
            if failure is not None and not links:
                row |= {"result": "failed", "reason": failure.reason, "detail": detail}
                return []
        items = self._new_items(links, row, before)
        row |= {"result": "ok", "detail": detail}
        return items

    async def _read_children(self, children: Sequence[str]) -> tuple[list[ArticleLink], FetchFailure | Rejection | None, str]:
        """The links of a sitemap index's newest children, the first failure, and a remark."""
        links: list[ArticleLink] = []
        failures: list[FetchFailure | Rejection] = []
        chosen = children[:MAX_CHILD_SITEMAPS]
        for child in chosen:
            answer = await self._get(child, self._limit(SourceKind.SITEMAP), {})
            if isinstance(answer, FetchFailure):
                failures.append(answer)
                continue
            self.shared.writer.write(answer)
            listing = await _read(SourceKind.SITEMAP, answer)
            if isinstance(listing, Rejection):
                failures.append(listing)
            else:
                links += listing.links  # an index within an index is not followed
        detail = f"{len(chosen) - len(failures)} of {len(children)} sitemaps read"
        if failures:
            detail += f"; {failures[0].reason}: {failures[0].detail}"
        return links, failures[0] if failures else None, detail

    def _new_items(self, links: Iterable[ArticleLink], row: dict[str, object], before: SourceState | None) -> list[PendingItem]:
        """The items that nobody has seen; counts and dates of the whole listing go into the event.

        ``known`` counts the items that were seen no later than this source's last answer: one of them is enough to say that nothing
        fell out of the list since. What another source found meanwhile says nothing about this one.
        """
        now = self.shared.clock()
        new: dict[str, PendingItem] = {}
        valid: set[str] = set()
        answered = before.last_answered_at if before is not None else None
        dates = []
        for link in links:
            item_id = urls.item_id(self.outlet.id, link.url)
            if urls.canonicalise(link.url) is not None:
                valid.add(item_id)
            if link.published_at is not None:
                dates.append(link.published_at)
            if item_id not in self.known and item_id not in self.seen:
                new.setdefault(item_id, PendingItem(item_id=item_id, outlet_id=self.outlet.id, link=link, first_seen_at=now))
        row |= {
            "listed": len(valid),
            "known": 0 if answered is None else sum(item_id in self.known and self.known[item_id] <= answered for item_id in valid),
            "oldest_listed_at": min(dates, default=None),
            "newest_listed_at": max(dates, default=None),
            "items": [
                {
                    "item_id": i.item_id, "url": i.link.url, "title": i.link.title, "published_at": i.link.published_at,
                    "published_raw": i.link.published_raw, "authors": i.link.authors, "language": i.link.language,
                }
                for i in new.values()
            ],
        }  # fmt: skip
        return list(new.values())

    def _limit(self, kind: SourceKind) -> int:
        return MAX_SITEMAP_FETCH_BYTES if kind is SourceKind.SITEMAP else self.outlet.crawl.max_feed_bytes

    # ---- items

    def _refused(self, url: str) -> Reason | None:
        """Why a link is not asked for at all, as far as the outlet's file tells."""
        canonical = urls.canonicalise(url)
        if canonical is None:
            return Reason.INVALID_URL
        if not self._is_own(canonical):
            return Reason.OFF_SITE
        path = urlsplit(canonical).path
        return Reason.EXCLUDED if any(path.startswith(prefix) for prefix in self.outlet.crawl.exclude_paths) else None

    def _is_own(self, url: str) -> bool:
        owner = self.shared.directory.find(url)
        return owner is not None and owner.id == self.outlet.id

    async def _take(self, item: PendingItem) -> bool:
        """Fetch one item and record its end. Whether it was asked for at all."""
        answer = await self._get(item.link.url, self.outlet.crawl.max_page_bytes, {})
        if isinstance(answer, FetchFailure):
            return self._end_failure(item, answer)
        self._note(answer)
        if answer.status == 304:
            self._end(item, "failed", Reason.HTTP_STATUS, "304 to a request without conditions", answer, attempt=item.attempts + 1)
        elif not self._is_own(answer.final_url):
            self._end(item, "rejected", Reason.OFF_SITE, "redirected", answer, attempt=item.attempts + 1)
        else:
            self._end(item, "fetched", None, "", answer, attempt=item.attempts + 1, archive=True)
        return True

    def _end_failure(self, item: PendingItem, answer: FetchFailure) -> bool:
        if answer.reason is Reason.ROBOTS:
            self._end(item, "rejected", Reason.ROBOTS, answer.detail, answer)
            return False
        self._note(answer)
        if (
            answer.of_robots and answer.reason is not Reason.ADDRESS_REFUSED
        ):  # the page itself was never asked for: it waits, however long that takes
            self._end(item, "deferred", Reason.OUTLET_UNAVAILABLE, f"{answer.reason}: {answer.detail}", answer)
            return False
        attempt = item.attempts + 1
        again = answer.reason in PASSING and attempt < self.outlet.crawl.attempts
        self._end(item, "deferred" if again else "failed", answer.reason, answer.detail, answer, attempt=attempt)
        return True

    def _note(self, answer: FetchResult | FetchFailure) -> None:
        self.streak.note(answer)
        self._heed(answer)

    def _heed(self, answer: FetchResult | FetchFailure) -> None:
        """A short Retry-After delays the next request to the host; a long one ends the outlet's pass."""
        if isinstance(answer, FetchFailure):
            self.streak.note_wait(answer)
            if answer.retry_after and answer.final_url and answer.retry_after <= LONG_WAIT:
                self.shared.pace.hold(answer.final_url, answer.retry_after)

    def _end(
        self, item: PendingItem, result: str, reason: Reason | None, detail: str = "", answer: FetchResult | FetchFailure | None = None, *,
        attempt: int | None = None, archive: bool = False,
    ) -> None:  # fmt: skip
        row: dict[str, object] = {
            "outlet_id": self.outlet.id, "item_id": item.item_id, "url": item.link.url, "fetched_at": self.shared.clock(), "result": result,
            "reason": reason, "detail": detail, "attempt": item.attempts if attempt is None else attempt, "redirects": 0,
        }  # fmt: skip
        if isinstance(answer, FetchFailure):
            row |= {"http_status": answer.status, "final_url": answer.final_url, "redirects": answer.redirects}
        elif answer is not None:
            row |= {
                "http_status": answer.status, "final_url": answer.final_url, "content_type": answer.content_type,
                "payload_bytes": len(answer.body), "fetched_at": answer.fetched_at, "redirects": len(answer.redirects),
            }  # fmt: skip
            if archive:
                place = self.shared.writer.write(answer)
                row |= {"warc_file": place.file, "warc_offset": place.offset, "record_id": place.record_id}
        self.shared.journal.fetch(**row)
        self.shared.summary.items_fetched += result == "fetched"
        self.shared.summary.results[f"{result}:{reason}" if reason else result] += 1
        self.shared.tell(self.outlet.id, result)

    # ---- requests

    async def _get(self, url: str, max_bytes: int, headers: dict[str, str]) -> FetchResult | FetchFailure:
        crawl = self.outlet.crawl
        try:
            return await self.shared.client.fetch(
                url, max_bytes=max_bytes, timeout=crawl.timeout_seconds, headers=headers, permit=self._permit, turn=self._turn
            )
        except Exception as error:  # one page's fault stays that page's
            log.exception("outlet %s: fetching %s", self.outlet.id, url)
            return FetchFailure(reason=Reason.PROTOCOL, detail=f"unexpected {type(error).__name__}: {error}")

    async def _permit(self, url: str) -> FetchFailure | None:
        crawl = self.outlet.crawl
        return await self.shared.robots.permit(url, timeout=crawl.timeout_seconds, delay=crawl.delay_seconds)

    def _turn(self, url: str) -> AbstractAsyncContextManager[None]:
        return self._wait(url)

    @asynccontextmanager
    async def _wait(self, url: str) -> AsyncIterator[None]:
        crawl = self.outlet.crawl
        rules = await self.shared.robots.rules(url, timeout=crawl.timeout_seconds, delay=crawl.delay_seconds)  # from the cache by now
        async with self.shared.pace.turn(url, max(crawl.delay_seconds, rules.crawl_delay)):
            yield


def _is_due(before: SourceState | None, now: datetime, every: timedelta) -> bool:
    """A source that was polled later than now is not due: the clock is a replayed one."""
    return before is None or now - before.last_polled_at >= every


async def _read(kind: SourceKind, answer: FetchResult) -> discover.Listing | Rejection:
    """Parsing takes seconds for the largest sitemaps: in a thread, so that other outlets go on."""
    reader = discover.read_feed if kind is SourceKind.FEED else discover.read_sitemap
    return await asyncio.to_thread(reader, answer.body, answer.content_type, answer.final_url)
