"""One outlet in one collection pass: its sources, then its new and waiting articles, then articles to be looked at again.

Belongs here: which sources an outlet has, what is asked in which order, and when it is enough. Does not belong here: the outlets side by
side (``collect``), polling (``sources``), fetching (``items``), patience (``outlet_client``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from flows.collectors.finding import find_sources
from flows.collectors.items import REVISIT_WITHIN, Fetcher
from flows.collectors.outlet_client import OutletClient
from flows.collectors.sources import Discovered, Poll, Poller, Source
from transforms import feed_health, urls
from transforms.known import KnownItems
from transforms.listing import absolute
from transforms.records import CollectionState, PendingItem, Reason, SourceKind, SourceState
from transforms.window import Window

if TYPE_CHECKING:
    from flows.collectors.archive_writer import ArchiveWriter
    from flows.collectors.client import Client
    from flows.collectors.journal import Journal
    from flows.collectors.pace import Pace
    from flows.collectors.robots import HostRules, Robots
    from transforms.params import Outlet

MAX_ROBOTS_SITEMAPS = 3  # that robots.txt names; those with "news" in their address first
Progress = Callable[[str, str], None]  # (outlet id, result) after each poll and each item


@dataclass(slots=True, kw_only=True)
class CollectSummary:
    """What a pass did, for people; the journal has the whole of it."""

    polls_ok: int = 0  # not_modified included
    polls_failed: int = 0
    not_due: int = 0  # sources that were left for later
    items_new: int = 0
    items_fetched: int = 0
    results: Counter[str] = field(default_factory=Counter)  # "fetched", "deferred:timeout", … → items
    again: Counter[str] = field(default_factory=Counter)  # the same of articles that were looked at again
    broken: dict[str, str] = field(default_factory=dict)  # outlet id → an error of our own that ended its pass early


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked of a pass beside the usual."""

    window: Window | None = None  # publication days to be looked for beyond what the sources list; then every source is asked
    due_only: bool = False  # leave out sources that are not due by their own pace
    named: bool = False  # the outlets were named by hand: a dead source is asked again too


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
    wish: Wish

    def tell(self, outlet_id: str, result: str) -> None:
        if self.progress is not None:
            self.progress(outlet_id, result)


class Visit:
    """One outlet in one pass."""

    def __init__(self, shared: Pass, outlet: Outlet) -> None:
        self.shared, self.outlet = shared, outlet
        self.pending = shared.state.pending.get(outlet.id, ())
        discovered = Discovered(known=shared.state.known.get(outlet.id, KnownItems()), seen={item.item_id for item in self.pending})
        chance = Random(f"{shared.journal.run_id} {outlet.id}")  # noqa: S311 - spreads requests, guards nothing
        self.client = OutletClient(shared.client, shared.robots, shared.pace, outlet.crawl, shared.clock, chance, self._is_own)
        self.poller = Poller(outlet, self.client, shared.writer, shared.journal, shared.clock, discovered, self._is_own, shared.wish.window)
        self.fetcher = Fetcher(outlet, self.client, shared.writer, shared.journal, shared.clock, self._is_own, self._tell)
        self.found: list[PendingItem] = []
        self.polled: set[str] = set()

    async def run(self) -> None:
        """Visit the outlet. Raises OSError when the disk does."""
        now = self.shared.clock()
        held = self.shared.state.held_until.get(self.outlet.id)
        if held is not None and held > now:
            self.client.stop = Reason.RATE_LIMITED  # it asked us to come back later; what is due is noted as not asked
        await self._poll_all(now)
        ready = [item for item in self.pending if item.first_seen_at <= now]  # a replayed clock may stand before some
        taken = await self._fetch([*ready, *self.found])
        await self._look_again(now, self.outlet.crawl.max_items_per_run - taken)

    # ---- sources

    async def _poll_all(self, now: datetime) -> None:
        for source in self._configured():
            await self._poll_if_due(source, now)
        if self.client.stop is not None:
            return
        if not self.polled and not self._others_are_due(now):
            return  # then robots.txt is not asked for either
        others = await self._named_by_robots() if self.outlet.crawl.robots_sitemaps and not self.outlet.sitemaps else []
        if not others and not self._configured():
            others = [Source(kind=SourceKind.PAGE, url=self.outlet.homepage, is_configured=False)]
        for source in [*others, *self._stand_ins()]:
            if self.fetcher.refusal(source.url) in {None, Reason.OFF_SITE}:  # what the outlet's file leaves out is no source either
                await self._poll_if_due(source, now)

    def _others_are_due(self, now: datetime) -> bool:
        """Whether a source is due that the outlet's file does not name, or nothing was ever asked of the outlet."""
        configured = {source.url for source in self._configured()}
        known = {url: state for (outlet_id, url), state in self.shared.state.sources.items() if outlet_id == self.outlet.id}
        return not known or any(url not in configured and self._is_due(state, now) for url, state in known.items())

    def _configured(self) -> list[Source]:
        outlet = self.outlet
        kinds = ((SourceKind.FEED, outlet.feeds), (SourceKind.SITEMAP, outlet.sitemaps), (SourceKind.PAGE, outlet.pages))
        return [Source(kind=kind, url=url) for kind, addresses in kinds for url in addresses]

    async def _named_by_robots(self) -> list[Source]:
        rules = await self.client.rules(self.outlet.homepage)
        chosen = named_sitemaps(self.outlet.homepage, rules, self.shared.directory)
        return [Source(kind=SourceKind.SITEMAP, url=url, is_configured=False) for url in chosen]

    def _stand_ins(self) -> list[Source]:
        """Sources that were found in an earlier pass in the place of one that has died, for as long as it is configured and dead."""
        configured = {source.url for source in self._configured()}
        found = []
        for (outlet_id, url), state in sorted(self.shared.state.sources.items()):
            if outlet_id != self.outlet.id or url in configured or state.stands_for not in configured:
                continue
            original = self.shared.state.sources.get((outlet_id, state.stands_for or ""))
            if original is not None and feed_health.is_dead(original.failures, original.failing):
                found.append(Source(kind=state.kind, url=url, is_configured=False, stands_for=state.stands_for))
        return found

    async def _poll_if_due(self, source: Source, now: datetime) -> None:
        before = self.shared.state.sources.get((self.outlet.id, source.url))
        if source.url in self.polled:
            return
        if not self._is_due(before, now):
            self.shared.summary.not_due += 1
            return
        poll = await self._poll(source, before)
        is_dead = poll.result == "failed" and feed_health.is_dead(poll.failures, poll.failing)
        if is_dead and source.is_configured and self.outlet.crawl.rediscover and self.client.stop is None:
            await self._rediscover(source, now)

    async def _poll(self, source: Source, before: SourceState | None) -> Poll:
        self.polled.add(source.url)
        poll = await self.poller.poll(source, before)
        summary, failed = self.shared.summary, poll.result == "failed"
        summary.items_new += len(poll.items)
        summary.polls_failed += failed
        summary.polls_ok += not failed
        self.found += poll.items
        self.shared.tell(self.outlet.id, f"poll {poll.result}")
        return poll

    async def _rediscover(self, dead: Source, now: datetime) -> None:
        """Look for another source in the place of a dead one: what the home page or robots.txt name, at last the home page itself.

        As often as the dead one is asked, for as long as none but a page was found, or what was found has died as well.
        """
        if self.fetcher.refusal(self.outlet.homepage) is Reason.EXCLUDED:
            return
        known = {url: state for (outlet_id, url), state in self.shared.state.sources.items() if outlet_id == self.outlet.id}
        found_before = (state for state in known.values() if state.stands_for == dead.url and state.kind is not SourceKind.PAGE)
        if any(not feed_health.is_dead(state.failures, state.failing) for state in found_before):
            return
        crawl = self.outlet.crawl
        found = await find_sources(
            self.outlet.homepage, client=self.shared.client, robots=self.shared.robots, pace=self.shared.pace,
            domains=self.outlet.domains, timeout=crawl.timeout_seconds, delay=crawl.delay_seconds,
        )  # fmt: skip
        fresh = [source for source in found if source.url not in known and source.url not in self.polled]
        if fresh:
            chosen = Source(kind=fresh[0].kind, url=fresh[0].url, is_configured=False, stands_for=dead.url)
        else:
            chosen = Source(kind=SourceKind.PAGE, url=self.outlet.homepage, is_configured=False, stands_for=dead.url)
        await self._poll_if_due(chosen, now)

    def _is_due(self, before: SourceState | None, now: datetime) -> bool:
        """A source that was polled later than now is not due: the clock is a replayed one."""
        if before is None:
            return True
        wish = self.shared.wish
        if wish.window is not None:
            return True
        if now - before.last_polled_at < timedelta(minutes=self.outlet.crawl.poll_minutes):
            return False
        waits = wish.due_only or (feed_health.is_dead(before.failures, before.failing) and not wish.named)
        return not waits or before.due_at is None or now >= before.due_at

    # ---- items

    async def _fetch(self, items: list[PendingItem]) -> int:
        taken = 0
        for item in items:
            refused = self.fetcher.refusal(item.link.url)
            if refused is not None:
                self.fetcher.end(item, "rejected", refused)
            elif taken >= self.outlet.crawl.max_items_per_run:
                self.fetcher.end(item, "deferred", Reason.RUN_LIMIT)
            elif self.client.stop is not None:
                self.fetcher.end(item, "deferred", self.client.stop, "not asked: the outlet is left alone for this run")
            else:
                taken += await self.fetcher.take(item)
        return taken

    async def _look_again(self, now: datetime, room: int) -> None:
        """Articles whose day has come; one that was missed is made up for, or left out where the next one is due by now."""
        days = list(enumerate(self.outlet.crawl.revisit_days, start=1))
        for revisit in self.shared.state.revisits.get(self.outlet.id, ()):
            if self.client.stop is not None or room <= 0:
                return
            age = now - revisit.first_fetched_at
            due = [n for n, day in days if n >= revisit.number and timedelta(0) <= age - timedelta(days=day) <= REVISIT_WITHIN]
            if due:
                await self.fetcher.look_again(replace(revisit, number=due[-1]))
                room -= 1

    def _is_own(self, url: str) -> bool:
        owner = self.shared.directory.find(url)
        return owner is not None and owner.id == self.outlet.id

    def _tell(self, result: str, reason: Reason | None, is_first: bool) -> None:
        summary, words = self.shared.summary, f"{result}:{reason}" if reason else result
        if is_first:
            summary.items_fetched += result == "fetched"
            summary.results[words] += 1
        else:
            summary.again[words] += 1
        self.shared.tell(self.outlet.id, result)


def named_sitemaps(homepage: str, rules: HostRules, directory: urls.OutletDirectory) -> list[str]:
    """The sitemaps that a host's robots.txt names for its own outlet and that are read, those with "news" in their address first."""
    owner = directory.find(homepage)
    named = dict.fromkeys(absolute(name, homepage) for name in rules.sitemaps)  # some are relative, against the protocol
    own = [url for url in named if owner is not None and directory.find(url) == owner]
    return sorted(own, key=lambda url: "news" not in url.lower())[:MAX_ROBOTS_SITEMAPS]
