"""robots.txt by RFC 9309, and the pace."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import hostile_server as hostile
import pytest
from hostile_server import Behaviour, HostileServer
from protego import Protego

from flows.collectors.client import Client
from flows.collectors.pace import Pace
from flows.collectors.robots import MAX_CRAWL_DELAY, HostRules, Robots, origin
from transforms.records import Reason

RULES = (
    "User-agent: *\nDisallow: /private/\nCrawl-delay: 3\nSitemap: https://a.example/s.xml\n\nUser-agent: frontrunner\nDisallow: /ours/\n"
)


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def rules(behaviour: Behaviour, timeout: float = 5.0) -> HostRules:
    async def run(url: str) -> HostRules:
        async with Client(agent="x", allow_private=True, clock=lambda: datetime(2024, 7, 1, tzinfo=UTC)) as client:
            robots = Robots(client, Pace())
            first, _ = await asyncio.gather(*(robots.rules(url + page, timeout=timeout, delay=0.0) for page in ("a", "b")))
            return first

    with HostileServer({"/robots.txt": behaviour, "/moved": hostile.answer(RULES, "text/plain")}) as server:
        found = asyncio.run(run(server.url("/")))
        brief = found.unreachable is not None and found.unreachable.reason is Reason.CONNECTION
        assert server.asked("/robots.txt") == (2 if brief else 1), "asked once more only where the fault may be gone by then"
        return found


def test_the_group_that_names_us_counts() -> None:
    found = rules(hostile.answer(RULES, "text/plain"))
    assert found.allows("https://a.example/private/x")
    assert not found.allows("https://a.example/ours/x")
    assert found.sitemaps == ("https://a.example/s.xml",)


@pytest.mark.parametrize(
    "behaviour",
    [
        hostile.answer(status="404 Not Found"), hostile.answer(status="403 Forbidden"), hostile.answer(status="401 Who"),
        hostile.answer("<html>all sorts</html>"), hostile.answer(b""), hostile.answer(b"\xff\xfe\x00junk\x80", "text/plain"),
        hostile.redirect("/robots.txt"),
    ],
)  # fmt: skip
def test_an_unavailable_file_allows(behaviour: Behaviour) -> None:
    assert rules(behaviour).allows("https://a.example/x")


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (hostile.answer(status="500 Oh"), Reason.SERVER_ERROR),
        (hostile.answer(status="429 Slow"), Reason.RATE_LIMITED),
        (hostile.silent, Reason.TIMEOUT),
        (hostile.reset, Reason.CONNECTION),
        (hostile.redirect("http://169.254.169.254/robots.txt"), Reason.ADDRESS_REFUSED),
    ],
)
def test_an_unreachable_file_disallows(behaviour: Behaviour, reason: Reason) -> None:
    found = rules(behaviour, timeout=0.4)
    assert not found.allows("https://a.example/x")
    assert found.unreachable is not None
    assert found.unreachable.reason is reason


def test_redirects_are_followed() -> None:
    assert not rules(hostile.redirect("/moved")).allows("https://a.example/ours/x")


def test_what_lies_beyond_500_kib_is_not_looked_at() -> None:
    found = rules(hostile.answer("User-agent: *\nDisallow: /a\n" + "# x\n" * 200_000 + "Disallow: /b\n", "text/plain"))
    assert not found.allows("https://a.example/a")
    assert found.allows("https://a.example/b")


def test_an_endless_file_is_read_as_far_as_it_counts() -> None:
    found = rules(hostile.endless(b"User-agent: *\nDisallow: /a\n" + b"# x\n" * 100))
    assert not found.allows("https://a.example/a")
    assert found.allows("https://a.example/b")


def test_crawl_delay_has_an_upper_limit() -> None:
    assert HostRules(rules=Protego.parse("User-agent: *\nCrawl-delay: 3")).crawl_delay == 3.0
    assert HostRules(rules=Protego.parse("User-agent: *\nCrawl-delay: 86400")).crawl_delay == MAX_CRAWL_DELAY
    assert HostRules().crawl_delay == 0.0


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://u:p@A.example:8443/x?y") == "https://a.example:8443"


def test_the_pace_holds_for_each_host_alone() -> None:
    now, waits = [0.0], []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    async def run() -> None:
        pace = Pace(timer=lambda: now[0], sleep=sleep)
        for url in ("http://a.example/1", "http://b.example/1", "http://a.example/2", "http://A.example/3"):
            async with pace.turn(url, 2.0):
                now[0] += 0.5
        pace.hold("http://b.example/", 30.0)
        async with pace.turn("http://b.example/", 2.0):
            pass

    asyncio.run(run())
    assert waits == [1.0, 1.5, 30.0]
