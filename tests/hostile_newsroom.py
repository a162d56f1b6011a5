"""A newsroom of outlets that misbehave, beside a few that do not: what the machinery of it needs.

Belongs here: how a behaviour is recorded, the hosts that it is served on, the configuration that names them, the visits by the clock and
what came of them. Does not belong here: the behaviours themselves (``hostile_pages``, ``hostile_sources``), what a single response looks
like (``hostile_server``).

Every outlet is visited three times. In the evening its feed lists one article; at noon of the day that is judged it lists a second and,
where a page is the trouble, the bad one before it; the morning after it lists the same. So that day is complete wherever nothing is amiss.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import hostile_server as hostile
from hostile_server import Behaviour, HostileServer, Seen
from newsroom_fixtures import Story, ask, ask_warehouse, surroundings, toml_value, write_config

from flows import passes
from flows.environment import load_environment, new_run_id

EVENING, NOON, MORNING = (datetime(2024, 6, day, hour, tzinfo=UTC) for day, hour in ((19, 20), (20, 10), (21, 6)))
DAY = date(2024, 6, 20)
BEFORE, BAD, AFTER = "/news/before-the-council-met", "/news/harbour-dredging-to-start-a-month-early", "/news/after-the-council-had-met"
SHORT = 3.0  # seconds that a host is given which is known to let every request hang
PATIENT = 30.0  # seconds for every other one: nothing here depends on a quick machine

Routes = Mapping[str, Behaviour]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One outlet's place on the server."""

    name: str  # the outlet's id
    host: str  # with its port
    other: str  # a host of its own, with the same port, on which other routes are served
    elsewhere: str  # the host of nobody's: it shows a cookie wall to everybody
    rival: str  # the host of a healthy outlet

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPage:
    """A link or page that is not what it should be, in an outlet that is fine otherwise."""

    name: str
    what: str  # the server does, or the page is
    ends: tuple[str, ...]  # outcome:reason at noon; more than one where the contract leaves it open
    why: str  # it deserves that
    routes: Callable[[Site], Routes] = lambda site: {}
    links: Callable[[Site], tuple[str, ...]] = lambda site: (site.url(BAD),)
    other: Callable[[Site], Routes] | None = None  # routes of a second host of the outlet's own
    timeout: float = PATIENT
    rest_waits: bool = False  # the host has asked to be left alone: the article after it is not asked for in this pass
    waits_on: bool = False  # for as long as it was not asked for at all
    requests: int | None = None  # to the bad page's host at noon, at most, without robots.txt and feed
    undated: bool = False  # the feed says no date for it


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSource:
    """A feed, sitemap or robots.txt that is not what it should be, or that is odd and fine all the same."""

    name: str
    what: str
    polls: tuple[str, ...]  # result:reason at noon
    day: str  # status of the day
    why: str
    routes: Callable[[Site, list[Story]], Routes]  # beside the articles' own pages
    feeds: Callable[[Site], tuple[str, ...]] = lambda site: (site.url("/feed"),)
    sitemaps: Callable[[Site], tuple[str, ...]] = lambda site: ()
    host: str | None = None  # a name instead of an address
    crawl: Mapping[str, Any] = field(default_factory=dict)
    morning: str | None = None  # result of the poll of the morning, where it is another
    ends: Mapping[str, str] = field(default_factory=dict)  # path → outcome at noon, where it is not published
    requests: int | None = None  # at noon, at most, robots.txt included
    other: Callable[[Site], Routes] | None = None


# ---- articles and feeds


def article(site: Site, path: str, published: datetime | None, title: str | None = None, *, canonical: str | None = None) -> Story:
    """An article of a site, unlike every other one."""
    name = title or f"{path.rsplit('/', 1)[-1].replace('-', ' ').capitalize()}, {site.name} reports"
    place = f"{site.name} at {path}"
    return Story(
        url=site.url(path),
        title=name,
        published=published,
        canonical=canonical,
        paragraphs=(
            f"Mark Rutte was in town on Thursday, and the correspondent of {place} followed him from the station to the quay.",
            f"The post of NATO Secretary General falls vacant in the autumn; {place} has asked seven ministers what they make of it.",
            f"None of them would be drawn. One offered biscuits to {place}, another a tour of the boiler house, which was accepted.",
            f"The council meets again next week, and the readers of {place} will be told what it has decided, if it decides anything.",
        ),
    )


def before(site: Site) -> Story:
    return article(site, BEFORE, datetime(2024, 6, 19, 16, tzinfo=UTC))


def bad(site: Site) -> Story:
    return article(site, BAD, datetime(2024, 6, 20, 7, tzinfo=UTC))


def after(site: Site) -> Story:
    return article(site, AFTER, datetime(2024, 6, 20, 8, tzinfo=UTC))


def rss(items: Iterable[tuple[str, str, datetime | str | None]]) -> bytes:
    """A feed of (link, title, date)."""
    parts = []
    for link, title, at in items:
        date_said = format_datetime(at) if isinstance(at, datetime) else at
        said = f"<pubDate>{date_said}</pubDate>" if date_said else ""
        parts.append(f"<item><title>{escape(title)}</title><link>{escape(link)}</link>{said}</item>")
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>N</title>{"".join(parts)}</channel></rss>'.encode()


def rss_of(stories: Iterable[Story]) -> bytes:
    return rss((story.url, story.title, story.published) for story in stories)


def feed_of(stories: Iterable[Story]) -> Behaviour:
    return hostile.answer(rss_of(stories), "application/rss+xml; charset=utf-8")


def pages_of(stories: Iterable[Story]) -> dict[str, Behaviour]:
    return {"/" + story.url.split("/", 3)[3]: hostile.answer(story.html()) for story in stories}


def conditional(body: bytes, content_type: str = "application/rss+xml") -> Behaviour:
    """304 to whoever has seen this very body."""
    return hostile.conditional(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:16]}"')


# ---- the newsroom


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one visit left."""

    run_id: str
    requests: tuple[Seen, ...]


@dataclass(slots=True, kw_only=True)
class Newsroom:
    """All outlets of a hostile newsroom, and what became of them."""

    config: Path
    server: HostileServer
    pages: tuple[BadPage, ...]
    sources: tuple[BadSource, ...]
    healthy: tuple[str, ...]
    sites: dict[str, Site] = field(default_factory=dict)
    visits: dict[datetime, Visit] = field(default_factory=dict)
    strangers: Routes = field(default_factory=dict)  # what is served on the host of nobody's

    def __post_init__(self) -> None:
        names = [*(f"page-{p.name}" for p in self.pages), *(f"source-{s.name}" for s in self.sources), *self.healthy]
        port = self.server.port
        rival = f"{_address(len(names) - 1)}:{port}"
        hosts = {f"source-{s.name}": s.host for s in self.sources if s.host}
        for number, name in enumerate(names):
            self.sites[name] = Site(
                name=name, host=f"{hosts.get(name) or _address(number)}:{port}", other=f"{_address(number, 9)}:{port}",
                elsewhere=f"127.0.99.99:{port}", rival=rival,
            )  # fmt: skip

    def write(self) -> None:
        """The configuration."""
        write_config(self.config, {})
        (self.config / "outlets").mkdir()
        for page in self.pages:
            site = self.sites[f"page-{page.name}"]
            self._outlet(site, {"timeout_seconds": page.timeout}, domains=[site.host, *([site.other] if page.other else [])])
        for source in self.sources:
            site = self.sites[f"source-{source.name}"]
            self._outlet(
                site, {"timeout_seconds": PATIENT, **source.crawl}, domains=[site.host, *([site.other] if source.other else [])],
                feeds=list(source.feeds(site)), sitemaps=list(source.sitemaps(site)),
            )  # fmt: skip
        for name in self.healthy:
            self._outlet(self.sites[name], {"timeout_seconds": PATIENT})

    def _outlet(self, site: Site, crawl: Mapping[str, Any], **values: Any) -> None:
        given = {
            "id": site.name, "name": site.name.replace("-", " ").title(), "homepage": site.url("/"), "domains": [site.host],
            "country": "NL", "language": "en", "timezone": "Europe/Amsterdam", "feeds": [site.url("/feed")],
        } | values  # fmt: skip
        limits = {
            "delay_seconds": 0, "poll_minutes": 60, "attempts": 2, "max_page_bytes": 3_000_000, "max_feed_bytes": 3_000_000,
            "revisit_days": [],  # what is asked for a second time here is asked for because the first time went wrong
        } | crawl  # fmt: skip
        lines = [f"{key} = {toml_value(value)}" for key, value in given.items()]
        lines += ["[crawl]", *(f"{key} = {toml_value(value)}" for key, value in limits.items())]
        (self.config / "outlets" / f"{site.name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _open(self, moment: datetime) -> None:
        """Serve what stands on every host at that moment."""
        hosts = self.server.hosts
        hosts["127.0.99.99"] = dict(self.strangers)
        for page in self.pages:
            site = self.sites[f"page-{page.name}"]
            stories = [before(site), *([after(site)] if moment > EVENING else [])]
            listed = [(story.url, story.title, story.published) for story in stories]
            if moment > EVENING:
                at = None if page.undated else bad(site).published
                listed = [*((link, "What the feed calls it", at) for link in page.links(site)), *reversed(listed)]
            hosts[_name(site.host)] = {
                "/feed": hostile.answer(rss(listed), "application/rss+xml"), **pages_of(stories), **page.routes(site),
            }  # fmt: skip
            if page.other is not None:
                hosts[_name(site.other)] = dict(page.other(site))
        for source in self.sources:
            site = self.sites[f"source-{source.name}"]
            stories = [*([after(site)] if moment > EVENING else []), before(site)]
            hosts[_name(site.host)] = {**pages_of(stories), **source.routes(site, stories)}
            if source.other is not None:
                hosts[_name(site.other)] = dict(source.other(site))
        for name in self.healthy:
            stories = healthy_stories(self.sites[name], moment)
            hosts[_name(self.sites[name].host)] = {"/feed": feed_of(stories), **pages_of(stories)}

    def visit(self, moment: datetime) -> None:
        """One pass, as it goes at that moment."""
        self._open(moment)
        seen = len(self.server.requests)
        run_id = play(self.config, moment)
        self.visits[moment] = Visit(run_id=run_id, requests=tuple(self.server.requests[seen:]))

    def requests(self, moment: datetime, host: str) -> list[str]:
        """The paths that were asked for on one host."""
        return [seen.path for seen in self.visits[moment].requests if seen.host == _name(host)]


@dataclass(slots=True, kw_only=True)
class Record:
    """What a newsroom's visits left in the published file and in the private one, read once."""

    outcomes: dict[tuple[datetime, str], dict[str, str]]  # visit and outlet → URL → outcome:reason
    polls: dict[tuple[datetime, str], list[str]]  # visit and outlet → result:reason
    days: dict[str, tuple[str, str | None]]  # outlet → status of the day and its reason
    articles: dict[str, list[str]]  # outlet → URLs
    counts: dict[str, list[tuple[int | None, ...]]]  # outlet → articles, mentions, all articles of the day


def read_record(made: Newsroom) -> Record:
    """What there is to be judged."""
    moments = {visit.run_id: moment for moment, visit in made.visits.items()}
    names = made.sites
    record = Record(
        outcomes={(moment, name): {} for moment in made.visits for name in names}, polls={}, days={}, articles={name: [] for name in names},
        counts={},
    )  # fmt: skip
    for run_id, outlet_id, url, end in ask(made.config, "SELECT run_id, outlet_id, url, concat_ws(':', outcome, reason) FROM outcomes"):
        record.outcomes[moments[run_id], outlet_id][url] = end
    for run_id, outlet_id, end in ask_warehouse(
        made.config, "SELECT run_id, outlet_id, concat_ws(':', result, reason) FROM collection.polls ORDER BY polled_at"
    ):
        record.polls.setdefault((moments[run_id], outlet_id), []).append(end)
    for outlet_id, status, reason in ask(made.config, f"SELECT outlet_id, status, reason FROM collection_health WHERE day = '{DAY}'"):
        record.days[outlet_id] = (status, reason)
    for outlet_id, url in ask(made.config, "SELECT outlet_id, url FROM articles ORDER BY url"):
        record.articles[outlet_id].append(url)
    for outlet_id, *counts in ask(
        made.config,
        f"SELECT outlet_id, articles, mentions, total_articles FROM coverage_by_outlet_day WHERE day = '{DAY}'",
    ):
        record.counts.setdefault(outlet_id, []).append(tuple(counts))
    return record


def healthy_stories(site: Site, moment: datetime) -> list[Story]:
    """Five articles at noon, newest first, one of them known since the evening."""
    new = [article(site, f"/news/item-{n}-of-the-day", datetime(2024, 6, 20, 2 + n, tzinfo=UTC)) for n in (4, 3, 2, 1)]
    return [*(new if moment > EVENING else []), before(site)]


def play(config: Path, moment: datetime, *, publish: bool = True, proxy: str | None = None) -> str:
    """One run with the clock at that moment, without Prefect; returns its id. Without ``publish`` only what was due is collected."""
    variables = {"HTTP_PROXY": proxy, "http_proxy": proxy} if proxy else {}
    with surroundings(FRONTRUNNER_NOW=moment.isoformat(), **variables):
        environment = load_environment(config)
        run_id = new_run_id()
        with passes.recorded_run(environment, run_id, "run" if publish else "collect"):
            asyncio.run(passes.collect_pass(environment, run_id))
            if publish:
                passes.process_pass(environment, run_id)
                passes.publish_pass(environment, run_id)
    return run_id


@contextmanager
def newsroom(
    config: Path, pages: tuple[BadPage, ...], sources: tuple[BadSource, ...], healthy: tuple[str, ...], strangers: Routes
) -> Iterator[Newsroom]:
    """A newsroom that is being served, with its configuration."""
    with HostileServer(address="0.0.0.0") as server:
        made = Newsroom(config=config, server=server, pages=pages, sources=sources, healthy=healthy, strangers=strangers)
        made.write()
        yield made


def _address(number: int, network: int = 0) -> str:
    return f"127.0.{10 * network + 1 + number // 200}.{1 + number % 200}"


def _name(host: str) -> str:
    return host.partition(":")[0].encode("idna").decode("ascii")
