"""A small press for tests of whole passes: a proxy on loopback that is every host it serves, and configurations that go with it.

The articles are written here; a test adds to them, edits them or lets a host fail. The demo's newsroom is a larger and slower one.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from xml.sax.saxutils import escape

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SETTINGS = """\
# config/frontrunner.toml
contact = "desk@example.org"          # goes into the User-Agent
allow_private_addresses = false
"""
OUTLET = """\
# config/outlets/dutchnews.toml
id = "dutchnews"
name = "DutchNews"
homepage = "https://www.dutchnews.nl/"
domains = ["dutchnews.nl"]
country = "NL"
language = "en"
timezone = "Europe/Amsterdam"
feeds = ["https://www.dutchnews.nl/feed/"]
sitemaps = []
"""
WATCHLIST = """\
# config/watchlists/nato-secretary-general-2024.toml
id = "nato-secretary-general-2024"
title = "NATO Secretary General, 2024"
from = 2023-01-01
until = 2024-10-01
[[candidates]]
id = "mark-rutte"
name = "Mark Rutte"
country = "NL"
"""
SECOND_CANDIDATE = """
[[candidates]]
id = "klaus-iohannis"
name = "Klaus Iohannis"
country = "RO"
"""
MORNING = datetime(2024, 6, 20, 5, tzinfo=UTC)
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "FRONTRUNNER_NOW")


@contextmanager
def surroundings(**changes: str) -> Iterator[None]:
    """Environment variables without any proxy or clock but those given; what was there before comes back afterwards."""
    before = {name: os.environ.pop(name, None) for name in {*VARIABLES, *changes}}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


# ---- the press


@dataclass(slots=True, kw_only=True)
class Reply:
    """What a URL answers."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str | None = None


@dataclass(slots=True, kw_only=True)
class Press:
    """Hosts and their pages; ``with press:`` serves them."""

    replies: dict[str, Reply] = field(default_factory=dict)  # URL → reply
    failing: set[str] = field(default_factory=set)  # hosts that answer 500 to everything
    requests: list[str] = field(default_factory=list)  # URLs, in the order asked
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_GET(self) -> None:
                reply = press.reply(self.path)
                self.send_response_only(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                if reply.location is not None:
                    self.send_header("Location", reply.location)
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                """The list of requests is the record."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads, self._server.block_on_close = True, False
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that is killed hangs up in the middle
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What HTTP_PROXY is to be set to."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self, now: datetime = MORNING) -> dict[str, str]:
        """Variables for :func:`surroundings` or a program of its own: this press as the proxy, and the clock."""
        return {
            "HTTP_PROXY": self.url, "http_proxy": self.url, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost",
            "FRONTRUNNER_NOW": now.isoformat(),
        }  # fmt: skip

    def reply(self, url: str) -> Reply:
        """The answer to a request, which is noted."""
        self.requests.append(url)
        if url.split("/")[2] in self.failing:
            return Reply(body=b"out of order", content_type="text/plain", status=500)
        return self.replies.get(url) or Reply(body=b"<html><title>Not here</title><p>Not here</p></html>", status=404)

    def asked(self, part: str) -> int:
        """How many requests had this in their URL."""
        return sum(part in url for url in self.requests)

    def feed(self, url: str, stories: Iterable[Story]) -> None:
        """Put an RSS feed at ``url``; its stories answer at their own addresses."""
        items = []
        for story in stories:
            self.replies[story.url] = Reply(body=story.html())
            date = f"<pubDate>{format_datetime(story.published)}</pubDate>" if story.published else ""
            items.append(f"<item><title>{escape(story.title)}</title><link>{escape(story.url)}</link>{date}</item>")
        rss = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'
        self.replies[url] = Reply(body=rss.encode(), content_type="application/rss+xml; charset=utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as its outlet writes it."""

    url: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime | None
    canonical: str | None = None

    def html(self) -> bytes:
        """The page."""
        canonical = f'<link rel="canonical" href="{escape(self.canonical or self.url)}">'
        date = f'<meta property="article:published_time" content="{self.published.isoformat()}">' if self.published else ""
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(self.title)}</title>{canonical}{date}'
            f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(self.title)}"></head>'
            f"<body><header><nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav></header>"
            f"<main><article><h1>{escape(self.title)}</h1>{body}</article></main><footer>All rights reserved</footer></body></html>"
        ).encode()


_SUBJECTS = (
    ("Rutte tours eastern capitals", (
        "Mark Rutte spent the week in the east of the alliance, asking for patience and offering very little of it himself.",
        "In each capital the talk was of the post of NATO Secretary General, which falls vacant in the autumn and which Rutte wants.",
        "His hosts listened, asked about ammunition, and served fish. Rutte left before the coffee and was in the air by four.",
    )),
    ("Harbour dredging to start a month early", (
        "The port authority will begin dredging the outer harbour in July, a month ahead of the schedule agreed with the fishing fleet.",
        "Skippers say that the noise will drive the herring off; the authority says that herring do not read timetables.",
        "Two vessels from the south coast have been hired, and the channel will be closed on Tuesday and Thursday nights.",
    )),
    ("Bucharest withdraws its man", (
        "Klaus Iohannis has withdrawn from the contest for NATO Secretary General, the supreme defence council said after its meeting.",
        "The council will support Mark Rutte instead, so that the last of the allies has now come round to the Dutchman.",
        "Iohannis took no questions. He wished the next secretary general well and walked the length of the courtyard alone.",
    )),
    ("School kitchens return to the stove", (
        "From September every primary school in the district is to cook its own lunches again, after eleven years of deliveries by lorry.",
        "The kitchens were never taken out, a survey found; most serve as stores for chairs, costumes and one disassembled piano.",
        "Cooks are being sought. The first advertisement drew three hundred answers, among them one from a retired admiral.",
    )),
)  # fmt: skip


def stories(host: str, now: datetime = MORNING, count: int = 4) -> list[Story]:
    """A few articles of one outlet, different from every other outlet's, half of them on the contest."""
    made = []
    for number, (title, paragraphs) in enumerate(_SUBJECTS[:count]):
        local = f"So the newsroom of {host} has it, in the words of its own reporter, who was there and stayed until the lights went out."
        made.append(
            Story(
                url=f"http://{host}/2024/06/{number}-{title.split()[0].lower()}",
                title=f"{title}, reports {host.split('.')[0]}",
                paragraphs=(*paragraphs, *(f"{local} ({host}, part {part})" for part in range(1, 4))),
                published=now - timedelta(hours=3 + 7 * number),
            )
        )
    return made


# ---- configurations


def write_outlet(config: Path, outlet_id: str, host: str, *, more: str = "", feeds: Iterable[str] | None = None, **values: Any) -> None:
    """``outlets/<id>.toml`` for a host of the press, without any delay."""
    given = {
        "id": outlet_id, "name": outlet_id.title(), "homepage": f"http://{host}/", "domains": [host], "country": "NL", "language": "en",
        "timezone": "Europe/Amsterdam", "feeds": list(feeds) if feeds is not None else [f"http://{host}/feed"],
    } | values  # fmt: skip
    lines = [f"{key} = {toml_value(value)}" for key, value in given.items()]
    path = config / "outlets" / f"{outlet_id}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + f"\n{more}\n[crawl]\ndelay_seconds = 0\npoll_minutes = 60\nattempts = 2\n", encoding="utf-8")


def toml_value(value: Any) -> str:
    """A string, a truth value, a number or a list of them as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(each) for each in value) + "]"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if isinstance(value, str) else str(value)


def write_config(config: Path, hosts: dict[str, str], *, watchlist: str = WATCHLIST, settings: str = "") -> Path:
    """A configuration for outlets (id → host) of the press."""
    (config / "watchlists").mkdir(parents=True, exist_ok=True)
    plain = 'contact = "desk@example.org"\nallow_private_addresses = true\n'
    (config / "frontrunner.toml").write_text(plain + settings, encoding="utf-8")
    (config / "watchlists" / "nato-secretary-general-2024.toml").write_text(watchlist, encoding="utf-8")
    for outlet_id, host in hosts.items():
        write_outlet(config, outlet_id, host)
    return config


HOSTS = {"courier": "courier.example", "harbour": "harbour.example", "tribune": "tribune.example"}


def small_press() -> Press:
    """Three outlets with four articles each, as they stand in the morning."""
    press = Press()
    for host in HOSTS.values():
        press.feed(f"http://{host}/feed", stories(host))
    return press


# ---- looking at what came out


def ask(config: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of the published file that belongs to a configuration."""
    with duckdb.connect(str(config.parent / "data" / "coverage.duckdb"), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'").fetchall()
        return connection.execute(query).fetchall()


def ask_warehouse(config: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of the private warehouse that belongs to a configuration."""
    with duckdb.connect(str(config.parent / "data" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def content(config: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every content table of the published file, rows in one order."""
    from warehouse.publish import CONTENT_TABLES

    return {table: sorted(ask(config, f"FROM {table}"), key=repr) for table in CONTENT_TABLES}


def snapshot_hash(config: Path) -> str:
    """The hash that the published file names for its content."""
    return str(ask(config, "SELECT snapshot_hash FROM snapshot")[0][0])
