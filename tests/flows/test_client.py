"""The HTTP client against a server that misbehaves: every outcome is a value with the reason that it deserves."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime
from typing import Any

import hostile_server as hostile
import httpx2
import pytest
from hostile_server import Behaviour, HostileServer

from flows.collectors.addresses import CheckedBackend
from flows.collectors.client import Client, FetchFailure, FetchResult, status_reason, user_agent
from transforms.records import Reason

NOW = datetime(2024, 7, 1, 6, 0, tzinfo=UTC)
PAGE = b"<html><title>Rutte</title><p>" + b"The secretary general. " * 200 + b"</html>"


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, whatever the machine has."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


pytestmark = pytest.mark.usefixtures("direct")


def get(url: str, *, allow_private: bool = True, resolver: Any = None, **options: Any) -> FetchResult | FetchFailure:
    async def run() -> FetchResult | FetchFailure:
        async with Client(
            agent="Frontrunner/0 (+desk@example.org)", allow_private=allow_private, clock=lambda: NOW, resolver=resolver
        ) as client:
            return await client.fetch(url, **({"max_bytes": 1_000_000, "timeout": 5.0} | options))

    return asyncio.run(run())


def got(behaviour: Behaviour, **options: Any) -> FetchResult | FetchFailure:
    with HostileServer({"/": behaviour}) as server:
        return get(server.url("/"), **options)


def reason(found: FetchResult | FetchFailure) -> Reason:
    assert isinstance(found, FetchFailure), found
    return found.reason


def test_a_page_comes_as_it_was_sent() -> None:
    with HostileServer({"/a?b=1": hostile.zipped(PAGE)}) as server:
        found = get(server.url("/a?b=1"))
        sent = server.requests[0].headers
    assert isinstance(found, FetchResult)
    assert found.body == PAGE
    assert gzip.decompress(found.raw_body) == PAGE
    assert (found.status, found.content_type, found.fetched_at, found.redirects) == (200, "text/html", NOW, ())
    assert (b"content-encoding", b"gzip") in found.headers
    assert sent["user-agent"] == "Frontrunner/0 (+desk@example.org)"
    assert sent["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in sent
    assert "authorization" not in sent


@pytest.mark.parametrize(
    ("behaviour", "body"),
    [
        (hostile.chunked(b"one ", b"two"), b"one two"),
        (hostile.answer(zlib.compress(PAGE), content_encoding="deflate"), PAGE),
        (hostile.answer(zlib.compress(PAGE)[2:-4], content_encoding="deflate"), PAGE),
        (hostile.answer(gzip.compress(gzip.compress(PAGE)), content_encoding="gzip, gzip"), PAGE),
        (hostile.answer(gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]) + b"\0\0", content_encoding="x-gzip"), PAGE),
        (hostile.answer(b"", content_encoding="gzip"), b""),
        (hostile.answer("Łódź".encode("iso-8859-2"), "text/html; charset=utf-8"), "Łódź".encode("iso-8859-2")),
        (hostile.raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nuntil the end"), b"until the end"),
    ],
)
def test_encodings_of_the_body(behaviour: Behaviour, body: bytes) -> None:
    found = got(behaviour)
    assert isinstance(found, FetchResult)
    assert found.body == body


BOMB = gzip.compress(b"\0" * 30_000_000)


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (hostile.silent, Reason.TIMEOUT),
        (hostile.drip, Reason.TIMEOUT),
        (hostile.endless(), Reason.TOO_LARGE),
        (hostile.answer(b"x" * 50_000_000), Reason.TOO_LARGE),
        (hostile.answer(BOMB, content_encoding="gzip"), Reason.TOO_LARGE),
        (hostile.answer(gzip.compress(BOMB), content_encoding="gzip, gzip"), Reason.TOO_LARGE),
        (hostile.answer(PAGE, content_encoding="gzip"), Reason.BAD_ENCODING),
        (hostile.answer(PAGE, content_encoding="br"), Reason.BAD_ENCODING),
        (hostile.answer(PAGE, content_encoding="gzip, gzip, gzip, gzip"), Reason.BAD_ENCODING),
        (hostile.answer(gzip.compress(PAGE)[:-20], content_encoding="gzip"), Reason.CUT_SHORT),
        (hostile.cut(PAGE, 100_000), Reason.CUT_SHORT),
        (hostile.chunked(PAGE, finish=False), Reason.CUT_SHORT),
        (hostile.reset, Reason.CONNECTION),
        (hostile.raw(b""), Reason.CONNECTION),
        (hostile.raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Reason.PROTOCOL),
        (hostile.raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000), Reason.PROTOCOL),
        (hostile.answer(status="404 Not Found"), Reason.NOT_FOUND),
        (hostile.answer(status="410 Gone"), Reason.NOT_FOUND),
        (hostile.answer(status="403 Forbidden"), Reason.FORBIDDEN),
        (hostile.answer(status="451 Unavailable"), Reason.FORBIDDEN),
        (hostile.answer(status="429 Slow down"), Reason.RATE_LIMITED),
        (hostile.answer(status="500 Oh"), Reason.SERVER_ERROR),
        (hostile.answer(status="418 Teapot"), Reason.HTTP_STATUS),
        (hostile.redirect("/"), Reason.REDIRECTS),
        (hostile.answer(status="302 Found"), Reason.REDIRECTS),
        (hostile.redirect("http://169.254.169.254/latest/meta-data/"), Reason.ADDRESS_REFUSED),
        (hostile.redirect("file:///etc/passwd"), Reason.INVALID_URL),
        (hostile.redirect("http://[broken/"), Reason.INVALID_URL),
    ],
)
def test_misbehaviour_has_its_reason(behaviour: Behaviour, expected: Reason) -> None:
    assert reason(got(behaviour, timeout=0.4 if expected is Reason.TIMEOUT else 5.0)) is expected


def test_redirects_are_followed_and_kept() -> None:
    with HostileServer({"/a": hostile.redirect("b", "301 Moved"), "/b": hostile.redirect("/c#x"), "/c": hostile.answer(PAGE)}) as server:
        found = get(server.url("/a"))
        assert isinstance(found, FetchResult)
        assert found.requested_url == server.url("/a")
        assert found.final_url == server.url("/c")
        assert found.redirects == ((server.url("/a"), 301, "b"), (server.url("/b"), 302, "/c#x"))


def test_more_than_five_redirects_are_too_many() -> None:
    with HostileServer({f"/{n}": hostile.redirect(f"/{n + 1}") for n in range(20)}) as server:
        assert reason(get(server.url("/0"))) is Reason.REDIRECTS
        assert len(server.requests) == 6


def test_cookies_are_not_kept_and_credentials_not_sent() -> None:
    routes = {"/a": hostile.answer(b"", status="302 Found", location="/b", set_cookie="id=1; Path=/"), "/b": hostile.answer(PAGE)}
    with HostileServer(routes) as server:
        found = get(server.url("/a").replace("http://", "http://user:secret@"))
        assert isinstance(found, FetchResult)
        assert [seen.path for seen in server.requests] == ["/a", "/b"]
        assert all("cookie" not in seen.headers and "authorization" not in seen.headers for seen in server.requests)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "120"}, 120.0),
        ({"retry_after": "Mon, 01 Jul 2024 06:10:00 GMT"}, 600.0),
        ({"retry_after": "Mon, 01 Jul 2024 06:10:00 GMT", "date": "Mon, 01 Jul 2024 06:09:00 GMT"}, 60.0),
        ({"retry_after": "Mon, 01 Jul 2024 05:00:00 GMT"}, 0.0),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    found = got(hostile.answer(status="503 Busy", **headers))
    assert isinstance(found, FetchFailure)
    assert found.retry_after == seconds


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://localhost/", "http://10.1.2.3/",
     "http://[::1]/", "http://metadata.google.internal/", "http://intranet/"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(url: str) -> None:
    assert reason(get(url, allow_private=False)) is Reason.ADDRESS_REFUSED


def test_a_public_name_with_a_private_address_is_refused_at_connection_time() -> None:
    async def rebound(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "64:ff9b::7f00:1"]

    with HostileServer({"/": hostile.answer(PAGE)}) as server:
        found = get(f"http://news.example.com:{server.port}/", allow_private=False, resolver=rebound)
        assert reason(found) is Reason.ADDRESS_REFUSED
        assert server.requests == []


def test_a_redirect_to_loopback_is_refused_behind_a_proxy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with HostileServer({"http://news.example.com/a": hostile.redirect("http://127.0.0.1/admin")}) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url("/"))
        assert reason(get("http://news.example.com/a", allow_private=False)) is Reason.ADDRESS_REFUSED
        assert [seen.path for seen in proxy.requests] == ["http://news.example.com/a"]


def test_proxy_variables_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        HostileServer({"http://news.example.com/a": hostile.answer(b"through the proxy")}) as proxy,
        HostileServer({"/": hostile.answer(b"straight")}) as server,
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url("/"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        through, straight = get("http://news.example.com/a"), get(server.url("/"))
    assert isinstance(through, FetchResult)
    assert through.body == b"through the proxy"
    assert isinstance(straight, FetchResult)
    assert straight.body == b"straight"


def test_refused_connection_unknown_name_and_tls_are_told_apart() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with HostileServer() as server:
        port = server.port
        assert reason(get(f"https://127.0.0.1:{port}/")) is Reason.TLS  # the server speaks plain HTTP
    assert reason(get(f"http://127.0.0.1:{port}/")) is Reason.CONNECTION
    assert reason(get("http://news.example.com/", resolver=nowhere)) is Reason.DNS


def test_permit_is_asked_before_every_request() -> None:
    async def run(url: str) -> tuple[FetchResult | FetchFailure, list[str]]:
        asked: list[str] = []

        async def permit(hop: str) -> FetchFailure | None:
            asked.append(hop)
            return FetchFailure(reason=Reason.ROBOTS) if hop.endswith("/b") else None

        async with Client(agent="x", allow_private=True, clock=lambda: NOW) as client:
            return await client.fetch(url, max_bytes=1000, timeout=5, permit=permit), asked

    with HostileServer({"/a": hostile.redirect("/b"), "/b": hostile.answer(PAGE)}) as server:
        found, asked = asyncio.run(run(server.url("/a")))
        assert asked == [server.url("/a"), server.url("/b")]
        assert server.asked("/b") == 0
    assert found == FetchFailure(reason=Reason.ROBOTS, final_url=server.url("/b"), redirects=1)


def test_the_address_check_is_where_the_library_connects() -> None:
    """The one place that no public parameter reaches: if httpx2 moves its pool, this fails before anything is fetched unchecked."""
    client = Client(agent="x", allow_private=False, clock=lambda: NOW)
    transport = client._http._transport
    assert isinstance(transport, httpx2.AsyncHTTPTransport)
    assert transport._pool is client._pools

    async def ask() -> None:
        async with client:
            assert isinstance(await client.fetch("http://127.0.0.1:9/", max_bytes=1, timeout=5.0), FetchFailure)
            (pool,) = client._pools._pools.values()
            assert pool._network_backend is client._backend

    client._allow_private = True  # so that it comes as far as the pool; the address check itself still refuses
    asyncio.run(ask())


def test_a_connection_is_used_again_and_the_quietest_host_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.collectors.client.MAX_OPEN_HOSTS", 2)
    connected: list[int] = []

    class Counting(CheckedBackend):
        async def connect_tcp(self, host: str, port: int, *rest: Any, **more: Any) -> Any:
            connected.append(port)
            return await super().connect_tcp(host, port, *rest, **more)

    async def ask(ports: list[int]) -> None:
        async with Client(agent="x", allow_private=True, clock=lambda: NOW) as client:
            client._pools._backend = Counting(allow_private=True)
            for port in ports:
                assert isinstance(await client.fetch(f"http://127.0.0.1:{port}/", max_bytes=100, timeout=5.0), FetchResult)

    page = {"/": hostile.answer(b"x")}
    with HostileServer(dict(page)) as first, HostileServer(dict(page)) as second, HostileServer(dict(page)) as third:
        a, b, c = first.port, second.port, third.port
        asyncio.run(ask([a, a, b, a, c, a, b]))
    assert connected == [a, b, c, b], "b was quiet longest when c came"


def test_user_agent_cannot_be_broken_by_the_contact() -> None:
    assert user_agent("1.2", "desk@example.org") == "Frontrunner/1.2 (+desk@example.org)"
    assert user_agent("1.2", "a@b\r\nX-Evil: 1)é") == "Frontrunner/1.2 (+a@bX-Evil: 1?)"


def test_every_status_has_a_reason() -> None:
    assert {status_reason(status) for status in range(300, 600)} == {
        Reason.NOT_FOUND, Reason.FORBIDDEN, Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.HTTP_STATUS,
    }  # fmt: skip
