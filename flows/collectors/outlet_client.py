"""Requests on behalf of one outlet in one pass: robots.txt, the host's turn, and patience.

Belongs here: when a request is tried again, when an outlet is left alone. Does not belong here: HTTP itself (``client``), the queues
(``pace``), what an answer means (``sources``, ``items``).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

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

    def __init__(self, client: Client, robots: Robots, pace: Pace, crawl: Crawl, clock: Callable[[], datetime], chance: Random) -> None:
        self._client, self._robots, self._pace, self._crawl, self._clock, self._chance = client, robots, pace, crawl, clock, chance
        self._faults = self._limits = 0
        self.stop: Reason | None = None
        self.retry_at: datetime | None = None  # when the server asked us to come back

    async def get(
        self, url: str, max_bytes: int, headers: Mapping[str, str] | None = None, *, of_article: bool = False
    ) -> FetchResult | FetchFailure:
        """GET ``url``, again where that can help. Faults in a row are counted over articles, since a feed may well be on another host."""
        tries = 0
        while True:
            answer = await self._once(url, max_bytes, headers or {})
            self._heed(answer)
            if tries >= self._crawl.retries or self.stop is not None or not _may_be_gone(answer):
                break
            tries += 1
            wait = self._crawl.delay_seconds * 2**tries * self._chance.uniform(0.5, 1.5)
            self._pace.hold(_asked(answer, url), min(wait, LONG_WAIT))
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
        """A short Retry-After delays the next request to the host; a long one ends the outlet's pass, and is remembered."""
        if not isinstance(answer, FetchFailure):
            self._limits = 0
            return
        if answer.status not in {_TOO_MANY, _UNAVAILABLE}:
            return
        wait, host = answer.retry_after, answer.final_url
        if wait is not None and wait > LONG_WAIT:
            self.stop = Reason.RATE_LIMITED
            self.retry_at = self._clock() + min(timedelta(seconds=wait), MAX_HOLD)
        elif wait is not None and host is not None:
            self._pace.hold(host, wait)
        if answer.status == _TOO_MANY and host is not None:
            self._pace.slow_down(host)
            if wait is None:
                self._pace.hold(host, LIMIT_PAUSE * self._crawl.delay_seconds)
            self._limits += 1
            if self._limits >= LIMITS_IN_A_ROW + self._crawl.retries:
                self.stop = self.stop or Reason.RATE_LIMITED

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


def _asked(answer: FetchResult | FetchFailure, url: str) -> str:
    return answer.final_url or url
