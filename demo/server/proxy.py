"""The newsroom over HTTP: a forward proxy on loopback that itself is every host it serves. The only module with sockets and threads."""

from __future__ import annotations

import gzip
import hashlib
import socket
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from demo.period import FIRST_POLL
from demo.server import feeds, pages
from demo.server.layout import Site, load_newsroom
from demo.server.schedule import down, last_change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Request(NamedTuple):
    """A line of the request log. ``status`` is 0 where the connection was dropped without an answer."""

    now: datetime  # the newsroom's clock
    host: str
    path: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, headers and body, before anything about the connection. ``drop``: say nothing and hang up."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    drop: bool = False


class Newsroom:
    """A running newsroom: set ``now`` and ask. Use it as a context manager; leaving it stops the server."""

    def __init__(self, sites: tuple[Site, ...], now: datetime) -> None:
        self.sites: Mapping[str, Site] = {s.outlet.host: s for s in sites}
        self.requests: list[Request] = []
        self.now = now
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def now(self) -> datetime:
        """The newsroom's clock: stands still until it is set. Raises ValueError on a time without a zone."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("the newsroom's clock needs a time zone")
        self._now = moment

    @property
    def url(self) -> str:
        """What HTTP_PROXY is to be set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def asked(self, host: str, path: str, body_only: bool = True) -> int:
        """How often a path was asked for; ``body_only`` leaves out 304, outages and dropped connections."""
        with self._lock:
            return sum(r.host == host and r.path == path and (not body_only or r.status in {200, 404}) for r in self.requests)

    def log(self, request: Request) -> None:
        """Adds a line to the request log."""
        with self._lock:
            self.requests.append(request)

    def __enter__(self) -> Newsroom:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def start_newsroom(folder: Path, now: datetime = FIRST_POLL) -> Newsroom:
    """Loads the newsroom in ``folder`` and serves it for the length of a ``with`` block. Raises LayoutError."""
    return Newsroom(load_newsroom(folder), now)


def answer(site: Site, path: str, now: datetime, asked: Mapping[str, str]) -> Answer:
    """What the site's host says to a GET of ``path`` at ``now``; ``asked`` holds the request's headers, names in lower case."""
    if outage := down(site, now):
        return Answer(status=503, headers=(("Retry-After", "3600"),), drop=outage.how == "drop")
    outlet = site.outlet
    if path == outlet.feed_path and outlet.feed != "none":
        return _listing(feeds.feed(site, now), f"application/{outlet.feed}+xml", last_change(site, now), asked, packed=outlet.feed_gzip)
    if path == outlet.sitemap_path:
        return _listing(feeds.sitemap(site, now), "application/xml", last_change(site, now, sitemap=True), asked)
    if path == "/robots.txt" and outlet.robots is not None:
        return Answer(status=200, headers=(("Content-Type", "text/plain; charset=utf-8"),), body=outlet.robots.encode())
    if path == "/":
        return _html(pages.list_page(site, now, path="/", title=outlet.name))
    if section := pages.sections(site).get(path):
        return _html(pages.list_page(site, now, path=path, title=section, section=section))
    article = next((a for a in site.articles if a.path == path and a.shown_from <= now), None)
    if article is None or article.kind == "gone":
        return _html(pages.not_found_page(site, now), 404)
    if article.kind == "section":
        return _html(pages.list_page(site, now, path=path, title=article.headline, section=article.section))
    return _html(pages.article_page(site, article, now))


def _html(page: pages.Page, status: int = 200) -> Answer:
    return Answer(status=status, headers=(("Content-Type", f"text/html; charset={page.charset}"),), body=page.content)


def _listing(content: bytes, media: str, changed: datetime | None, asked: Mapping[str, str], *, packed: bool = False) -> Answer:
    """A feed or sitemap with validators; If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    validators = [("ETag", tag)] + ([("Last-Modified", _http_date(changed))] if changed else [])
    if "if-none-match" in asked:
        known = asked["if-none-match"].strip() == "*" or tag in [t.strip().removeprefix("W/") for t in asked["if-none-match"].split(",")]
    else:
        known = changed is not None and _not_newer(changed, asked.get("if-modified-since"))
    if known:
        return Answer(status=304, headers=tuple(validators))
    headers = [("Content-Type", f"{media}; charset=utf-8"), *validators]
    if packed:
        headers.append(("Content-Encoding", "gzip"))
        content = gzip.compress(content, mtime=0)
    return Answer(status=200, headers=tuple(headers), body=content)


def _not_newer(changed: datetime, since: str | None) -> bool:
    try:
        return since is not None and changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date, or one without a zone: the header is to be ignored
        return False


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client may keep its connection open

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is its own affair; anything else is a fault of ours and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30  # of an idle connection, seconds

    def do_GET(self) -> None:
        self._serve(send_body=True)

    def do_HEAD(self) -> None:
        self._serve(send_body=False)

    def do_POST(self) -> None:
        self._refuse(405, "this newsroom only answers GET and HEAD")

    def do_CONNECT(self) -> None:
        self._refuse(405, "no tunnels: the newsroom speaks plain http only")

    def log_message(self, *_: object) -> None:
        """Nothing on standard error: the request log is the record."""

    def _refuse(self, status: int, why: str) -> None:
        self.close_connection = True  # a body that was not read would be taken for the next request
        self.server.newsroom.log(Request(self.server.newsroom.now, *self._target(), status))
        headers = (("Content-Type", "text/plain"), ("Connection", "close"))
        self._send(Answer(status=status, headers=headers, body=why.encode()), send_body=True)

    def _target(self) -> tuple[str, str]:
        """Host and path, from a proxy's absolute request line or from the Host header."""
        if self.path.startswith("/"):
            return self.headers.get("Host", "").partition(":")[0].lower(), self.path
        try:
            parts = urlsplit(self.path)
        except ValueError:  # "http://[half-an-address"
            return "", self.path
        return (parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))

    def _serve(self, *, send_body: bool) -> None:
        newsroom, now = self.server.newsroom, self.server.newsroom.now
        host, path = self._target()
        site = newsroom.sites.get(host)
        if site is None:
            reply = Answer(status=502, headers=(("Content-Type", "text/plain"),), body=f"no such host in this newsroom: {host}".encode())
        else:
            reply = answer(site, path.partition("?")[0], now, {k.lower(): v for k, v in self.headers.items()})
        newsroom.log(Request(now, host, path, 0 if reply.drop else reply.status))
        if reply.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(reply, send_body=send_body)

    def _send(self, reply: Answer, *, send_body: bool) -> None:
        self.send_response_only(reply.status)
        self.send_header("Date", _http_date(self.server.newsroom.now))
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if send_body and reply.status != 304:
            self.wfile.write(reply.body)
