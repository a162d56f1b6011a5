"""``check --live``: does every feed, sitemap and robots.txt of the configuration answer, and with what?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.collectors.client import Client, FetchFailure, user_agent
from flows.collectors.pace import Pace
from flows.collectors.robots import Robots
from transforms.discover import MAX_SITEMAP_BYTES, read_feed, read_sitemap
from transforms.params import Configuration, Outlet
from transforms.records import Rejection
from transforms.version import code_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one address answered."""

    outlet_id: str
    kind: str  # feed, sitemap
    url: str
    ok: bool
    words: str


async def probe_outlets(configuration: Configuration) -> list[Probe]:
    """Ask every address once, outlets side by side, politely; in the order of the configuration."""
    settings = configuration.settings
    pace = Pace()
    room = asyncio.Semaphore(settings.parallel_requests)
    agent = user_agent(code_version().partition("+")[0], settings.contact)
    async with Client(agent=agent, allow_private=settings.allow_private_addresses, clock=lambda: datetime.now(UTC)) as client:
        robots = Robots(client, pace)

        async def one(outlet: Outlet) -> list[Probe]:
            async with room:
                return [await _probe(outlet, kind, url, client, robots, pace) for kind, url in _sources(outlet)]

        found = await asyncio.gather(*(one(outlet) for outlet in configuration.outlets))
    return [probe for probes in found for probe in probes]


def _sources(outlet: Outlet) -> Iterable[tuple[str, str]]:
    yield from (("feed", url) for url in outlet.feeds)
    yield from (("sitemap", url) for url in outlet.sitemaps)


async def _probe(outlet: Outlet, kind: str, url: str, client: Client, robots: Robots, pace: Pace) -> Probe:
    crawl = outlet.crawl
    limit = crawl.max_feed_bytes if kind == "feed" else MAX_SITEMAP_BYTES
    answer = await client.fetch(
        url,
        max_bytes=limit,
        timeout=crawl.timeout_seconds,
        permit=lambda asked: robots.permit(asked, timeout=crawl.timeout_seconds, delay=crawl.delay_seconds),
        turn=lambda asked: pace.turn(asked, crawl.delay_seconds),
    )
    if isinstance(answer, FetchFailure):
        return Probe(outlet_id=outlet.id, kind=kind, url=url, ok=False, words=f"{answer.reason} {answer.detail}".strip())
    read = read_feed if kind == "feed" else read_sitemap
    listing = read(answer.body, answer.content_type, answer.final_url)
    if isinstance(listing, Rejection):
        return Probe(outlet_id=outlet.id, kind=kind, url=url, ok=False, words=f"{listing.reason} {listing.detail}".strip())
    words = f"{len(listing.links)} links" + (f", {len(listing.children)} sitemaps" if listing.children else "")
    if answer.final_url != url:
        words += f", moved to {answer.final_url}"
    return Probe(outlet_id=outlet.id, kind=kind, url=url, ok=True, words=words)
