"""The press that the collecting benchmark visits: many outlets on loopback, each at an address of its own, answering with a latency.

Belongs here: the pages (made out of a seed, all different) and the server, which is a process of its own so that what it spends is not
counted to those that it is measured with. Does not belong here: who visits it and what is made of the figures (``collect``).

Linux only: every address of 127.0.0.0/8 is loopback there.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import resource
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_BYTES = (40_000, 120_000)  # of HTML, before compression
GZIPPED = 0.5  # share of the pages that are sent compressed to those who accept it
RENDER_AHEAD = 10_000  # pages kept ready in memory; a larger site is rendered page by page when it is asked for
NEWEST = datetime(2026, 11, 1, 12, tzinfo=UTC)  # of every outlet's articles
ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /account\nDisallow: /*?print=\n"
_SYLLABLES = ("ba", "den", "ri", "so", "tal", "ve", "mun", "ko", "es", "in", "ar", "lo", "the", "ter", "ne", "is")
_TEASER = (
    '<li class="teaser teaser--small" data-id="{key}" data-tracking="related"><article class="teaser__inner">'
    '<a class="teaser__link" href="/2026/11/{key}" aria-labelledby="teaser-{key}"><picture class="teaser__picture">'
    '<source media="(min-width: 64em)" srcset="/img/{image}-640.webp 640w, /img/{image}-1280.webp 1280w" sizes="50vw">'
    '<img class="teaser__image" src="/img/{image}-320.webp" width="320" height="180" loading="lazy" decoding="async" alt=""></picture>'
    '<h3 class="teaser__title" id="teaser-{key}">{title}</h3><p class="teaser__lead">{lead}</p></a></article></li>\n'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A press of ``outlets`` hosts with ``pages`` articles each."""

    outlets: int
    pages: int
    latency: float  # seconds from the request to the first byte of the answer
    seed: int = 1
    port: int = 0  # 0: one that is free

    def host(self, outlet: int) -> str:
        """The address of an outlet, as it stands in URLs."""
        return f"{address(outlet)}:{self.port}"

    def feed(self, outlet: int) -> str:
        return f"http://{self.host(outlet)}/feed.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What the server saw of one visitor."""

    requests: dict[str, int]  # address → requests
    articles: int  # answers that were an article page
    unknown: int  # requests for what is not there
    connections: int
    most_in_flight: int  # requests being answered at one moment, all hosts
    most_in_flight_of_a_host: int
    least_gap: float | None  # seconds between the arrival of two requests at one host


def address(outlet: int) -> str:
    """The outlet's own loopback address."""
    return f"127.0.{1 + outlet // 250}.{1 + outlet % 250}"


# ---- pages


class Press:
    """What every URL of a site answers: a function of the site's seed."""

    def __init__(self, site: Site) -> None:
        self._site = site
        rng = random.Random(site.seed)
        words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(2000)]
        phrases = [" ".join(rng.choices(words[:400], k=rng.randint(1, 3))) for _ in range(2500)]  # texts repeat themselves by the phrase
        weights = [1 / (rank + 5) for rank in range(len(phrases))]

        def sentence(least: int, most: int) -> str:
            return " ".join(rng.choices(phrases, weights, k=rng.randint(least, most))).capitalize() + "."

        def key() -> str:
            return f"{rng.getrandbits(40):010x}"

        self._headlines = [sentence(3, 6).rstrip(".") for _ in range(500)]
        self._paragraphs = [
            f'<p class="article__paragraph article__paragraph--body">{" ".join(sentence(5, 12) for _ in range(rng.randint(2, 5)))}</p>\n'
            for _ in range(800)
        ]
        self._teasers = [_TEASER.format(key=key(), image=key(), title=sentence(3, 6), lead=sentence(6, 12)) for _ in range(800)]
        self._states = [
            '<script type="application/json">'
            + json.dumps(
                [
                    {"id": key(), "rank": rng.randint(1, 99), "text": sentence(2, 5), "visible": True, "section": rng.choice(words[:40])}
                    for _ in range(25)
                ]
            )
            + "</script>\n"
            for _ in range(200)
        ]
        rules = "".join(f".{rng.choice(words)}-{n}{{margin:{rng.randint(0, 40)}px;color:#{rng.getrandbits(24):06x}}}" for n in range(250))
        sections = "".join(f'<li><a class="nav__link" href="/{word}/">{word.title()}</a></li>' for word in words[:80])
        self._frame = f"<style>{rules}</style></head><body><header><nav><ul>{sections}</ul></nav></header><main>\n"

    def path(self, outlet: int, page: int) -> str:
        return f"/2026/11/{outlet:04x}-{page:04x}-article"

    def article(self, outlet: int, page: int) -> tuple[bytes, bool]:
        """A page, and whether it is sent compressed."""
        rng = random.Random(f"{self._site.seed}/{outlet}/{page}")
        title, size = self._title(outlet, page), rng.randint(*PAGE_BYTES)
        published = NEWEST - timedelta(minutes=17 * page)
        url = f"http://{self._site.host(outlet)}{self.path(outlet, page)}"
        meta = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": published.isoformat(), "url": url})
        pieces = [
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><link rel="canonical" href="{url}">'
            f'<script type="application/ld+json">{meta}</script>',
            self._frame,
            f"<article><h1>{title}</h1>\n",
            *rng.choices(self._paragraphs, k=rng.randint(8, 40)),
            '</article></main><aside><ul class="teasers">\n',
        ]
        length = sum(map(len, pieces))
        while length < size:
            pieces.append(rng.choice(self._states if rng.random() < 0.25 else self._teasers))
            length += len(pieces[-1])
        pieces.append("</ul></aside><footer>All rights reserved</footer></body></html>\n")
        return "".join(pieces).encode(), rng.random() < GZIPPED

    def feed(self, outlet: int) -> bytes:
        """RSS with every article of an outlet, newest first."""
        items = "".join(
            f"<item><title>{self._title(outlet, page)}</title><link>http://{self._site.host(outlet)}{self.path(outlet, page)}</link>"
            f"<pubDate>{format_datetime(NEWEST - timedelta(minutes=17 * page))}</pubDate>"
            f"<description>{self._headlines[(outlet + page) % len(self._headlines)]}</description></item>\n"
            for page in range(self._site.pages)
        )
        channel = f"<channel><title>Outlet {outlet}</title>{items}</channel>"
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">{channel}</rss>'.encode()

    def _title(self, outlet: int, page: int) -> str:
        return f"{self._headlines[(31 * outlet + page) % len(self._headlines)]} ({outlet}/{page})"


# ---- serving


class _Counts:
    """The traffic since the last question."""

    def __init__(self) -> None:
        self.requests: dict[str, int] = {}
        self.arrived: dict[str, float] = {}
        self.in_flight: dict[str, int] = {}
        self.articles = self.unknown = self.connections = self.flying = self.most_flying = self.most_of_host = 0
        self.least_gap: float | None = None

    def arrive(self, host: str, now: float) -> None:
        self.requests[host] = self.requests.get(host, 0) + 1
        if host in self.arrived:
            gap = now - self.arrived[host]
            self.least_gap = gap if self.least_gap is None else min(self.least_gap, gap)
        self.arrived[host] = now
        here = self.in_flight[host] = self.in_flight.get(host, 0) + 1
        self.flying += 1
        self.most_flying, self.most_of_host = max(self.most_flying, self.flying), max(self.most_of_host, here)

    def leave(self, host: str) -> None:
        self.in_flight[host] -= 1
        self.flying -= 1

    def traffic(self) -> Traffic:
        return Traffic(
            requests=self.requests, articles=self.articles, unknown=self.unknown, connections=self.connections,
            most_in_flight=self.most_flying, most_in_flight_of_a_host=self.most_of_host, least_gap=self.least_gap,
        )  # fmt: skip


class _Server:
    """Answers for all hosts of a site."""

    def __init__(self, site: Site) -> None:
        self.site, self.loop, self.counts = site, asyncio.get_running_loop(), _Counts()
        self.press = Press(site)
        self._outlets = {address(outlet): outlet for outlet in range(site.outlets)}
        self._pages = {self.press.path(o, p): (o, p) for o in range(site.outlets) for p in range(site.pages)}
        self._ready: dict[str, tuple[bytes, bytes | None]] = {}
        if len(self._pages) <= RENDER_AHEAD:
            self._ready = {path: self._render(path) for path in self._pages}

    def answer(self, host: str, head: bytes) -> bytes:
        """The whole answer to a request of one visitor."""
        path = head.split(b" ", 2)[1].decode("latin-1")
        outlet = self._outlets[host]
        if path == "/robots.txt":
            return _response(ROBOTS, "text/plain")
        if path == "/feed.xml":
            return _response(self.press.feed(outlet), "application/rss+xml; charset=utf-8")
        if path not in self._pages or self._pages[path][0] != outlet:
            self.counts.unknown += 1
            return _response(b"Not here", "text/plain", status="404 Not Found")
        self.counts.articles += 1
        plain, packed = self._ready.get(path) or self._render(path)
        return packed if packed is not None and b"gzip" in head else plain

    def _render(self, path: str) -> tuple[bytes, bytes | None]:
        body, compressed = self.press.article(*self._pages[path])
        packed = _response(gzip.compress(body, 6, mtime=0), encoding="gzip") if compressed else None
        return _response(body), packed


def _response(body: bytes, content_type: str = "text/html; charset=utf-8", *, encoding: str = "", status: str = "200 OK") -> bytes:
    coded = f"Content-Encoding: {encoding}\r\nVary: Accept-Encoding\r\n" if encoding else ""
    head = (
        f"HTTP/1.1 {status}\r\nServer: newsroom\r\nDate: {format_datetime(NEWEST, usegmt=True)}\r\nContent-Type: {content_type}\r\n"
        f"Cache-Control: max-age=60\r\n{coded}Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """One connection: every request is answered after the latency."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._host = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]
        self._server.counts.connections += 1

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            loop, counts = self._server.loop, self._server.counts
            counts.arrive(self._host, loop.time())
            if self._server.site.latency:
                loop.call_later(self._server.site.latency, self._send, head, counts)
            else:
                self._send(head, counts)

    def _send(self, head: bytes, counts: _Counts) -> None:
        counts.leave(self._host)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._server.answer(self._host, head))


async def _serve(site: Site) -> None:
    """Serve until standard input ends; answer each line in it with the traffic since the last one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else max(soft, 65_536), hard))
    server = _Server(site)
    loop = server.loop
    for outlet in range(site.outlets):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address(outlet), site.port))
        await loop.create_server(lambda: _Connection(server), sock=listening, backlog=256)
    asked = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
    print("ready", flush=True)
    while await asked.readline():
        print(json.dumps(asdict(server.counts.traffic())), flush=True)
        server.counts = _Counts()


class RunningSite:
    """A site that is being served."""

    def __init__(self, site: Site, process: subprocess.Popen[str]) -> None:
        self.site, self._process = site, process

    def traffic(self) -> Traffic:
        """What was asked since the last call."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Traffic(**json.loads(self._process.stdout.readline()))


@contextmanager
def serve(site: Site) -> Iterator[RunningSite]:
    """Serve a site in a process of its own, at a port that is free at the first of its addresses."""
    if not site.port:
        with socket.socket() as probe:
            probe.bind((address(0), 0))
            site = Site(**asdict(site) | {"port": probe.getsockname()[1]})
    command = [sys.executable, __file__, json.dumps(asdict(site))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError("the site did not start; what it wrote to standard error says why")
            yield RunningSite(site, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()  # which ends it
            process.wait(timeout=10)


def read_site(text: str) -> Site:
    """A site as :func:`serve` hands it to a process."""
    fields: dict[str, Any] = json.loads(text)
    return Site(**fields)


if __name__ == "__main__":
    asyncio.run(_serve(read_site(sys.argv[1])))
