"""What a host asks of its visitors in robots.txt.

Belongs here: RFC 9309 for one host, the cache of a pass. Does not belong here: whose turn it is (``pace``), which outlet wants what
(``visit``).
"""

from __future__ import annotations

import asyncio
import codecs
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from flows.collectors.client import Client, FetchFailure, FetchResult
from transforms import opt_outs
from transforms.records import Reason

if TYPE_CHECKING:
    from flows.collectors.pace import Pace

PRODUCT = "Frontrunner"  # the product token that robots.txt files may name
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much is parsed; the rest is not looked at
_BRIEF = frozenset({Reason.CONNECTION, Reason.CUT_SHORT, Reason.DNS_UNAVAILABLE})  # faults after which it is asked for once more
MAX_CRAWL_DELAY = 60.0  # seconds; larger wishes would keep a daily paper from being read within its day


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRules:
    """What one host (scheme, name, port) allows."""

    rules: Protego | None = None  # None: everything is allowed, unless unreachable
    unreachable: FetchFailure | None = None  # then nothing is allowed (RFC 9309, 2.3.1.4)
    opt_outs: tuple[str, ...] = ()  # what the file says beside its rules, see transforms/opt_outs.py

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


def robots_text(body: bytes) -> str:
    """The characters of a robots.txt file as far as it counts. It is UTF-8 (RFC 9309, 2.3); a mark of UTF-16 is believed all the same."""
    counted = body[:MAX_ROBOTS_BYTES]
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if counted.startswith(mark):
            return counted[len(mark) :].decode(codec, errors="replace")
    return counted.decode("utf-8", errors="replace")


def parse_robots(body: bytes) -> Protego | None:
    """The rules of a robots.txt file, whatever it holds; None where nothing in it can be read."""
    text = robots_text(body)
    try:
        return Protego.parse(text)
    except Exception:  # noqa: BLE001 - a file that breaks the parser has no valid rule
        return None


def host_rules(body: bytes) -> HostRules:
    """Rules and further statements of a robots.txt file."""
    rules = parse_robots(body)
    shut_out = [] if rules is None else [agent for agent in opt_outs.AI_AGENTS if not rules.can_fetch("/", agent)]
    if rules is not None and not rules.can_fetch("/", "any-other-agent"):
        shut_out = []  # nobody is let in: that is no statement on AI
    return HostRules(rules=rules, opt_outs=opt_outs.of_robots(robots_text(body), shut_out))


def origin(url: str) -> str:
    """Scheme, host and port: what a robots.txt file speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


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
        answer = await self._ask(key, timeout, delay)
        if isinstance(answer, FetchFailure) and answer.reason in _BRIEF:  # much hangs on this one answer
            answer = await self._ask(key, timeout, delay)
        if not isinstance(answer, FetchFailure):
            return host_rules(answer.body)
        if answer.status is not None and 400 <= answer.status < 500 and answer.reason is not Reason.RATE_LIMITED:
            return HostRules()  # "unavailable": RFC 9309, 2.3.1.3
        if answer.reason is Reason.REDIRECTS:
            return HostRules()  # more than five redirects may be taken as unavailable (2.3.1.2)
        return HostRules(unreachable=answer)

    async def _ask(self, key: str, timeout: float, delay: float) -> FetchResult | FetchFailure:
        return await self.client.fetch(
            f"{key}/robots.txt",
            max_bytes=MAX_ROBOTS_BYTES,
            timeout=timeout,
            headers={"Accept-Encoding": "identity"},  # so that a part of it can be read
            turn=lambda url: self.pace.turn(url, delay),
            truncate=True,
        )
