"""Redirects, name servers and hosts with several addresses that lead inside: nothing but public addresses is ever dialled.

No packet leaves the machine: the resolver is a double, and so is the dialling; what was dialled is kept, and every public address is
the hostile server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import hostile_server as hostile
import httpcore2
import pytest
from hostile_server import HostileServer

from flows.collectors.client import Client, FetchFailure, FetchResult
from transforms.records import Reason

PUBLIC, SECOND_PUBLIC = "8.8.8.8", "1.1.1.1"
NEWS, OTHER = "news.example.com", "www.example.org"
PAGE = b"<html><title>Rutte</title><p>The secretary general.</html>"


class Dial(httpcore2.AnyIOBackend):
    """Connects every address to one port of this machine, and remembers what it was asked for."""

    def __init__(self, port: int) -> None:
        self.port, self.dialled = port, list[str]()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:  # fmt: skip
        self.dialled.append(host)
        return await super().connect_tcp("127.0.0.1", self.port, timeout, local_address, socket_options)


def fetched(
    server: HostileServer, answers: dict[str, Sequence[Sequence[str]]], *urls: str
) -> tuple[list[FetchResult | FetchFailure], list[str]]:
    """What the client brings, with a resolver that answers each question of a name by its next answer, the last one for ever."""
    asked: dict[str, int] = {}

    async def resolve(host: str, port: int) -> list[str]:
        number = asked[host] = asked.get(host, -1) + 1
        return list(answers[host][min(number, len(answers[host]) - 1)])

    async def run() -> tuple[list[FetchResult | FetchFailure], list[str]]:
        clock = lambda: datetime(2024, 7, 1, 6, tzinfo=UTC)  # noqa: E731
        async with Client(agent="Frontrunner/0", allow_private=False, clock=clock, resolver=resolve) as client:
            dial = client._backend._inner = Dial(server.port)
            return [await client.fetch(url, max_bytes=100_000, timeout=10.0) for url in urls], dial.dialled

    return asyncio.run(run())


def url(path: str, host: str = NEWS) -> str:
    return f"http://{host}{path}"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_the_double_works() -> None:
    with HostileServer({"/a": hostile.answer(PAGE)}) as server:
        ((found,), dialled) = fetched(server, {NEWS: [[PUBLIC]]}, url("/a"))
    assert isinstance(found, FetchResult)
    assert (found.body, dialled) == (PAGE, [PUBLIC])


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/admin", "http://[::1]/admin", "http://169.254.169.254/latest/meta-data/", "http://10.1.2.3/", "http://192.168.0.1/",
        "http://172.16.0.1/", "http://100.64.0.1/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
        "http://127.1/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[fd00::1]/", "http://[fe80::1]/",
        "http://localhost/", "http://metadata.google.internal/", "http://printer.local/", "//127.0.0.1/", "http://user@127.0.0.1/",
        "http://127。0。0。1/",
    ],
)  # fmt: skip
def test_a_redirect_inside_is_refused_before_anything_is_dialled(target: str) -> None:
    with HostileServer({"/a": hostile.redirect(target.encode().decode("latin-1"))}) as server:
        ((found,), dialled) = fetched(server, {NEWS: [[PUBLIC]]}, url("/a"))
        assert [seen.path for seen in server.requests] == ["/a"]
    assert isinstance(found, FetchFailure)
    assert found.reason is Reason.ADDRESS_REFUSED
    assert dialled == [PUBLIC]


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "javascript:alert(1)", "ftp://news.example.com/a", "data:text/html,x", "gopher://x/"]
)
def test_a_redirect_to_another_scheme_is_no_address(target: str) -> None:
    with HostileServer({"/a": hostile.redirect(target)}) as server:
        ((found,), dialled) = fetched(server, {NEWS: [[PUBLIC]]}, url("/a"))
    assert isinstance(found, FetchFailure)
    assert (found.reason, dialled) == (Reason.INVALID_URL, [PUBLIC])


def test_a_name_that_resolves_inside_is_refused_wherever_it_comes_from() -> None:
    with HostileServer({"/a": hostile.redirect(url("/b", OTHER))}) as server:
        ((found,), dialled) = fetched(server, {NEWS: [[PUBLIC]], OTHER: [["10.0.0.7"]]}, url("/a"))
        assert server.asked("/b") == 0
    assert isinstance(found, FetchFailure)
    assert (found.reason, dialled) == (Reason.ADDRESS_REFUSED, [PUBLIC])


def test_a_name_that_changes_its_address_gains_nothing() -> None:
    """DNS rebinding: public when it is looked at, private when it is called. There is one look, and what it saw is what is dialled."""
    closing = hostile.answer(PAGE, connection="close")
    with HostileServer({"/a": closing, "/b": closing}) as server:
        (first, second), dialled = fetched(server, {NEWS: [[PUBLIC], ["127.0.0.1"]]}, url("/a"), url("/b"))
        assert server.asked("/b") == 0
    assert isinstance(first, FetchResult)
    assert isinstance(second, FetchFailure)
    assert second.reason is Reason.ADDRESS_REFUSED
    assert dialled == [PUBLIC]


def test_of_public_and_private_addresses_only_the_public_are_dialled() -> None:
    with HostileServer({"/a": hostile.answer(PAGE)}) as server:
        ((found,), dialled) = fetched(server, {NEWS: [["127.0.0.1", "::1", PUBLIC, "169.254.169.254", SECOND_PUBLIC]]}, url("/a"))
    assert isinstance(found, FetchResult)
    assert dialled == [PUBLIC]


def test_a_password_in_a_redirect_goes_to_nobody() -> None:
    routes = {
        "/a": hostile.redirect(f"http://user:secret@{OTHER}/b"), "/b": hostile.answer(b"", status="302 Found", location=f"http://me@{NEWS}/c"),
        "/c": hostile.answer(status="401 Unauthorized", www_authenticate='Basic realm="x"'),
    }  # fmt: skip
    with HostileServer(routes) as server:
        ((found,), _) = fetched(server, {NEWS: [[PUBLIC]], OTHER: [[SECOND_PUBLIC]]}, url("/a"))
        assert [seen.path for seen in server.requests] == ["/a", "/b", "/c"]
        for seen in server.requests:
            assert not {"authorization", "cookie", "proxy-authorization", "referer"} & seen.headers.keys()
            assert "secret" not in str(seen)
    assert isinstance(found, FetchFailure)
    assert found.reason is Reason.FORBIDDEN
    assert "secret" not in str(found)


def test_an_answer_that_nobody_asked_for_is_not_that_of_the_next_request() -> None:
    """A server that sends more than its Content-Length says must not be able to choose what the next request is answered with."""
    foreign = hostile.head("200 OK", {"Content-Length": "7", "Content-Type": "text/html"}) + b"foreign"
    with HostileServer({"/a": hostile.overflowing(PAGE, foreign), "/b": hostile.answer(b"its own")}) as server:
        (first, second), _ = fetched(server, {NEWS: [[PUBLIC]]}, url("/a"), url("/b"))
    assert isinstance(first, FetchResult)
    assert first.body == PAGE
    assert isinstance(second, FetchResult)
    assert second.body == b"its own"
