"""The one polite scheduler: whose turn it is, and when.

Belongs here: one request at a time to a host, the delay between two, times for which a host is left alone, and the number of requests in
flight. Does not belong here: what is asked for (``visit``), what robots.txt says (``robots``).

Every host has a queue of its own, first come first served. Whoever has waited for its host then queues for one of the places in flight,
again first come first served; since a host has only one request there, a large outlet takes no more places than a small one.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

MAX_SLOWING = 8.0  # times its usual delay is what a host that says "too many requests" can come to in a pass


class Pace:
    """One request at a time to a host, and at least its delay from the start of one to the start of the next."""

    def __init__(
        self,
        *,
        parallel: int | None = None,
        timer: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self._timer, self._sleep = timer, sleep
        self._places = asyncio.Semaphore(parallel) if parallel else None
        self._locks: dict[str, asyncio.Lock] = {}
        self._next: dict[str, float] = {}
        self._slowing: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, url: str, delay: float) -> AsyncIterator[Callable[[], None]]:
        """Wait for the host of ``url`` to be free; ``delay`` in seconds holds until the next request after this one.

        It begins with the turn, and once more when what is yielded is called: that is for the moment at which the request is sent, which
        may be a connection later.
        """
        host = _host(url)
        async with self._locks.setdefault(host, asyncio.Lock()):
            while (wait := self._next.get(host, 0.0) - self._now()) > 0:  # it may be held for longer meanwhile
                await (self._sleep or asyncio.sleep)(wait)
            if self._places is not None:
                await self._places.acquire()

            def begin() -> None:
                self._next[host] = max(self._next.get(host, 0.0), self._now() + delay * self._slowing.get(host, 1.0))

            try:
                begin()
                yield begin
            finally:
                if self._places is not None:
                    self._places.release()

    def hold(self, url: str, seconds: float) -> None:
        """Leave the host of ``url`` alone for so long."""
        host = _host(url)
        self._next[host] = max(self._next.get(host, 0.0), self._now() + seconds)

    def slow_down(self, url: str) -> None:
        """Double the delay of the host of ``url`` for the rest of the pass."""
        host = _host(url)
        self._slowing[host] = min(2 * self._slowing.get(host, 1.0), MAX_SLOWING)

    def _now(self) -> float:
        return self._timer() if self._timer is not None else asyncio.get_running_loop().time()


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()
