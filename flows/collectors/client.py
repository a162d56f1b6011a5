"""The one HTTP client.

Belongs here: a GET with its limits (time, size, redirects, addresses) and its outcome as a value. Does not belong here: robots.txt and
politeness (``robots``), what is fetched when and what a status means for an item (``collect``), storage (``archive``).

Every expected failure is a :class:`FetchFailure`; nothing that a server does raises. No cookies are kept, no credentials are sent.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

import ada_url
import httpcore2
import httpx2

from flows.collectors.addresses import (
    LOOKING_UP,
    AddressRefusedError,
    CheckedBackend,
    NameLookup,
    NameNotResolvedError,
    NameServerSilentError,
    Resolver,
    refusal,
)
from transforms.inflate import inflate
from transforms.records import Reason, Rejection

MAX_REDIRECTS = 5  # RFC 9309 wants at least five followed for robots.txt; pages need fewer
MAX_OPEN_HOSTS = 500  # with connections that are kept for the next request; a usual machine allows 1,024 open files
KEPT_SECONDS = 60.0  # the longest delay that robots.txt can ask for, see robots.py
_STEP = 1 << 16
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_WITH_PAGE = frozenset({200, 203})  # 202, 204, 205 say that no page comes; 206 is a part that was not asked for
_FORBIDDEN = frozenset({401, 402, 403, 407, 451})
_GONE = frozenset({404, 410})
_BODY_CUT = ("without sending complete message body", "incomplete chunked read")  # h11's words

# Nobody needs a log line from a library for every request: the collection record has them all.
logging.getLogger("httpx2").setLevel(logging.WARNING)

Permit = Callable[[str], Awaitable["FetchFailure | None"]]
Sent = Callable[[], None]  # called when a request has been sent: the delay until the next one begins there
Turn = Callable[[str], AbstractAsyncContextManager[Sent]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """A response that carries a page (2xx) or says that there is nothing new (304)."""

    requested_url: str
    final_url: str
    status: int
    reason_phrase: str = ""
    http_version: str = "HTTP/1.1"
    headers: tuple[tuple[bytes, bytes], ...] = ()  # as received, in their order
    request_headers: tuple[tuple[bytes, bytes], ...] = ()  # as sent
    raw_body: bytes = b""  # without transfer encoding, with content encoding
    body: bytes = b""  # without either
    fetched_at: datetime  # UTC, when the last byte was in
    redirects: tuple[tuple[str, int, str], ...] = ()  # (url, status, Location as it came)

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case; bytes beyond ASCII are read as Latin-1."""
        wanted = name.lower().encode("ascii")
        return next((value.decode("latin-1").strip() for key, value in self.headers if key.lower() == wanted), None)

    @property
    def content_type(self) -> str | None:
        return self.header("content-type")

    @property
    def moved_to(self) -> str | None:
        """Where the address has moved for good (RFC 9110, 15.4.2 and 15.4.9), None where any step of the way was for now."""
        return self.final_url if self.redirects and all(status in _FOR_GOOD for _, status, _ in self.redirects) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """A request that brought no page, with the reason out of the closed list."""

    reason: Reason
    detail: str = ""
    status: int | None = None
    retry_after: float | None = None  # seconds from now, where the server named a time
    final_url: str | None = None  # the last one tried
    redirects: int = 0
    of_robots: bool = False  # robots.txt could not be read, so that the page itself was never asked for


def user_agent(version: str, contact: str) -> str:
    """The true name with a way to reach whoever runs this."""
    reach = "".join(c for c in contact if c.isprintable() and c not in "()").strip()
    return f"Frontrunner/{version} (+{reach.encode('ascii', 'replace').decode('ascii')})"


def status_reason(status: int) -> Reason:
    """Why a status that carries no page is none."""
    if status in _GONE:
        return Reason.NOT_FOUND
    if status in _FORBIDDEN:
        return Reason.FORBIDDEN
    if status == 429:
        return Reason.RATE_LIMITED
    return Reason.SERVER_ERROR if 500 <= status < 600 else Reason.HTTP_STATUS


@asynccontextmanager
async def _at_once(url: str) -> AsyncIterator[Sent]:
    yield lambda: None


async def _always(url: str) -> FetchFailure | None:
    return None


class Client:
    """Fetches URLs. One instance a run; connections are reused. An async context manager."""

    def __init__(
        self,
        *,
        agent: str,
        allow_private: bool,
        clock: Callable[[], datetime],
        resolver: Resolver | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._clock = clock
        self._backend = CheckedBackend(allow_private=allow_private, resolver=resolver)
        self._http = httpx2.AsyncClient(
            http2=True,
            trust_env=True,  # proxies, SSL_CERT_FILE
            follow_redirects=False,
            timeout=None,  # the total time is ours, see fetch
            cookies=http.cookiejar.CookieJar(policy=http.cookiejar.DefaultCookiePolicy(allowed_domains=())),
            # of proxies alone: every other host has a pool of its own. How many requests are in flight is decided by ``pace``
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=MAX_OPEN_HOSTS, keepalive_expiry=KEPT_SECONDS),
            headers={
                "User-Agent": agent,
                "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Encoding": "gzip, deflate",
            },
        )
        self._pools = _HostPools(self._backend)
        _install(self._pools, self._http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pools.aclose()
        await self._http.aclose()
        self._backend.close()

    async def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        timeout: float,
        headers: Mapping[str, str] | None = None,
        permit: Permit = _always,
        turn: Turn = _at_once,
        truncate: bool = False,
    ) -> FetchResult | FetchFailure:
        """GET ``url`` and follow its redirects.

        ``timeout`` is in seconds for all requests together, without the time spent waiting for a ``turn``. ``max_bytes`` limits the
        body before and after decompression. ``permit`` is asked before every request, redirects included, and may end the matter;
        ``turn`` is entered around every request (politeness). With ``truncate`` a longer body is no failure: what is too much is left.
        """
        hops: list[tuple[str, int, str]] = []
        timer, remaining = asyncio.get_running_loop().time, timeout
        current = _normal(url)
        while True:
            if current is None:
                return FetchFailure(reason=Reason.INVALID_URL, detail="not an http or https address", redirects=len(hops))
            why = refusal(current, allow_private=self._allow_private)
            refused = FetchFailure(reason=Reason.ADDRESS_REFUSED, detail=why) if why else await permit(current)
            if refused is None:
                async with turn(current) as sent:
                    began = timer()
                    answer = await self._one(current, max_bytes, remaining, headers or {}, truncate, sent)
                    remaining -= timer() - began
            else:
                answer = refused
            if isinstance(answer, FetchFailure):
                return replace(answer, final_url=current, redirects=len(hops))
            if answer.status not in _REDIRECTS:
                return replace(answer, requested_url=url, redirects=tuple(hops))
            location = answer.header("location")
            if not location:
                return FetchFailure(
                    reason=Reason.REDIRECTS,
                    detail="redirect without a target",
                    status=answer.status,
                    final_url=current,
                    redirects=len(hops),
                )
            hops.append((current, answer.status, location))
            target = _normal(_as_utf8(location), current)
            if len(hops) > MAX_REDIRECTS or any(target == seen for seen, _, _ in hops):
                what = "a circle of redirects" if len(hops) <= MAX_REDIRECTS else f"more than {MAX_REDIRECTS} redirects"
                return FetchFailure(reason=Reason.REDIRECTS, detail=what, status=answer.status, final_url=current, redirects=len(hops))
            current = target

    async def _one(
        self, url: str, max_bytes: int, timeout: float, headers: Mapping[str, str], truncate: bool, sent: Sent
    ) -> FetchResult | FetchFailure:
        """One request without redirects."""
        stage = _Stage(sent=sent)
        looking_up = LOOKING_UP.set(names := NameLookup())
        try:
            async with asyncio.timeout(max(0.0, timeout)):
                return await self._exchange(url, max_bytes, headers, truncate, stage)
        except Exception as error:  # noqa: BLE001 - the HTTP libraries let several foreign exceptions through on broken input
            if names.is_open and isinstance(error, TimeoutError):
                return FetchFailure(reason=Reason.DNS_UNAVAILABLE, detail=f"no answer from the name server within {timeout:.1f} s")
            return _failure(error, in_body=stage.in_body, status=stage.status)
        finally:
            LOOKING_UP.reset(looking_up)

    async def _exchange(
        self, url: str, max_bytes: int, headers: Mapping[str, str], truncate: bool, stage: _Stage
    ) -> FetchResult | FetchFailure:
        request = self._http.build_request("GET", url, headers=dict(headers), extensions={"trace": stage.trace})
        response = await self._http.send(request, stream=True, auth=None)
        try:
            status = stage.status = response.status_code
            raw_headers = tuple(response.headers.raw)
            has_page = status in _WITH_PAGE
            if not has_page and status != 304 and status not in _REDIRECTS:
                there = _http_date(response.headers.get("date")) or self._clock()  # the server's own clock, where it tells
                after = _retry_after(response.headers.get("retry-after"), there)
                return FetchFailure(reason=status_reason(status), detail=f"HTTP {status}", status=status, retry_after=after)
            stage.in_body = True
            raw = await _read(response, max_bytes, truncate) if has_page else b""
            if _is_followed_by_more(response):
                await response.extensions["network_stream"].aclose()
        finally:
            await response.aclose()
        if isinstance(raw, Rejection):
            return FetchFailure(reason=raw.reason, detail=raw.detail, status=status)
        body = inflate(raw, ", ".join(response.headers.get_list("content-encoding")), max_bytes)
        if isinstance(body, Rejection):
            return FetchFailure(reason=body.reason, detail=body.detail, status=status)
        return FetchResult(
            requested_url=url,
            final_url=url,
            status=status,
            reason_phrase=response.reason_phrase,
            http_version=response.http_version,
            headers=raw_headers,
            request_headers=tuple(request.headers.raw),
            raw_body=raw,
            body=body,
            fetched_at=self._clock(),
        )


@dataclass(slots=True)
class _Stage:
    """How far a request had come when something happened."""

    sent: Sent
    in_body: bool = False
    status: int | None = None

    async def trace(self, event: str, _: object) -> None:
        """What httpcore tells along the way. Connecting may take a while: only what follows it reaches the host as a request."""
        if event.endswith("send_request_headers.started"):
            self.sent()


class _HostPools:
    """The connection pool of each host. One pool for all would look at every idle connection before every request.

    A host has one request at a time, so a pool holds a connection or two; beyond a number of hosts the longest quiet one is closed.
    """

    def __init__(self, backend: httpcore2.AsyncNetworkBackend) -> None:
        self._backend, self._ssl = backend, httpx2.create_ssl_context()
        self._pools: dict[tuple[bytes, bytes, int | None], httpcore2.AsyncConnectionPool] = {}  # least recently used first

    async def handle_async_request(self, request: httpcore2.Request) -> httpcore2.Response:
        key = (request.url.scheme, request.url.host, request.url.port)
        pool = self._pools.pop(key, None) or httpcore2.AsyncConnectionPool(
            ssl_context=self._ssl, http2=True, max_connections=8, max_keepalive_connections=2, keepalive_expiry=KEPT_SECONDS,
            network_backend=self._backend,
        )  # fmt: skip
        self._pools[key] = pool
        if len(self._pools) > MAX_OPEN_HOSTS:
            await self._close_a_quiet_one()
        return await pool.handle_async_request(request)

    async def _close_a_quiet_one(self) -> None:
        for key, pool in self._pools.items():
            if all(connection.is_idle() for connection in pool.connections):
                del self._pools[key]
                await pool.aclose()
                return

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


def _install(pools: _HostPools, client: httpx2.AsyncClient) -> None:
    """Put pools with the address check under every connection that does not go through a configured proxy.

    httpx2 has no public way to set the network backend and still honour the proxy variables; the test of this module holds the place.
    """
    transport = client._transport
    if not isinstance(getattr(transport, "_pool", None), httpcore2.AsyncConnectionPool):
        raise RuntimeError("this version of httpx2 keeps its connection pool elsewhere: the address check cannot be installed")
    transport._pool = pools  # type: ignore[attr-defined]


def _is_followed_by_more(response: httpx2.Response) -> bool:
    """Whether bytes came behind the end of an answer over HTTP/1.1: they must not be taken for the answer to the next request.

    No public name leads to the parser's buffer. Where this version of the libraries keeps it elsewhere the answer is yes, so that no
    connection is used twice; the test of this module holds the place.
    """
    if response.http_version == "HTTP/2":  # streams have numbers there
        return False
    holder: object = response.stream
    for name in ("_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state"):
        holder = getattr(holder, name, None)
    trailing = getattr(holder, "trailing_data", None)
    return trailing is None or bool(trailing[0])


async def _read(response: httpx2.Response, limit: int, truncate: bool) -> bytes | Rejection:
    promised = response.headers.get("content-length", "").strip()
    expected = int(promised) if promised.isascii() and promised.isdigit() and len(promised) < 20 else None
    if expected is not None and expected > limit and not truncate:
        return Rejection(stage="fetch", reason=Reason.TOO_LARGE, detail=f"{expected} bytes announced, {limit} allowed")
    body = bytearray()
    async for chunk in response.aiter_raw(_STEP):
        body += chunk
        if len(body) > limit and truncate:
            return bytes(body[:limit])
        if len(body) > limit:
            return Rejection(stage="fetch", reason=Reason.TOO_LARGE, detail=f"more than {limit} bytes")
    if expected is not None and "transfer-encoding" not in response.headers and len(body) < expected:
        return Rejection(stage="fetch", reason=Reason.CUT_SHORT, detail=f"{len(body)} of {expected} bytes")
    return bytes(body)


def _failure(error: Exception, *, in_body: bool, status: int | None) -> FetchFailure:
    """The reason behind an exception; the libraries wrap one in the other, so the whole chain is looked at."""
    chain = list(_chain(error))
    detail = f"{type(error).__name__}: {error}"[:300]

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(e, kinds) for e in chain)

    if has(AddressRefusedError):
        reason = Reason.ADDRESS_REFUSED
    elif has(NameNotResolvedError):
        reason = Reason.DNS
    elif has(NameServerSilentError):
        reason = Reason.DNS_UNAVAILABLE
    elif isinstance(error, TimeoutError | httpx2.TimeoutException):
        reason = Reason.TIMEOUT
    elif has(ssl.SSLCertVerificationError):
        reason = Reason.TLS_CERTIFICATE
    elif any(isinstance(e, ssl.SSLError) and not isinstance(e, ssl.SSLWantReadError | ssl.SSLWantWriteError) for e in chain):
        reason = Reason.TLS if not in_body else Reason.CUT_SHORT
    elif isinstance(error, httpx2.RemoteProtocolError):
        if any(words in str(error) for words in _BODY_CUT):
            reason = Reason.CUT_SHORT
        else:
            reason = Reason.CONNECTION if "Server disconnected" in str(error) else Reason.PROTOCOL
    elif isinstance(error, httpx2.NetworkError | httpx2.ProxyError | OSError):
        reason = Reason.CUT_SHORT if in_body else Reason.CONNECTION
    elif isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        reason = Reason.INVALID_URL
    else:
        reason = Reason.PROTOCOL
    return FetchFailure(reason=reason, detail=detail, status=status)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _normal(url: str, base: str | None = None) -> str | None:
    """An absolute http(s) URL without credentials and fragment (WHATWG), or None."""
    try:
        parsed = ada_url.URL(url, base=base) if base else ada_url.URL(url)
    except ValueError:
        return None
    if parsed.protocol not in {"http:", "https:"} or not parsed.hostname:
        return None
    parsed.username, parsed.password, parsed.hash = "", "", ""
    return str(parsed.href)


def _as_utf8(location: str) -> str:
    """Header bytes beyond ASCII came as Latin-1 characters; servers mean UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait (RFC 9110, 10.2.3: a number or an HTTP date); None where nothing sensible is said."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    at = _http_date(text)
    return None if at is None else max(0.0, (at - now).total_seconds())


def _http_date(value: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
