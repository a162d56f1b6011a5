"""Finds what an outlet can be collected from: the feeds and news sitemaps that its site names, else those that lie where they usually do.

Belongs here: which addresses are asked for, in which order and how many, and which answers are worth having. Does not belong here: reading
markup and feeds (``transforms``), what becomes of a source (``visit``, ``flows.newcomer``).
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from flows.collectors.client import FetchFailure, FetchResult, Sent
from transforms import urls
from transforms.discover import MAX_SITEMAP_BYTES, read_feed, read_sitemap
from transforms.records import ArticleLink, Reason, Rejection, SourceKind
from transforms.site import SiteDescription, describe, front_rank, named_news, speaks_of_comments
from transforms.whereabouts import site_lexicon

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from flows.collectors.client import Client
    from flows.collectors.pace import Pace
    from flows.collectors.robots import Robots

MAX_REQUESTS = 40  # to one site in one search, robots.txt not counted
MAX_NAMED_FEEDS = 12  # of those that a page names
MAX_OVERVIEWS = 1  # pages behind a link to "feeds" that turn out to be lists of feeds
MAX_NAMED_SITEMAPS = 8  # of those that robots.txt and the page name
MAX_CHILDREN = 4  # of a sitemap index: the likeliest
MAX_PLAIN_LINKS = 1_000  # a sitemap without news dates that lists more is an archive
MAX_PAGE_BYTES, MAX_FEED_BYTES = 10_000_000, 5_000_000
STALE_AFTER = timedelta(days=60)  # a source whose newest article is older is dead: hardly an outlet is silent for so long
OWN_SHARE = 0.5  # of the links of a source that lead to the site itself: what links elsewhere is a list of others' articles

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSource:
    """A feed or sitemap that answered and lists articles of the site."""

    kind: SourceKind
    url: str
    title: str | None = None  # as the page calls it
    links: int  # articles of the site that it lists
    newest: datetime | None = None  # UTC; None where it gives no dates
    basis: str = ""  # where its address was found
    news: bool = True  # it is made for news: a feed, or a sitemap with dates of publication
    articles: tuple[ArticleLink, ...] = field(default=(), repr=False)  # those of the site, as listed


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Asks one site politely, and not for more than :data:`MAX_REQUESTS` things."""

    client: Client
    robots: Robots
    pace: Pace
    timeout: float = 30.0  # seconds for one request in all
    delay: float = 2.0  # seconds between two requests to a host; more where robots.txt asks for it
    left: int = MAX_REQUESTS

    async def get(self, url: str, max_bytes: int) -> FetchResult | FetchFailure:
        """One page, feed or sitemap, or why there is none."""
        if self.left <= 0:
            return FetchFailure(reason=Reason.RUN_LIMIT, detail=f"more than {MAX_REQUESTS} requests")
        self.left -= 1
        answer = await self.client.fetch(
            url,
            max_bytes=max_bytes,
            timeout=self.timeout,
            permit=lambda asked: self.robots.permit(asked, timeout=self.timeout, delay=self.delay),
            turn=self._turn,
        )
        if isinstance(answer, FetchResult) and not 200 <= answer.status < 300:
            return FetchFailure(reason=Reason.HTTP_STATUS, detail=f"HTTP {answer.status}", status=answer.status)
        return answer

    async def named_sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that robots.txt names."""
        return (await self.robots.rules(url, timeout=self.timeout, delay=self.delay)).sitemaps

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[Sent]:
        rules = await self.robots.rules(url, timeout=self.timeout, delay=self.delay)  # from the cache by now
        async with self.pace.turn(url, max(self.delay, rules.crawl_delay)) as sent:
            yield sent


async def find_sources(
    homepage_url: str,
    *,
    client: Client,
    robots: Robots,
    pace: Pace,
    domains: Sequence[str] = (),
    timeout: float = 30.0,
    delay: float = 2.0,
) -> list[FoundSource]:
    """The feeds and news sitemaps of the site whose home page this is, the best first; none where the home page cannot be read.

    ``domains`` are those of the outlet, as configured; without them all of the home page's registered domain is the site's own.
    """
    visitor = Visitor(client=client, robots=robots, pace=pace, timeout=timeout, delay=delay)
    home = await visitor.get(homepage_url, MAX_PAGE_BYTES)
    if isinstance(home, FetchFailure):
        return []
    return await sources_of(home, await described(home), visitor, domains)


async def described(home: FetchResult) -> SiteDescription:
    """What a page says of its site; in a thread, so that other outlets go on."""
    return await asyncio.to_thread(describe, home.body, home.content_type, home.final_url)


async def sources_of(home: FetchResult, site: SiteDescription, visitor: Visitor, domains: Sequence[str] = ()) -> list[FoundSource]:
    """As :func:`find_sources`, for a home page that was fetched and described."""
    own = tuple(domains) or (urls.registrable_domain(urls.host(home.final_url)),)
    search = _Search(visitor=visitor, home=home.final_url, domains=own, now=home.fetched_at)
    for named in site.feeds[:MAX_NAMED_FEEDS]:
        await search.feed(named.url, named.title, "named by the home page" if named.stated else "linked from the home page")
    named_sitemaps = [(url, "named in robots.txt") for url in await visitor.named_sitemaps(home.final_url)]
    named_sitemaps += [(url, "named by the home page") for url in site.sitemaps]
    named_sitemaps.sort(key=lambda found: not named_news(found[0]))  # stable: likely news sitemaps first
    for url, basis in named_sitemaps[:MAX_NAMED_SITEMAPS]:
        await search.sitemap(url, basis)
    if not any(source.news for source in search.found):
        await _try_usual(search)
    return _ranked(search.found)


async def _try_usual(search: _Search) -> None:
    """Ask where feeds and news sitemaps usually lie, until one of each is found."""
    for path in site_lexicon()["usual_feeds"]:
        if await search.feed(urljoin(search.home, path), None, "a usual address"):
            break
    for path in site_lexicon()["usual_sitemaps"]:
        if await search.sitemap(urljoin(search.home, path), "a usual address"):
            break


@dataclass(slots=True, kw_only=True)
class _Search:
    """What was found so far, and what was asked for."""

    visitor: Visitor
    home: str
    domains: Sequence[str]
    now: datetime
    found: list[FoundSource] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)
    _overviews: int = MAX_OVERVIEWS

    async def feed(self, url: str, title: str | None, basis: str) -> bool:
        """Look at one address of a feed; whether it is one worth having."""
        answer = await self._get(url, MAX_FEED_BYTES)
        if answer is None:
            return False
        listing = await asyncio.to_thread(read_feed, answer.body, answer.content_type, answer.final_url)
        if isinstance(listing, Rejection):
            log.info("%s: %s", url, listing.reason)
            return await self._overview(answer) if listing.reason is Reason.NOT_A_FEED else False
        return self._keep(SourceKind.FEED, answer, title, basis, listing.links)

    async def sitemap(self, url: str, basis: str, *, within: bool = False) -> bool:
        """Look at one address of a sitemap, and at the likeliest of an index; whether any is worth having."""
        answer = await self._get(url, MAX_SITEMAP_BYTES)
        if answer is None:
            return False
        listing = await asyncio.to_thread(read_sitemap, answer.body, answer.content_type, answer.final_url)
        if isinstance(listing, Rejection):
            log.info("%s: %s", url, listing.reason)
            return False
        if not listing.children:
            return self._keep(SourceKind.SITEMAP, answer, None, basis, listing.links)
        kept = False
        if not within:  # an index within an index is not followed
            own = (child.url for child in listing.children if self._is_own(child.url))
            for child in sorted(own, key=lambda name: not named_news(name))[:MAX_CHILDREN]:
                kept |= await self.sitemap(child, f"in the index {url}, which is {basis}", within=True)
        return kept

    async def _overview(self, page: FetchResult) -> bool:
        """A page of one's own behind a link to feeds is often the list of them."""
        if self._overviews <= 0 or not self._is_own(page.final_url) or urls.is_front_page(page.final_url):
            return False
        named = (await described(page)).feeds
        self._overviews -= bool(named)
        kept = False
        for entry in [entry for entry in named if entry.url not in self._asked][:MAX_NAMED_FEEDS]:
            kept |= await self.feed(entry.url, entry.title, f"linked from {page.final_url}")
        return kept

    async def _get(self, url: str, max_bytes: int) -> FetchResult | None:
        form = urls.canonicalise(url)
        if form is None or form in self._asked:
            return None
        self._asked.add(form)
        answer = await self.visitor.get(form, max_bytes)
        if isinstance(answer, FetchFailure):
            log.info("%s: %s %s", url, answer.reason, answer.detail)
            return None
        self._asked.add(urls.canonicalise(answer.final_url) or answer.final_url)
        return answer

    def _keep(self, kind: SourceKind, answer: FetchResult, title: str | None, basis: str, links: Sequence[ArticleLink]) -> bool:
        own = tuple(link for link in links if self._is_own(link.url) and not urls.is_front_page(link.url))
        dates = [link.published_at for link in own if link.published_at is not None]
        newest = max((date for date in dates if date <= self.now + timedelta(days=1)), default=None)
        news = kind is SourceKind.FEED or any(link.published_raw for link in own)
        why = _useless(own, links, newest, news=news, now=self.now)
        if why:
            log.info("%s: left out, %s", answer.final_url, why)
            return False
        # A redirect away from the site is to whoever delivers it today: the site's own address will still be good then.
        url = answer.final_url if self._is_own(answer.final_url) else answer.requested_url
        source = FoundSource(kind=kind, url=url, title=title, links=len(own), newest=newest, basis=basis, news=news, articles=own)
        log.info("%s: %s with %d articles", source.url, kind, source.links)
        self.found.append(source)
        return True

    def _is_own(self, url: str) -> bool:
        return covers(self.domains, url)


def covers(domains: Iterable[str], url: str) -> bool:
    """Whether a URL's host is one of these domains, as they are configured, or below one."""
    form = urls.canonicalise(url)
    if form is None:
        return False
    host, place = urls.host(form), urlsplit(form).netloc
    for domain in domains:
        name, _, port = domain.partition(":")
        known = urls.host(f"http://{name}/") or name
        if (host == known or host.endswith(f".{known}")) and (not port or place.rpartition(":")[2] == port):
            return True
    return False


def _useless(own: Sequence[ArticleLink], links: Sequence[ArticleLink], newest: datetime | None, *, news: bool, now: datetime) -> str:
    """Why nothing is to be collected from a listing; empty where something is."""
    if not own:
        return "lists no article of the site"
    if len(own) < OWN_SHARE * len(links):
        return "lists other sites' articles"
    if newest is not None and newest < now - STALE_AFTER:
        return f"its newest article is of {newest:%Y-%m-%d}"
    if sum("#comment" in link.url or speaks_of_comments(urls.canonicalise(link.url) or "", None) for link in own) > len(own) / 2:
        return "lists readers' comments"
    if not news and len(own) > MAX_PLAIN_LINKS:
        return "an archive: many links, and no dates of publication"
    return ""


def _ranked(found: Sequence[FoundSource]) -> list[FoundSource]:
    """Feeds, then sitemaps; of each the front's own first, then by number of articles and newest date. What adds nothing is left out."""
    newsy = any(source.news for source in found)
    chosen = [source for source in found if source.news or not newsy]  # a plain sitemap only where there is nothing better
    chosen.sort(key=_rank)
    kept: list[FoundSource] = []
    for kind in (SourceKind.FEED, SourceKind.SITEMAP):
        seen: set[str | None] = set()
        for source in (source for source in chosen if source.kind is kind):
            listed = {urls.canonicalise(link.url) for link in source.articles}
            if not listed <= seen:
                kept.append(source)
            seen |= listed
    return kept


def _rank(source: FoundSource) -> tuple[int, int, float]:
    path = urlsplit(source.url).path
    return front_rank(path), -source.links, -(source.newest.timestamp() if source.newest else 0.0)
