"""``check --live``: does every feed, sitemap and page of the configuration answer, and with what?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.collectors.client import Client, FetchFailure, FetchResult, user_agent
from flows.collectors.pace import Pace
from flows.collectors.robots import Robots
from flows.collectors.visit import named_sitemaps
from transforms.discover import MAX_SITEMAP_BYTES, Listing, read_feed, read_page, read_sitemap
from transforms.params import Configuration, Outlet
from transforms.records import Rejection, SourceKind
from transforms.urls import OutletDirectory
from transforms.version import code_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one address answered."""

    outlet_id: str
    kind: SourceKind
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
                named = [] if outlet.sitemaps or not outlet.crawl.robots_sitemaps else await _named_by_robots(outlet, robots)
                return [await _probe(outlet, kind, url, client, robots, pace) for kind, url in [*_sources(outlet), *named]]

        found = await asyncio.gather(*(one(outlet) for outlet in configuration.outlets))
    return [probe for probes in found for probe in probes]


def _sources(outlet: Outlet) -> Iterable[tuple[SourceKind, str]]:
    yield from ((SourceKind.FEED, url) for url in outlet.feeds)
    yield from ((SourceKind.SITEMAP, url) for url in outlet.sitemaps)
    yield from ((SourceKind.PAGE, url) for url in outlet.pages)


async def _named_by_robots(outlet: Outlet, robots: Robots) -> list[tuple[SourceKind, str]]:
    rules = await robots.rules(outlet.homepage, timeout=outlet.crawl.timeout_seconds, delay=outlet.crawl.delay_seconds)
    return [(SourceKind.SITEMAP, url) for url in named_sitemaps(outlet.homepage, rules, OutletDirectory((outlet,)))]


async def _probe(outlet: Outlet, kind: SourceKind, url: str, client: Client, robots: Robots, pace: Pace) -> Probe:
    crawl = outlet.crawl
    limit = {SourceKind.FEED: crawl.max_feed_bytes, SourceKind.SITEMAP: MAX_SITEMAP_BYTES, SourceKind.PAGE: crawl.max_page_bytes}[kind]
    answer = await client.fetch(
        url,
        max_bytes=limit,
        timeout=crawl.timeout_seconds,
        permit=lambda asked: robots.permit(asked, timeout=crawl.timeout_seconds, delay=crawl.delay_seconds),
        turn=lambda asked: pace.turn(asked, crawl.delay_seconds),
    )
    if isinstance(answer, FetchFailure):
        return Probe(outlet_id=outlet.id, kind=kind, url=url, ok=False, words=f"{answer.reason} {answer.detail}".strip())
    listing = _read(kind, answer, outlet)
    if isinstance(listing, Rejection):
        return Probe(outlet_id=outlet.id, kind=kind, url=url, ok=False, words=f"{listing.reason} {listing.detail}".strip())
    words = f"{len(listing.links)} links" + (f", {len(listing.children)} sitemaps" if listing.children else "")
    if answer.final_url != url:
        words += f", moved to {answer.final_url}"
    return Probe(outlet_id=outlet.id, kind=kind, url=url, ok=True, words=words)


def _read(kind: SourceKind, answer: FetchResult, outlet: Outlet) -> Listing | Rejection:
    what = (answer.body, answer.content_type, answer.final_url)
    if kind is SourceKind.FEED:
        return read_feed(*what)
    if kind is SourceKind.SITEMAP:
        return read_sitemap(*what)
    directory = OutletDirectory((outlet,))
    return read_page(*what, is_own=lambda url: directory.find(url) is not None)
