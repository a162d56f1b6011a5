"""``outlets add``: asks a site what it is and what it can be collected from, and proposes the file of an outlet.

Belongs here: which questions are put to the network, and what the answers make of each key. Does not belong here: reading markup
(``transforms.site``), finding feeds (``collectors.finding``), how the file is written (``proposal``).

A value that little supports is proposed all the same, since the file needs one, but never without the words "please check" beside it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from anyascii import anyascii

from flows.collectors.archive_writer import ArchiveWriter
from flows.collectors.client import Client, FetchFailure, FetchResult, user_agent
from flows.collectors.finding import MAX_PAGE_BYTES, FoundSource, Visitor, covers, described, sources_of
from flows.collectors.pace import Pace
from flows.collectors.robots import Robots
from flows.proposal import Line, write_outlet
from transforms import urls
from transforms.body import word_count
from transforms.params import Outlet, Settings
from transforms.reading import read_guarded
from transforms.records import Article, ArticleLink, FetchedPage, Reason, RejectedPage, Rejection, SourceKind
from transforms.site import SiteDescription, language_of
from transforms.version import code_version
from transforms.whereabouts import Finding, country_of, likely_country, stated_offsets, zone_for

DELAY_SECONDS = 1.5  # between two requests to a host; more where robots.txt asks for it
TIMEOUT_SECONDS = 20.0
MAX_KEPT = 10  # feeds, and sitemaps, that are proposed
MAX_TRIED_PAGES = 3  # listed pages that are fetched until one is an article
ENOUGH_TITLES = 5  # headlines from which a language can be told
MIN_DATES, MIN_SPAN = 5, timedelta(hours=6)  # from which a rate can be estimated
OLD_TAIL = 10  # one in so many dates of a source may be an old article that was put on top again
UNKNOWN_COUNTRY, UNKNOWN_LANGUAGE, UNKNOWN_ZONE = "ZZ", "en", "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePage:
    """One listed article as it came, and what reading makes of it."""

    answer: FetchResult
    reading: Article | RejectedPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An outlet as it could be configured."""

    outlet: Outlet
    text: str  # of its file
    sources: tuple[FoundSource, ...]  # none: only the links of its home page can be taken
    to_check: tuple[str, ...]  # keys that a person should look at
    example: ExamplePage | None = None


async def propose_outlet(
    url: str, settings: Settings, clock: Callable[[], datetime], *, outlet_id: str | None = None
) -> Proposal | Rejection:
    """Look at the site at ``url`` and propose its outlet. A Rejection says why the home page cannot be read, robots.txt included."""
    asked = urls.canonicalise(url if "://" in url else f"https://{url}")
    if asked is None:
        return _rejected(Reason.INVALID_URL, "not an http or https address")
    pace = Pace()
    agent = user_agent(code_version().partition("+")[0], settings.contact)
    async with Client(agent=agent, allow_private=settings.allow_private_addresses, clock=clock) as client:
        visitor = Visitor(client=client, robots=Robots(client, pace), pace=pace, timeout=TIMEOUT_SECONDS, delay=DELAY_SECONDS)
        home = await visitor.get(asked, MAX_PAGE_BYTES)
        if isinstance(home, FetchFailure):
            return _rejected(home.reason, home.detail)
        site = await described(home)
        sources = await sources_of(home, site, visitor)
        kept = [s for kind in (SourceKind.FEED, SourceKind.SITEMAP) for s in [s for s in sources if s.kind is kind][:MAX_KEPT]]
        lines = _lines(asked, home, site, kept, outlet_id)
        heading = (
            f"Proposed by `frontrunner outlets add` on {clock():%Y-%m-%d} for {asked}. Look it through, then `frontrunner check --live`."
        )
        text, outlet = write_outlet(lines, heading)
        example = await _example(outlet, kept, visitor)
    to_check = tuple(line.key for line in lines if not line.sure)
    return Proposal(outlet=outlet, text=text, sources=tuple(kept), to_check=to_check, example=example)


def record_page(folder: Path, outlet_id: str, example: ExamplePage, started_at: datetime, run_id: str) -> Path:
    """Keep the page as a WARC record, and beside it what reading made of it, so that a later change of the site shows.

    ``folder`` gets a folder of the outlet's own. Returns the path of its ``expected.json``. Raises OSError when the disk does.
    """
    own = folder / outlet_id
    with ArchiveWriter(own, started_at, run_id, MAX_PAGE_BYTES) as writer:
        place = writer.write(example.answer)
    found = example.reading.fields if isinstance(example.reading, RejectedPage) else example.reading
    expected = {
        "url": example.answer.requested_url,
        "warc_file": place.file,
        "record_id": place.record_id,
        "title": found.title if found else None,
        "published_on": found.published_on.isoformat() if found and found.published_on else None,
        "authors": list(found.authors) if found else [],
        "language": found.language if found else None,
        "canonical_url": found.canonical_url if found else None,
        "word_count": word_count(found.text) if found else 0,
        "rejected": str(example.reading.rejection.reason) if isinstance(example.reading, RejectedPage) else None,
    }
    path = own / "expected.json"
    path.write_text(json.dumps(expected, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", errors="replace")
    return path


# ---- the keys of the file


def _lines(asked: str, home: FetchResult, site: SiteDescription, sources: Sequence[FoundSource], outlet_id: str | None) -> list[Line]:
    homepage = _homepage(asked, home.final_url)
    domain, why_domain = _domain(homepage, sources)
    listed = [link for source in sources for link in source.articles]
    name, language = site.name, _language(site, listed)
    country = site.country or country_of(homepage) or _country_by_language(language)
    zone = zone_for(country.value, stated_offsets(listed)) if country is not None else None
    unknown = "nothing on the site says which"
    lines = [
        Line(key="id", value=outlet_id or _outlet_id(domain), remark="" if outlet_id else "from the domain; it stays for good"),
        _found("name", name or Finding(value=domain, basis="the domain: the page states no name to rely on")),
        Line(key="homepage", value=homepage, remark="" if homepage == asked else f"moved from {asked}"),
        Line(key="domains", value=[(domain, "")], remark=why_domain, sure=not why_domain),
        _found("country", country or Finding(value=UNKNOWN_COUNTRY, basis=unknown)),
        _found("language", language or Finding(value=UNKNOWN_LANGUAGE, basis=unknown)),
        _found("timezone", zone or Finding(value=UNKNOWN_ZONE, basis="unknown, since the country is")),
        Line(key="feeds", value=[(s.url, _about(s)) for s in sources if s.kind is SourceKind.FEED]),
        _sitemaps([s for s in sources if s.kind is SourceKind.SITEMAP]),
    ]
    if not sources:
        lines.append(Line(key="pages", value=[(homepage, "")], remark="no feed and no news sitemap was found", sure=False))
    rate = articles_per_day(sources)
    if rate is not None:
        lines.append(Line(key="articles_per_day", value=rate, remark="estimated from the dates that the sources list today"))
    return lines


def _found(key: str, finding: Finding) -> Line:
    return Line(key=key, value=finding.value, remark=finding.basis, sure=finding.sure)


def _sitemaps(found: Sequence[FoundSource]) -> Line:
    plain = any(not source.news for source in found)
    remark = "a sitemap without dates of publication: it may list old articles and other pages" if plain else ""
    return Line(key="sitemaps", value=[(source.url, _about(source)) for source in found], remark=remark, sure=not plain)


def _about(source: FoundSource) -> str:
    words = f"{source.basis}: {source.links} articles"
    if source.newest is not None:
        words += f", the newest of {source.newest:%Y-%m-%d}"
    return f"{words}; {source.title}" if source.title else words


def _homepage(asked: str, final: str) -> str:
    """The address that answered. Where the front page was asked for, it is that of the final host: readers are sent on by country."""
    parts = urlsplit(urls.canonicalise(final) or final)
    return f"{parts.scheme}://{parts.netloc}/" if urls.is_front_page(asked) else parts.geturl()


def _domain(homepage: str, sources: Sequence[FoundSource]) -> tuple[str, str]:
    """The domain whose pages are the outlet's, and a remark where that is a choice.

    A host below the registered domain (``english.example.com``) may be an outlet of its own: it is, where all that it lists lies there.
    """
    place = urlsplit(homepage).netloc
    host = urls.host(homepage).removeprefix("www.")
    registered = urls.registrable_domain(urls.host(homepage))
    if ":" in place:  # a server of one's own
        return place, ""
    if host == registered:
        return registered, ""
    listed = [link.url for source in sources for link in source.articles]
    if listed and all(covers([host], link) for link in listed):
        return host, f"all that is listed lies on {host}; the rest of {registered} is left to other outlets"
    return registered, f"the home page is on {host}, other pages elsewhere below {registered}"


def _outlet_id(domain: str) -> str:
    """``dutchnews`` of dutchnews.nl, ``example-english`` of english.example.com; in Latin letters."""
    host = domain.partition(":")[0]
    registered = urls.registrable_domain(host)
    if registered[-1:].isdigit():
        labels = [domain]
    else:
        labels = [registered.partition(".")[0], *(label for label in [host.removesuffix(registered).strip(".")] if label)]
    words = (re.sub(r"[^a-z0-9]+", "-", anyascii(_in_own_script(label)).lower()).strip("-") for label in labels)
    return "-".join(word for word in words if word)[:64].strip("-") or "outlet"


def _in_own_script(label: str) -> str:
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _language(site: SiteDescription, listed: Sequence[ArticleLink]) -> Finding | None:
    """What the page says; where that is not certain, the listed headlines are asked too."""
    if site.language is not None and site.language.sure:
        return site.language
    titles = list(dict.fromkeys(link.title for link in listed if link.title))
    if len(titles) < ENOUGH_TITLES:
        return site.language
    return language_of(site.locales, "\n".join(titles[:40]), "headlines") or site.language


def _country_by_language(language: Finding | None) -> Finding | None:
    code = likely_country(language.value) if language is not None else None
    return Finding(value=code, basis="only by the language: no domain, address or locale says which") if code else None


def articles_per_day(sources: Iterable[FoundSource]) -> float | None:
    """A rate out of the days for which all sources together list everything; None where they list too little for one.

    A list of the newest says nothing of the time before its oldest entry, so the period begins where the last of them begins.
    """
    dated: dict[str, datetime] = {}
    begins = []
    for source in sources:
        dates = sorted(link.published_at for link in source.articles if link.published_at is not None)
        dated |= {urls.canonicalise(link.url) or link.url: link.published_at for link in source.articles if link.published_at is not None}
        if len(dates) >= MIN_DATES:
            begins.append(dates[len(dates) // OLD_TAIL])
    if not begins:
        return None
    first, last = max(begins), max(dated.values())
    within = sum(first <= at for at in dated.values())
    if last - first < MIN_SPAN or within < MIN_DATES:
        return None
    rate = (within - 1) / ((last - first) / timedelta(days=1))
    return round(rate) if rate >= 10 else round(rate, 1)


# ---- the page that is recorded


async def _example(outlet: Outlet, sources: Sequence[FoundSource], visitor: Visitor) -> ExamplePage | None:
    """The first listed page that is an article; where none of the first few is, the first that came at all."""
    links = list(dict.fromkeys(link.url for source in sources for link in source.articles))
    by_url = {link.url: link for source in sources for link in source.articles}
    fallback: ExamplePage | None = None
    for url in links[:MAX_TRIED_PAGES]:
        answer = await visitor.get(url, MAX_PAGE_BYTES)
        if isinstance(answer, FetchFailure) or not covers(outlet.domains, answer.final_url):
            continue
        page = FetchedPage(
            url=url, final_url=answer.final_url, content=answer.body, content_type=answer.content_type, fetched_at=answer.fetched_at,
            link=by_url[url],
        )  # fmt: skip
        example = ExamplePage(answer=answer, reading=await asyncio.to_thread(read_guarded, page, outlet, {}))
        if isinstance(example.reading, Article):
            return example
        fallback = fallback or example
    return fallback


def _rejected(reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="newcomer", reason=reason, detail=detail)
