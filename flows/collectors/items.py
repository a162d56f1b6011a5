"""Fetching the items of one outlet: new ones, waiting ones, and articles that are looked at again.

Belongs here: how an item ends, as one line of the journal. Does not belong here: where items come from (``sources``), when a request is
tried again within a pass (``outlet_client``).

Every item that a pass takes up ends in exactly one fetch event.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flows.collectors.client import FetchFailure, FetchResult
from flows.collectors.robots import PRODUCT
from transforms import opt_outs, urls
from transforms.records import PendingItem, Reason, Revisit

if TYPE_CHECKING:
    from flows.collectors.archive_writer import ArchiveWriter
    from flows.collectors.journal import Journal
    from flows.collectors.outlet_client import OutletClient
    from transforms.params import Outlet

# Faults that another run may not meet. Whatever else goes wrong is final.
PASSING = frozenset(
    {
        Reason.TIMEOUT, Reason.CONNECTION, Reason.DNS, Reason.DNS_UNAVAILABLE, Reason.TLS, Reason.TLS_CERTIFICATE, Reason.CUT_SHORT,
        Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.PROTOCOL,
    }
)  # fmt: skip
REVISIT_WITHIN = timedelta(days=14)  # after its day; later, an edit could no longer be dated

Tell = Callable[[str, "Reason | None", bool], None]  # (result, reason, is a first fetch)


class Fetcher:
    """Fetches the items of one outlet."""

    def __init__(
        self,
        outlet: Outlet,
        client: OutletClient,
        writer: ArchiveWriter,
        journal: Journal,
        clock: Callable[[], datetime],
        is_own: Callable[[str], bool],
        tell: Tell,
    ) -> None:
        self._outlet, self._client, self._writer, self._journal, self._clock = outlet, client, writer, journal, clock
        self._is_own, self._tell = is_own, tell

    def refusal(self, url: str) -> Reason | None:
        """Why a link is not asked for at all, as far as the outlet's file tells."""
        canonical = urls.canonicalise(url)
        if canonical is None:
            return Reason.INVALID_URL
        if not self._is_own(canonical):
            return Reason.OFF_SITE
        path = urlsplit(canonical).path
        return Reason.EXCLUDED if any(path.startswith(prefix) for prefix in self._outlet.crawl.exclude_paths) else None

    async def take(self, item: PendingItem) -> bool:
        """Fetch one item and record its end. Whether it was asked for at all."""
        answer = await self._client.get(item.link.url, self._outlet.crawl.max_page_bytes, of_article=True)
        if isinstance(answer, FetchFailure):
            return self._end_failure(item, answer)
        attempt = item.attempts + 1
        if answer.status == 304:
            self.end(item, "failed", Reason.HTTP_STATUS, "304 to a request without conditions", answer, attempt=attempt)
        elif not self._is_own(answer.final_url):
            self.end(item, "rejected", Reason.OFF_SITE, "redirected", answer, attempt=attempt)
        else:
            self.end(item, "fetched", None, "", answer, attempt=attempt, more=await self._archived(answer, None))
        return True

    async def look_again(self, revisit: Revisit) -> None:
        """Fetch an article again; it ends as unchanged where the body is the same, byte for byte."""
        headers = {}
        if revisit.etag:
            headers["If-None-Match"] = revisit.etag
        if revisit.last_modified:
            headers["If-Modified-Since"] = revisit.last_modified
        answer = await self._client.get(revisit.url, self._outlet.crawl.max_page_bytes, headers, of_article=True)
        if isinstance(answer, FetchFailure):
            waits = answer.of_robots or answer.reason in PASSING
            self.end(revisit, "deferred" if waits else "failed", answer.reason, answer.detail, answer)
        elif answer.status == 304:
            more: dict[str, Any] = {
                "etag": answer.header("etag") or revisit.etag,
                "last_modified": answer.header("last-modified") or revisit.last_modified,
            }
            if revisit.body is not None:
                more = await self._archived(answer, revisit) | more
            self.end(revisit, "unchanged", None, "not modified", answer, more=more)
        elif not self._is_own(answer.final_url):
            self.end(revisit, "rejected", Reason.OFF_SITE, "redirected", answer)
        else:
            more = await self._archived(answer, revisit)
            same = revisit.body is not None and more["body"]["digest"] == revisit.body.digest
            self.end(revisit, "unchanged" if same else "fetched", None, "the same body" if same else "", answer, more=more)

    def _end_failure(self, item: PendingItem, answer: FetchFailure) -> bool:
        left = answer.redirects and answer.final_url is not None and not self._is_own(answer.final_url)
        if left and answer.reason is not Reason.ADDRESS_REFUSED:  # the page has left the outlet, whatever the stranger says
            self.end(item, "rejected", Reason.OFF_SITE, f"redirected; {answer.reason}: {answer.detail}", answer, attempt=item.attempts + 1)
            return True
        if answer.reason is Reason.ROBOTS:
            self.end(item, "rejected", Reason.ROBOTS, answer.detail, answer)
            return False
        if answer.of_robots and answer.reason is not Reason.ADDRESS_REFUSED:
            # the page itself was never asked for: it waits, however long that takes
            self.end(item, "deferred", Reason.OUTLET_UNAVAILABLE, f"{answer.reason}: {answer.detail}", answer)
            return False
        attempt = item.attempts + 1
        again = answer.reason in PASSING and attempt < self._outlet.crawl.attempts
        self.end(item, "deferred" if again else "failed", answer.reason, answer.detail, answer, attempt=attempt)
        return True

    async def _archived(self, answer: FetchResult, revisit: Revisit | None) -> dict[str, Any]:
        """Store an answer; what the journal notes of it."""
        rules = await self._client.rules(answer.final_url)  # from the cache: the page was permitted by them
        stated = sorted({*rules.opt_outs, *opt_outs.of_headers(answer.headers, PRODUCT), *opt_outs.of_page(answer.body, PRODUCT)})
        place = self._writer.write(answer, revisit.body if revisit is not None else None, notes=[("opt-out", word) for word in stated])
        body = place.body
        return {
            "warc_file": body.file, "warc_offset": body.offset, "record_id": place.record_id, "opt_outs": stated,
            "body": {"digest": body.digest, "record_id": body.record_id, "url": body.url, "fetched_at": body.fetched_at},
            "etag": answer.header("etag"), "last_modified": answer.header("last-modified"),
        }  # fmt: skip

    def end(
        self, item: PendingItem | Revisit, result: str, reason: Reason | None, detail: str = "",
        answer: FetchResult | FetchFailure | None = None, *, attempt: int | None = None, more: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Record how an item ended. One that was put off before and is put off again without having been asked for is no news."""
        waits_on = isinstance(item, PendingItem) and item.was_deferred and attempt in {None, item.attempts}
        if result == "deferred" and waits_on and self._client.retry_at is None:
            return
        again = item.number if isinstance(item, Revisit) else 0
        tried = 1 if isinstance(item, Revisit) else item.attempts
        row: dict[str, Any] = {
            "outlet_id": self._outlet.id, "item_id": item.item_id, "url": item.url if isinstance(item, Revisit) else item.link.url,
            "fetched_at": self._clock(), "result": result, "reason": reason, "detail": detail, "visit": again,
            "attempt": tried if attempt is None else attempt, "redirects": 0, "retry_at": self._client.retry_at,
        }  # fmt: skip
        if isinstance(answer, FetchFailure):
            row |= {"http_status": answer.status, "final_url": answer.final_url, "redirects": answer.redirects}
        elif answer is not None:
            row |= {
                "http_status": answer.status, "final_url": answer.final_url, "content_type": answer.content_type,
                "payload_bytes": len(answer.body), "fetched_at": answer.fetched_at, "redirects": len(answer.redirects),
            }  # fmt: skip
        self._journal.fetch(**row | (more or {}))
        self._tell(result, reason, not again)
