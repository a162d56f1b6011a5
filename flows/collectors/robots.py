"""What a host asks of its visitors: robots.txt and the pace.

Belongs here: RFC 9309 for one host, the cache of a pass, one request at a time to a host with a delay between them. Does not belong
here: which outlet wants what (``collect``).
"""

from __future__ import annotations

import asyncio
import codecs
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from flows.collectors.client import Client, FetchFailure
from transforms.records import Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

PRODUCT = "Frontrunner"  # the product token that robots.txt files may name
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much is parsed; the rest is not looked at
MAX_CRAWL_DELAY = 60.0  # seconds; larger wishes would keep a daily paper from being read within its day


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRules:
    """What one host (scheme, name, port) allows."""

    rules: Protego | None = None  # None: everything is allowed, unless unreachable
    unreachable: FetchFailure | None = None  # then nothing is allowed (RFC 9309, 2.3.1.4)

    def allows(self, url: str) -> bool:
        if self.unreachable is not None:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, PRODUCT))

    @property
    def crawl_delay(self) -> float:
        """Seconds between requests that the host asks for; 0 where it does not."""
        asked = self.rules.crawl_delay(PRODUCT) if self.rules is not None else None
        return min(max(float(asked), 0.0), MAX_CRAWL_DELAY) if asked else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self.rules.sitemaps) if self.rules is not None else ()


def parse_robots(body: bytes) -> Protego | None:
    """The rules of a robots.txt file, whatever it holds; None where nothing in it can be read."""
    text = body[:MAX_ROBOTS_BYTES].removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")
    try:
        return Protego.parse(text)
    except Exception:  # noqa: BLE001 - a file that breaks the parser has no valid rule
        return None


def origin(url: str) -> str:
    """Scheme, host and port: what a robots.txt file speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


class Pace:
    """One request at a time to a host, and at least its delay from the start of one to the start of the next."""

    def __init__(self, *, timer: Callable[[], float] | None = None, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._timer, self._sleep = timer, sleep
        self._locks: dict[str, asyncio.Lock] = {}
        self._next: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, url: str, delay: float) -> AsyncIterator[None]:
        """Wait for the host of ``url`` to be free; ``delay`` in seconds holds until the next request after this one."""
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
        timer = self._timer or asyncio.get_running_loop().time
        async with self._locks.setdefault(host, asyncio.Lock()):
            wait = self._next.get(host, 0.0) - timer()
            if wait > 0:
                await self._sleep(wait)
            self._next[host] = timer() + delay
            yield

    def hold(self, url: str, seconds: float) -> None:
        """Leave the host of ``url`` alone for so long."""
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
        timer = self._timer or asyncio.get_running_loop().time
        self._next[host] = max(self._next.get(host, 0.0), timer() + seconds)


@dataclass(slots=True)
class Robots:
    """robots.txt of every host met in a pass, each asked for once."""

    client: Client
    pace: Pace
    _cache: dict[str, asyncio.Task[HostRules]] = field(default_factory=dict)

    async def rules(self, url: str, *, timeout: float, delay: float) -> HostRules:
        """The rules for the host of ``url``. ``timeout`` and ``delay`` in seconds are those of the outlet that asks first."""
        key = origin(url)
        task = self._cache.get(key)
        if task is None:
            task = self._cache[key] = asyncio.create_task(self._load(key, timeout, delay))
        return await asyncio.shield(task)

    async def permit(self, url: str, *, timeout: float, delay: float) -> FetchFailure | None:
        """Why ``url`` may not be asked for; None where it may. Made to be the client's ``permit``."""
        found = await self.rules(url, timeout=timeout, delay=delay)
        if found.unreachable is not None:
            return replace(found.unreachable, detail=f"robots.txt: {found.unreachable.detail}", of_robots=True)
        return None if found.allows(url) else FetchFailure(reason=Reason.ROBOTS, detail="disallowed by robots.txt")

    async def _load(self, key: str, timeout: float, delay: float) -> HostRules:
        answer = await self.client.fetch(
            f"{key}/robots.txt",
            max_bytes=MAX_ROBOTS_BYTES,
            timeout=timeout,
            headers={"Accept-Encoding": "identity"},  # so that a part of it can be read
            turn=lambda url: self.pace.turn(url, delay),
            truncate=True,
        )
        if not isinstance(answer, FetchFailure):
            return HostRules(rules=parse_robots(answer.body))
        if answer.status is not None and 400 <= answer.status < 500 and answer.reason is not Reason.RATE_LIMITED:
            return HostRules()  # "unavailable": RFC 9309, 2.3.1.3
        if answer.reason is Reason.REDIRECTS:
            return HostRules()  # more than five redirects may be taken as unavailable (2.3.1.2)
        return HostRules(unreachable=answer)
