"""Requests on behalf of one outlet in one pass: robots.txt, the host's turn, and patience.

Belongs here: when a request is tried again, when an outlet is left alone. Does not belong here: HTTP itself (``client``), the queues
(``pace``), what an answer means (``sources``, ``items``).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.collectors.client import Client, FetchFailure, FetchResult, Sent
from transforms.records import Reason

if TYPE_CHECKING:
    from flows.collectors.pace import Pace
    from flows.collectors.robots import HostRules, Robots
    from transforms.params import Crawl

# Faults that speak of the whole host; a broken page or an error of its own says nothing about the next.
HOST_FAULTS = frozenset(
    {
        Reason.TIMEOUT, Reason.CONNECTION, Reason.DNS, Reason.DNS_UNAVAILABLE, Reason.TLS, Reason.TLS_CERTIFICATE, Reason.RATE_LIMITED,
    }
)  # fmt: skip
FAULTS_IN_A_ROW = 5  # such faults after which an outlet is left alone for this pass
LIMITS_IN_A_ROW = 2  # so many "too many requests" are a plain word
LONG_WAIT = 60.0  # seconds of Retry-After beyond which the rest of the outlet waits for a later pass
MAX_HOLD = timedelta(days=7)  # the longest Retry-After that is believed
LIMIT_PAUSE = 8  # delays for which a host is left alone that limits us without naming a time
# Faults that may be gone in seconds: a connection that broke off, a server in the middle of a restart. A server that took its whole time
# and one that found a fault of its own (500) are asked again in a later pass.
_BRIEF = frozenset({Reason.CONNECTION, Reason.CUT_SHORT, Reason.DNS_UNAVAILABLE})
_BRIEF_STATUSES = frozenset({502, 503, 504})
_TOO_MANY, _UNAVAILABLE = 429, 503

log = logging.getLogger(__name__)


class OutletClient:
    """Asks for one outlet. ``stop`` says why the outlet is left alone for the rest of the pass, once it is."""

    def __init__(
        self,
        client: Client,
        robots: Robots,
        pace: Pace,
        crawl: Crawl,
        clock: Callable[[], datetime],
        chance: Random,
        is_own: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._client, self._robots, self._pace, self._crawl, self._clock, self._chance = client, robots, pace, crawl, clock, chance
        self._is_own = is_own
        self._faults = 0
        self._limits: Counter[str] = Counter()  # host → "too many requests" in a row
        self._closed: set[str] = set()  # hosts that are not asked any more, such as a feed service
        self.stop: Reason | None = None
        self.retry_at: datetime | None = None  # when the outlet asked us to come back

    async def get(
        self, url: str, max_bytes: int, headers: Mapping[str, str] | None = None, *, of_article: bool = False
    ) -> FetchResult | FetchFailure:
        """GET ``url``, again where that can help. Faults in a row are counted over articles, since a feed may well be on another host."""
        tries = 0
        while True:
            if _host(url) in self._closed:
                return FetchFailure(reason=Reason.RATE_LIMITED, detail="not asked: the host wants to be left alone", final_url=url)
            answer = await self._once(url, max_bytes, headers or {})
            self._heed(answer)
            if tries >= self._crawl.retries or self.stop is not None or not _may_be_gone(answer):
                break
            tries += 1
            wait = self._crawl.delay_seconds * 2**tries * self._chance.uniform(0.5, 1.5)
            self._pace.hold(answer.final_url or url, min(wait, LONG_WAIT))
        if of_article:
            self._count(answer)
        return answer

    async def rules(self, url: str) -> HostRules:
        """What the host of ``url`` allows; asked for once in a pass."""
        return await self._robots.rules(url, timeout=self._crawl.timeout_seconds, delay=self._crawl.delay_seconds)

    async def _once(self, url: str, max_bytes: int, headers: Mapping[str, str]) -> FetchResult | FetchFailure:
        try:
            return await self._client.fetch(
                url, max_bytes=max_bytes, timeout=self._crawl.timeout_seconds, headers=headers, permit=self._permit, turn=self._turn
            )
        except Exception as error:  # one page's fault stays that page's
            log.exception("fetching %s", url)
            return FetchFailure(reason=Reason.PROTOCOL, detail=f"unexpected {type(error).__name__}: {error}")

    async def _permit(self, url: str) -> FetchFailure | None:
        return await self._robots.permit(url, timeout=self._crawl.timeout_seconds, delay=self._crawl.delay_seconds)

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[Sent]:
        asked = (await self.rules(url)).crawl_delay  # from the cache by now
        async with self._pace.turn(url, max(self._crawl.delay_seconds, asked)) as sent:
            yield sent

    def _heed(self, answer: FetchResult | FetchFailure) -> None:
        """A short Retry-After delays the next request; after a long one the host is left alone, and with its own host the outlet."""
        url = answer.final_url
        if url is None:
            return
        if not isinstance(answer, FetchFailure):
            self._limits.pop(_host(url), None)
            return
        if answer.status not in {_TOO_MANY, _UNAVAILABLE}:
            return
        wait = answer.retry_after
        if wait is not None and wait > LONG_WAIT:
            self._leave(url, self._clock() + min(timedelta(seconds=wait), MAX_HOLD))
        elif wait is not None:
            self._pace.hold(url, wait)
        if answer.status == _TOO_MANY:
            self._pace.slow_down(url)
            if wait is None:
                self._pace.hold(url, LIMIT_PAUSE * self._crawl.delay_seconds)
            self._limits[_host(url)] += 1
            if self._limits[_host(url)] >= LIMITS_IN_A_ROW + self._crawl.retries:
                self._leave(url, None)

    def _leave(self, url: str, retry_at: datetime | None) -> None:
        """Ask nothing more of a host in this pass; of an outlet's own host, nothing more of the outlet, and not before ``retry_at``."""
        self._closed.add(_host(url))
        if self._is_own(url):
            self.stop = self.stop or Reason.RATE_LIMITED
            self.retry_at = retry_at or self.retry_at

    def _count(self, answer: FetchResult | FetchFailure) -> None:
        if isinstance(answer, FetchFailure) and (answer.reason in HOST_FAULTS or answer.status == _UNAVAILABLE):
            self._faults += 1
            if self._faults >= FAULTS_IN_A_ROW:
                self.stop = self.stop or Reason.OUTLET_UNAVAILABLE
        elif not isinstance(answer, FetchFailure) or answer.reason is not Reason.ROBOTS:
            self._faults = 0


def _may_be_gone(answer: FetchResult | FetchFailure) -> bool:
    if not isinstance(answer, FetchFailure) or answer.of_robots:  # robots.txt has tries of its own
        return False
    return answer.reason in _BRIEF or answer.status in _BRIEF_STATUSES or answer.status == _TOO_MANY


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
