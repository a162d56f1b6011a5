"""Feeds, sitemaps and robots.txt files that are not what they should be, and odd ones that are fine; with what each deserves and why.

Where no poll brings a list, nothing is known of the day: it is an outage, or blocked where the outlet itself refuses, and its counts are
NULL. An answer that lists nothing is no zero either.
"""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import hostile_server as hostile
from hostile_newsroom import AFTER, NOON, SHORT, BadSource, Routes, Site, article, conditional, feed_of, rss, rss_of
from hostile_pages import BOMB, CONSENT, LOGIN
from hostile_server import Behaviour, Seen

if TYPE_CHECKING:
    import asyncio

    from newsroom_fixtures import Story

Make = Callable[[Site, list["Story"]], Routes]
ADDRESSES_THAT_HANG, ADDRESSES_THAT_ARE_NONE = ("mute.example",), ("nowhere.example",)
SERVERS_THAT_FAIL = ("lost.example",)  # the resolver says "try again"
INTERNATIONAL = "zürich-heute.example"
SITEMAP_LINKS, TAKEN = 100_000, 5
PASSWD = "file:///etc/passwd"
_PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"


def only(behaviour: Behaviour, path: str = "/feed") -> Make:
    """The feed answers so, whatever it should list."""
    return lambda site, stories: {path: behaviour}


def made(make: Callable[[bytes], Behaviour]) -> Make:
    """The feed answers with something made of what it should be."""
    return lambda site, stories: {"/feed": make(rss_of(stories))}


def status(line: str, **headers: str) -> Make:
    return only(hostile.answer(b"<html><p>Oh dear.</p></html>", status=line, **headers))


def robots(body: str | bytes, content_type: str = "text/plain", line: str = "200 OK") -> Make:
    return lambda site, stories: {"/robots.txt": hostile.answer(body, content_type, line), "/feed": feed_of(stories)}


def _with(more: Routes) -> Make:
    return lambda site, stories: {"/feed": feed_of(stories), **more}


def _xml(body: str) -> Behaviour:
    return hostile.answer(body, "application/rss+xml")


def _laughs(site: Site, stories: list[Story]) -> Routes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    items = "".join(f"<item><title>&a9;</title><link>{story.url}</link></item>" for story in stories)
    return {"/feed": _xml(f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss version="2.0"><channel>{items}</channel></rss>')}


def _outside(site: Site, stories: list[Story]) -> Routes:
    items = "".join(f"<item><title>News &x; &y;</title><link>{story.url}</link><author>&x;</author></item>" for story in stories)
    entities = f'<!ENTITY x SYSTEM "{PASSWD}"><!ENTITY y SYSTEM "http://{site.elsewhere}/entity"><!ENTITY % z SYSTEM "{PASSWD}"> %z;'
    return {"/feed": _xml(f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss version="2.0"><channel>{items}</channel></rss>')}


def _utf16(site: Site, stories: list[Story]) -> Routes:
    text = rss_of(stories).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return {"/feed": hostile.answer(text.encode("utf-16"), "application/rss+xml")}


def _cut_well(site: Site, stories: list[Story]) -> Routes:
    body = rss_of([*stories, article(site, "/news/never-listed", NOON)])
    return {"/feed": hostile.answer(body[: body.rindex(b"<link>") + 20], "application/rss+xml")}


def _odd_dates(site: Site, stories: list[Story]) -> Routes:
    dates = ("Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 20 Jun 2099 08:00:00 GMT")
    return {"/feed": _xml(rss((s.url, s.title, at) for s, at in zip(stories, itertools.cycle(dates), strict=False)).decode())}


def _same_ids(site: Site, stories: list[Story]) -> Routes:
    return {"/feed": _xml(rss_of(stories).decode().replace("</link>", "</link><guid isPermaLink='false'>1</guid>"))}


def _relative(site: Site, stories: list[Story]) -> Routes:
    return {"/feed": _xml(rss((s.url.removeprefix(site.url("")), s.title, s.published) for s in stories).decode())}


def _markup(site: Site, stories: list[Story]) -> Routes:
    return {"/feed": _xml(rss((s.url, "<b>Rutte</b> <script>alert('feed')</script>", s.published) for s in stories).decode())}


def _moved(site: Site, stories: list[Story]) -> Routes:
    return {"/feed": hostile.redirect("/new-feed", "301 Moved Permanently"), "/new-feed": feed_of(stories)}


def _chain(site: Site, stories: list[Story]) -> Routes:
    return {"/feed": hostile.redirect("/hop/0")} | {f"/hop/{n}": hostile.redirect(f"/hop/{n + 1}") for n in range(50)}


def _consent(site: Site, stories: list[Story]) -> Routes:
    return {"/feed": hostile.redirect("/consent"), "/consent": hostile.answer(CONSENT)}


def _robots_circle(site: Site, stories: list[Story]) -> Routes:
    return {"/robots.txt": hostile.redirect("/robots-b"), "/robots-b": hostile.redirect("/robots.txt"), "/feed": feed_of(stories)}


def _large_sitemap(site: Site, stories: list[Story]) -> Routes:
    """100,000 links, twice what the protocol allows, to articles that all exist. In the evening it lists one only."""

    async def any_article(seen: Seen, writer: asyncio.StreamWriter) -> None:
        await hostile.answer(article(site, seen.path, datetime(2024, 6, 20, 6, tzinfo=UTC)).html())(seen, writer)

    many = range(SITEMAP_LINKS if len(stories) > 1 else 0)
    places = "".join(f"<url><loc>{url}</loc></url>" for url in [*(site.url(f"/many/{n}") for n in many), stories[-1].url])
    body = f'<urlset xmlns="{_PROTOCOL}">{places}</urlset>'.encode()
    return {"/sitemap.xml": conditional(body, "application/xml"), "*": any_article}


def _self_index(site: Site, stories: list[Story]) -> Routes:
    places = f"<sitemap><loc>{site.url('/sitemap.xml')}</loc></sitemap>"
    return {"/sitemap.xml": hostile.answer(f'<sitemapindex xmlns="{_PROTOCOL}">{places}</sitemapindex>', "application/xml")}


def _no_feed(site: Site) -> tuple[str, ...]:
    return ()


def _one_sitemap(site: Site) -> tuple[str, ...]:
    return (site.url("/sitemap.xml"),)


HANGS = {"timeout_seconds": SHORT}
LONG_RULES = "User-agent: *\nDisallow: /news/after\n" + "# nothing of interest in this line\n" * 18_000 + "Disallow: /news/before\n"

SOURCES = (
    # ---- nothing comes
    BadSource(
        name="drip", what="sends a byte now and then", routes=only(hostile.drip), crawl=HANGS, polls=("failed:timeout",), day="outage",
        why="nothing is known of the day",
    ),
    BadSource(
        name="silent", what="takes the request and says nothing", routes=only(hostile.silent), crawl=HANGS, polls=("failed:timeout",),
        day="outage", why="nothing is known of the day",
    ),
    BadSource(
        name="endless", what="a feed without end", routes=only(hostile.endless()), polls=("failed:too_large",), day="outage",
        why="more than max_feed_bytes; a part of a feed proves nothing",
    ),
    BadSource(
        name="bomb", what="a small gzip that becomes 33 MB", routes=only(hostile.answer(BOMB, content_encoding="gzip")),
        polls=("failed:too_large",), day="outage", why="the limit holds after decompression",
    ),
    BadSource(
        name="bomb-file", what="a gzip file as the feed that becomes 33 MB", polls=("failed:too_large",), day="outage",
        routes=only(hostile.answer(gzip.compress(b"<rss>" + b" " * 33_000_000), "application/gzip")), why="the limit holds there too",
    ),
    BadSource(
        name="brotli", what="answers in brotli", routes=made(lambda b: hostile.answer(b, content_encoding="br")),
        polls=("failed:bad_encoding",), day="outage", why="RFC 9110, 8.4: a coding that the client did not name",
    ),
    BadSource(
        name="no-gzip", what="calls plain text gzip", routes=made(lambda b: hostile.answer(b, content_encoding="gzip")),
        polls=("failed:bad_encoding",), day="outage", why="the bytes are not what the header says",
    ),
    BadSource(
        name="cut", what="fewer bytes than promised", routes=made(lambda b: hostile.cut(b[: len(b) // 2], len(b))),
        polls=("failed:cut_short",), day="outage", why="RFC 9112, 8: the message is incomplete",
    ),
    BadSource(
        name="reset", what="breaks the connection off", routes=only(hostile.reset), polls=("failed:connection",), day="outage",
        why="nothing is known of the day",
    ),
    BadSource(
        name="not-http", what="answers as a mail server", routes=only(hostile.raw(b"220 mail.example ESMTP ready\r\n\r\n")),
        polls=("failed:protocol",), day="outage", why="what came is not HTTP",
    ),
    BadSource(
        name="many-headers", what="10,000 headers", polls=("failed:protocol",), day="outage", why="no answer has so many",
        routes=only(hostile.raw(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: some value\r\n" % n for n in range(10_000)) + b"\r\n")),
    ),
    BadSource(
        name="refused", what="a port at which nobody listens", feeds=lambda site: (f"http://{site.host.partition(':')[0]}:9/feed",),
        routes=lambda site, stories: {}, polls=("failed:connection",), day="outage", why="nothing is known of the day", requests=1,
    ),
    BadSource(
        name="plain-port", what="an https address of a server that speaks plain HTTP", routes=lambda site, stories: {}, requests=1,
        feeds=lambda site: (f"https://{site.host}/feed",), polls=("failed:tls",), day="outage",
        why="no common ground; the feed is never asked for in the clear",
    ),
    BadSource(
        name="dns", what="a name that does not resolve", host=ADDRESSES_THAT_ARE_NONE[0], routes=lambda site, stories: {}, requests=0,
        polls=("failed:dns",), day="outage", why="the name has no address",
    ),
    BadSource(
        name="dns-fails", what="name servers that fail", host=SERVERS_THAT_FAIL[0], routes=lambda site, stories: {}, requests=0,
        polls=("failed:dns_unavailable",), day="outage", why="nobody said that the name does not exist: that may well be our own line",
    ),
    BadSource(
        name="dns-hangs", what="a name server that does not answer", host=ADDRESSES_THAT_HANG[0], routes=lambda site, stories: {},
        crawl=HANGS, requests=0, polls=("failed:dns_unavailable",), day="outage", why="as before; the outlet's server was never reached",
    ),
    # ---- redirects
    BadSource(
        name="circle", what="a redirect to itself", routes=only(hostile.redirect("/feed")), polls=("failed:redirects",), day="outage",
        requests=2, why="RFC 9110, 15.4: a circle",
    ),
    BadSource(
        name="chain", what="fifty redirects", routes=_chain, polls=("failed:redirects",), day="outage", requests=7,
        why="five are followed, no more",
    ),
    BadSource(
        name="target", what="a redirect without Location", routes=status("301 Moved Permanently"), polls=("failed:redirects",),
        day="outage", why="no feed, no target",
    ),
    BadSource(
        name="metadata", what="a redirect to a cloud machine's metadata service", day="outage", requests=2,
        routes=only(hostile.redirect("http://169.254.169.254/latest/meta-data/")), polls=("failed:address_refused",), why="never called",
    ),
    BadSource(
        name="file", what="a redirect to a file", routes=only(hostile.redirect(PASSWD)), polls=("failed:invalid_url",), day="outage",
        why="only http and https are fetched",
    ),
    BadSource(
        name="moved", what="moved for ever", routes=_moved, polls=("ok",), day="complete", why="RFC 9110, 15.4.2: followed, and reported",
    ),
    # ---- status
    BadSource(
        name="304", what="304 without having been asked", routes=only(hostile.raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")),
        polls=("failed:http_status",), day="outage", why="RFC 9110, 15.4.5: nothing is known to be unchanged",
    ),
    BadSource(
        name="304-asked", what="304 to those who know the feed", routes=made(conditional), polls=("ok",), morning="not_modified",
        day="complete", why="RFC 9110, 13: nothing fell out of the list since",
    ),
    BadSource(
        name="204", what="204 No Content", routes=only(hostile.raw(b"HTTP/1.1 204 No Content\r\n\r\n")), polls=("failed:http_status",),
        day="outage", why="no list: nothing is known, which is not zero",
    ),
    BadSource(
        name="206", what="206 with a part of the feed", polls=("failed:http_status",), day="outage",
        routes=made(lambda b: hostile.answer(b, "application/rss+xml", "206 Partial Content", content_range=f"bytes 0-{len(b) - 1}/99999")),
        why="a part proves nothing, and would hide the rest",
    ),
    BadSource(
        name="404", what="404", routes=status("404 Not Found"), polls=("failed:not_found",), day="outage", why="no list: nothing is known",
    ),
    BadSource(
        name="410", what="410", routes=status("410 Gone"), polls=("failed:not_found",), day="outage", why="no list: nothing is known",
    ),
    BadSource(
        name="401", what="asks for a password", routes=status("401 Unauthorized", www_authenticate='Basic realm="x"'),
        polls=("failed:forbidden",), day="blocked", requests=2, why="the outlet refuses; no credentials are sent",
    ),
    BadSource(
        name="403", what="403", routes=status("403 Forbidden"), polls=("failed:forbidden",), day="blocked", requests=2,
        why="the outlet refuses",
    ),
    BadSource(
        name="451", what="unavailable for legal reasons", routes=status("451 Unavailable For Legal Reasons"), polls=("failed:forbidden",),
        day="blocked", requests=2, why="RFC 7725: refused",
    ),
    BadSource(
        name="429", what="429 that names no time", routes=status("429 Too Many Requests"), polls=("failed:rate_limited",), day="outage",
        requests=3, why="nothing is known; tried once more at most",
    ),
    BadSource(
        name="429-seconds", what="429 with Retry-After: 7200", routes=status("429 Too Many Requests", retry_after="7200"), requests=2,
        polls=("failed:rate_limited",), day="outage", why="nothing is known; left alone",
    ),
    BadSource(
        name="503", what="503 with a Retry-After date two days on", day="outage", requests=2,
        polls=("failed:server_error", "failed:rate_limited"), why="nothing is known; it may well not be asked at all until then",
        routes=status("503 Busy", retry_after=format_datetime(NOON + timedelta(days=2), usegmt=True)),
    ),
    BadSource(
        name="500", what="500", routes=status("500 Oh"), polls=("failed:server_error",), day="outage", why="nothing is known of the day",
    ),
    BadSource(
        name="502", what="502", routes=status("502 Bad Gateway"), polls=("failed:server_error",), day="outage", why="nothing is known",
    ),
    # ---- robots.txt
    BadSource(
        name="robots-silent", what="robots.txt hangs", routes=_with({"/robots.txt": hostile.silent}), crawl=HANGS,
        polls=("failed:timeout",), day="outage", requests=1, why="RFC 9309, 2.3.1.4: unreachable: complete disallow, for now",
    ),
    BadSource(
        name="robots-500", what="robots.txt answers 500", routes=robots("", line="500 Oh"), polls=("failed:server_error",), day="outage",
        requests=1, why="RFC 9309, 2.3.1.4: unreachable: complete disallow, for now",
    ),
    BadSource(
        name="robots-404", what="no robots.txt", routes=robots("<h1>No</h1>", "text/html", "404 Not Found"), polls=("ok",),
        day="complete", why="RFC 9309, 2.3.1.3: unavailable: everything may be asked for",
    ),
    BadSource(
        name="robots-403", what="robots.txt answers 403", routes=robots("", line="403 Forbidden"), polls=("ok",), day="complete",
        why="RFC 9309, 2.3.1.3: unavailable, as any 4xx",
    ),
    BadSource(
        name="robots-html", what="a page in place of robots.txt", routes=robots("<!doctype html><p>Disallow: not a rule</p>", "text/html"),
        polls=("ok",), day="complete", why="RFC 9309, 2.2: lines that are no rules are passed over",
    ),
    BadSource(
        name="robots-long", what="a robots.txt of 600 KB", routes=robots(LONG_RULES), polls=("ok",), day="complete",
        ends={AFTER: "rejected:robots"}, why="RFC 9309, 2.5: the first 500 KiB are read, and what they forbid is forbidden",
    ),
    BadSource(
        name="robots-circle", what="robots.txt redirects in a circle", routes=_robots_circle, polls=("ok",), day="complete",
        why="RFC 9309, 2.3.1.2: more than five redirects may be taken as unavailable",
    ),
    BadSource(
        name="robots-no", what="robots.txt disallows everything", routes=robots("User-agent: *\nDisallow: /\n"), polls=("failed:robots",),
        day="blocked", requests=1, why="RFC 9309, 2.2.2: the outlet refuses",
    ),
    BadSource(
        name="robots-bomb", what="robots.txt is a gzip bomb", polls=("ok", "failed:too_large", "failed:bad_encoding"), day="complete",
        routes=_with({"/robots.txt": hostile.answer(BOMB, "text/plain", content_encoding="gzip")}),
        why="not asked for in gzip: either no valid line in it, or unreachable; in neither case does it take memory",
    ),
    # ---- what comes is no feed
    BadSource(
        name="html", what="a web page", routes=only(hostile.answer("<!doctype html><html><body><a href='/x'>News</a></body></html>")),
        polls=("failed:not_a_feed",), day="outage", why="no list: nothing is known",
    ),
    BadSource(
        name="html-as-rss", what="a web page that is called a feed", polls=("failed:not_a_feed",), day="outage", why="the bytes say it",
        routes=only(_xml("<!doctype html><html><head><title>rss</title></head><body><rss></rss></body></html>")),
    ),
    BadSource(
        name="consent", what="a redirect to a cookie wall", routes=_consent, polls=("failed:not_a_feed",), day="outage",
        why="walls are not gone round",
    ),
    BadSource(
        name="login", what="a login page", routes=only(hostile.answer(LOGIN)), polls=("failed:not_a_feed",), day="outage", why="no list",
    ),
    BadSource(
        name="empty", what="a feed without entries", routes=only(_xml(rss(()).decode())), polls=("failed:empty_feed",), day="outage",
        why="a feed that lists nothing does not say that nothing was written",
    ),
    BadSource(
        name="nothing", what="no bytes at all", routes=only(_xml("")), polls=("failed:not_a_feed", "failed:empty_feed"), day="outage",
        why="no list",
    ),
    BadSource(
        name="blank", what="blanks", routes=only(_xml(" \r\n" * 1000)), polls=("failed:not_a_feed", "failed:empty_feed"), day="outage",
        why="no list",
    ),
    BadSource(
        name="self-index", what="a sitemap index that names itself", routes=_self_index, feeds=_no_feed, sitemaps=_one_sitemap,
        polls=("failed:empty_feed", "failed:not_a_feed"), day="outage", requests=3, why="no link anywhere: that is no zero",
    ),
    # ---- odd and fine
    BadSource(
        name="laughs", what="entities that would become ten billion characters", routes=_laughs, polls=("ok", "failed:not_a_feed"),
        day="complete", why="the links are there; the entities are not expanded",
    ),
    BadSource(
        name="outside", what="entities that name a file and another host", routes=_outside, polls=("ok", "failed:not_a_feed"),
        day="complete", why="the links are there; nothing is loaded from outside",
    ),
    BadSource(
        name="utf-16", what="a feed in UTF-16", routes=_utf16, polls=("ok",), day="complete", why="XML 1.0, 4.3.3: every reader takes it",
    ),
    BadSource(
        name="cut-well", what="a feed that ends in the middle of an entry", routes=_cut_well, polls=("ok",), day="complete",
        why="what is listed before is listed, and a known article among it leaves no gap",
    ),
    BadSource(
        name="dates", what="a feed with dates of 1970 and 2099", routes=_odd_dates, polls=("ok",), day="complete",
        why="the pages have dates of their own",
    ),
    BadSource(
        name="same-ids", what="one GUID for all entries", routes=_same_ids, polls=("ok",), day="complete",
        why="an article is known by its address",
    ),
    BadSource(
        name="relative", what="relative links", routes=_relative, polls=("ok",), day="complete", why="RFC 3986, 5: from the feed's own",
    ),
    BadSource(
        name="markup", what="markup and a script in the titles", routes=_markup, polls=("ok",), day="complete", why="the links are there",
    ),
    BadSource(
        name="international", what="a host with an international name", host=INTERNATIONAL, routes=_with({}), polls=("ok",),
        day="complete", why="a name as any other",
    ),
    BadSource(
        name="large-sitemap", what="a sitemap of 100,000 links", routes=_large_sitemap, feeds=_no_feed, sitemaps=_one_sitemap,
        crawl={"max_items_per_run": TAKEN}, polls=("ok",), morning="not_modified", day="partial", requests=2 + TAKEN,
        ends={"*": "deferred:run_limit"}, why="a few are taken in each pass, the others wait; what waits is not known",
    ),
)  # fmt: skip

assert len({source.name for source in SOURCES}) == len(SOURCES)
