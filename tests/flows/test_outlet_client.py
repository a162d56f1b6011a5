"""Patience with one outlet: what is tried again within a pass, how long is waited, and when it is enough. Nothing here waits in earnest."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, cast

import hostile_server as hostile
import pytest
from hostile_server import HostileServer

from flows.collectors.client import Client, FetchFailure, FetchResult, Permit, Turn, status_reason
from flows.collectors.outlet_client import FAULTS_IN_A_ROW, LONG_WAIT, MAX_HOLD, OutletClient
from flows.collectors.pace import Pace
from flows.collectors.robots import HostRules, Robots, host_rules
from transforms.params import Crawl
from transforms.records import Reason

NOW = datetime(2024, 7, 1, 6, 0, tzinfo=UTC)
A, B = "http://a.example/1", "http://a.example/2"
ROBOTS_DOWN = FetchFailure(reason=Reason.SERVER_ERROR, status=503, detail="robots.txt: HTTP 503", of_robots=True)


def page(url: str = A) -> FetchResult:
    return FetchResult(requested_url=url, final_url=url, status=200, body=b"page", fetched_at=NOW)


def status(number: int, retry_after: float | None = None) -> FetchFailure:
    return FetchFailure(reason=status_reason(number), status=number, retry_after=retry_after)


def fault(reason: Reason) -> FetchFailure:
    return FetchFailure(reason=reason)


@dataclass
class Outlet:
    """An outlet that answers by a script (the last answer stands for all later ones), and the clock by which it is asked."""

    script: Sequence[FetchResult | FetchFailure]
    retries: int = 1
    delay: float = 2.0
    seed: str = "run outlet"
    rules_text: bytes = b""
    robots: FetchFailure | None = None
    now: float = 0.0
    asked: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        crawl = Crawl(delay_seconds=self.delay, retries=self.retries)
        self.pace = Pace(timer=lambda: self.now, sleep=self._sleep)
        self.client = OutletClient(
            cast("Client", self),
            cast("Robots", self),
            self.pace,
            crawl,
            lambda: NOW + timedelta(seconds=self.now),
            Random(self.seed),
        )

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds

    # what the client is asked

    async def fetch(
        self, url: str, *, max_bytes: int, timeout: float, headers: Mapping[str, str], permit: Permit, turn: Turn
    ) -> FetchResult | FetchFailure:
        refused = await permit(url)
        if refused is not None:
            return replace(refused, final_url=url)
        async with turn(url):
            answer = self.script[min(len(self.asked), len(self.script) - 1)]
            self.asked.append((round(self.now, 3), url))
        return replace(answer, final_url=url)

    async def rules(self, url: str, *, timeout: float, delay: float) -> HostRules:
        return host_rules(self.rules_text)

    async def permit(self, url: str, *, timeout: float, delay: float) -> FetchFailure | None:
        return self.robots

    # for the tests

    def get(self, *wanted: str, of_article: bool = True) -> list[FetchResult | FetchFailure]:
        async def one_after_another() -> list[FetchResult | FetchFailure]:
            return [await self.client.get(url, 1_000_000, of_article=of_article) for url in wanted]

        return run(one_after_another())

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.asked]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


# ---- what is tried again


@pytest.mark.parametrize(
    "answer",
    [status(429), status(502), status(503), status(504), fault(Reason.CONNECTION), fault(Reason.CUT_SHORT), fault(Reason.DNS_UNAVAILABLE)],
    ids=lambda answer: str(answer.status or answer.reason),
)
def test_what_may_be_gone_in_seconds_is_tried_again(answer: FetchFailure) -> None:
    outlet = Outlet([answer, page()])
    (found,) = outlet.get(A)
    assert isinstance(found, FetchResult)
    assert len(outlet.asked) == 2
    assert outlet.times[1] > 0, "not at once"
    assert outlet.client.stop is None


@pytest.mark.parametrize(
    "answer",
    [
        *(status(number) for number in (400, 401, 403, 404, 410, 418, 451, 500, 501)),
        *(fault(reason) for reason in (Reason.TIMEOUT, Reason.DNS, Reason.TLS, Reason.TLS_CERTIFICATE, Reason.PROTOCOL, Reason.REDIRECTS,
                                       Reason.ADDRESS_REFUSED, Reason.TOO_LARGE, Reason.BAD_ENCODING, Reason.INVALID_URL, Reason.ROBOTS)),
    ],
    ids=lambda answer: str(answer.status or answer.reason),
)  # fmt: skip
def test_what_will_not_be_gone_in_seconds_is_asked_once(answer: FetchFailure) -> None:
    outlet = Outlet([answer, page()], retries=5)
    (found,) = outlet.get(A)
    assert isinstance(found, FetchFailure)
    assert found.reason is answer.reason
    assert len(outlet.asked) == 1


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_there_are_so_many_further_tries_and_no_more(retries: int) -> None:
    outlet = Outlet([status(502)], retries=retries)
    outlet.get(A)
    assert len(outlet.asked) == 1 + retries


def test_waits_grow_and_are_never_shorter_than_the_delay() -> None:
    outlet = Outlet([fault(Reason.CONNECTION)], retries=3, delay=2.0)
    outlet.get(A)
    first, second, third = (later - earlier for earlier, later in zip(outlet.times, outlet.times[1:], strict=False))
    assert 2.0 <= first <= 6.0
    assert 4.0 <= second <= 12.0
    assert 8.0 <= third <= 24.0


def test_chance_spreads_the_waits_and_is_the_same_for_the_same_run() -> None:
    def waits(seed: str) -> list[float]:
        outlet = Outlet([fault(Reason.CONNECTION)], retries=3, seed=seed)
        outlet.get(A)
        return outlet.times

    assert waits("one run, daily") == waits("one run, daily")
    assert len({tuple(waits(f"one run, outlet {n}")) for n in range(5)}) == 5


def test_no_wait_is_longer_than_what_counts_as_long() -> None:
    outlet = Outlet([fault(Reason.CONNECTION)], retries=5, delay=30.0)
    outlet.get(A)
    assert max(later - earlier for earlier, later in zip(outlet.times, outlet.times[1:], strict=False)) <= LONG_WAIT


# ---- Retry-After


@pytest.mark.parametrize("number", [429, 503])
def test_a_short_retry_after_is_waited_for(number: int) -> None:
    outlet = Outlet([status(number, 40.0), page()])
    (found,) = outlet.get(A)
    assert isinstance(found, FetchResult)
    assert outlet.times == [0.0, 40.0]
    assert (outlet.client.stop, outlet.client.retry_at) == (None, None)


def test_it_holds_for_the_next_page_too() -> None:
    outlet = Outlet([status(503, 40.0), page()], retries=0)
    outlet.get(A, B)
    assert outlet.asked == [(0.0, A), (40.0, B)]


@pytest.mark.parametrize("number", [429, 503])
def test_a_long_retry_after_ends_the_outlets_pass_and_is_kept(number: int) -> None:
    outlet = Outlet([status(number, 3600.0), page()], retries=3)
    outlet.get(A)
    assert len(outlet.asked) == 1
    assert outlet.client.stop is Reason.RATE_LIMITED
    assert outlet.client.retry_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("seconds", [8 * 86_400.0, 999_999_999.0, 2.5e11])
def test_a_week_is_the_longest_that_is_believed(seconds: float) -> None:
    outlet = Outlet([status(503, seconds)])
    outlet.get(A)
    assert outlet.client.retry_at == NOW + MAX_HOLD == NOW + timedelta(days=7)


def test_a_retry_after_of_another_status_means_nothing() -> None:
    outlet = Outlet([status(404, 3600.0), page()])
    outlet.get(A, B)
    assert outlet.times == [0.0, 2.0]
    assert outlet.client.stop is None


def test_robots_txt_may_ask_us_to_come_back_as_well() -> None:
    outlet = Outlet([page()], robots=replace(ROBOTS_DOWN, retry_after=7200.0))
    outlet.get(A)
    assert outlet.asked == []
    assert (outlet.client.stop, outlet.client.retry_at) == (Reason.RATE_LIMITED, NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ({"retry_after": "7200"}, NOW + timedelta(hours=2)),
        ({"retry_after": "Mon, 01 Jul 2024 09:00:00 GMT"}, NOW + timedelta(hours=3)),
        ({"retry_after": "Mon, 01 Jul 2024 09:00:00 GMT", "date": "Mon, 01 Jul 2024 08:00:00 GMT"}, NOW + timedelta(hours=1)),
        ({"retry_after": "Wed, 01 Jan 2099 00:00:00 GMT"}, NOW + timedelta(days=7)),
        ({"retry_after": "30"}, None),
        ({"retry_after": "Mon, 01 Jul 2024 06:00:30 GMT"}, None),
        ({"retry_after": "Mon, 01 Jul 2024 05:00:00 GMT"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_both_forms_as_a_server_sends_them(headers: dict[str, str], at: datetime | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    async def ask(url: str) -> OutletClient:
        pace = Pace(timer=lambda: now[0], sleep=sleep)
        async with Client(agent="Frontrunner/0", allow_private=True, clock=lambda: NOW) as client:
            asking = OutletClient(client, Robots(client, pace), pace, Crawl(delay_seconds=0.0), lambda: NOW, Random(1))
            await asking.get(url, 1_000_000)
            return asking

    with HostileServer({"/a": hostile.answer(status="503 Busy", **headers)}) as server:
        client = run(ask(server.url("/a")))
        assert server.asked("/a") == (1 if at else 2)
    assert client.retry_at == at
    assert (client.stop is None) == (at is None)
    assert now[0] == (30.0 if headers.get("retry_after") in {"30", "Mon, 01 Jul 2024 06:00:30 GMT"} else 0.0)


# ---- "too many requests", and faults in a row


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_too_many_requests_twice_without_a_time_is_a_plain_word(retries: int) -> None:
    outlet = Outlet([status(429)], retries=retries)
    outlet.get(A)
    assert outlet.client.stop is None
    outlet.get(B)
    assert outlet.client.stop is Reason.RATE_LIMITED
    assert outlet.client.retry_at is None, "no time was named: the next pass may ask"
    assert len(outlet.asked) == retries + 2


def test_an_answer_in_between_is_no_row() -> None:
    outlet = Outlet([status(429), page(), status(429), page()], retries=0)
    outlet.get(*[A, B] * 4)
    assert outlet.client.stop is None


def test_whoever_says_so_is_asked_more_slowly_from_then_on() -> None:
    outlet = Outlet([status(429), page()], retries=0, delay=2.0)
    outlet.get(A, A, A, A)
    first, *others = (later - earlier for earlier, later in zip(outlet.times, outlet.times[1:], strict=False))
    assert first > others[0]
    assert others == [4.0, 4.0]


@pytest.mark.parametrize("answer", [fault(Reason.TIMEOUT), fault(Reason.CONNECTION), fault(Reason.TLS), status(503)], ids=str)
def test_an_outlet_whose_articles_keep_failing_is_left_alone(answer: FetchFailure) -> None:
    outlet = Outlet([answer], retries=0)
    outlet.get(*[A] * (FAULTS_IN_A_ROW - 1))
    assert outlet.client.stop is None
    outlet.get(A)
    assert outlet.client.stop is Reason.OUTLET_UNAVAILABLE


@pytest.mark.parametrize("answer", [status(404), status(500), status(403), fault(Reason.CUT_SHORT), fault(Reason.TOO_LARGE)], ids=str)
def test_faults_of_single_pages_are_not_the_outlets(answer: FetchFailure) -> None:
    outlet = Outlet([answer], retries=0)
    outlet.get(*[A] * 3 * FAULTS_IN_A_ROW)
    assert outlet.client.stop is None


def test_faults_of_feeds_are_not_counted_since_a_feed_may_be_on_another_host() -> None:
    outlet = Outlet([fault(Reason.TIMEOUT)], retries=0)
    outlet.get(*[A] * 3 * FAULTS_IN_A_ROW, of_article=False)
    assert outlet.client.stop is None


def test_one_page_that_comes_ends_the_row() -> None:
    outlet = Outlet([*[fault(Reason.TIMEOUT)] * (FAULTS_IN_A_ROW - 1), page(), *[fault(Reason.TIMEOUT)] * (FAULTS_IN_A_ROW - 1)], retries=0)
    outlet.get(*[A] * (2 * FAULTS_IN_A_ROW - 1))
    assert outlet.client.stop is None


# ---- robots.txt


def test_robots_that_cannot_be_read_are_not_tried_again_and_again() -> None:
    outlet = Outlet([page()], retries=5, robots=ROBOTS_DOWN)
    (found,) = outlet.get(A)
    assert isinstance(found, FetchFailure)
    assert found.of_robots
    assert (outlet.asked, outlet.now) == ([], 0.0)


def test_what_robots_txt_forbids_says_nothing_about_the_host() -> None:
    forbidden = Outlet([page()], retries=5, robots=FetchFailure(reason=Reason.ROBOTS))
    forbidden.get(*[A] * 20)
    assert forbidden.client.stop is None
    assert forbidden.asked == []


@pytest.mark.parametrize(("rules", "gap"), [(b"", 2.0), (b"User-agent: *\nCrawl-delay: 7", 7.0), (b"User-agent: *\nCrawl-delay: 1", 2.0)])
def test_the_longer_of_our_delay_and_the_hosts_is_kept(rules: bytes, gap: float) -> None:
    outlet = Outlet([page()], rules_text=rules)
    outlet.get(A, B)
    assert outlet.times == [0.0, gap]


# ---- the unexpected


def test_a_fault_of_our_own_is_that_pages_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    outlet = Outlet([page()])

    async def broken(*_: Any, **__: Any) -> FetchResult:
        raise KeyError("a bug")

    outlet.fetch = broken  # type: ignore[method-assign]
    (found,) = outlet.get(A)
    assert isinstance(found, FetchFailure)
    assert (found.reason, "KeyError" in found.detail) == (Reason.PROTOCOL, True)
    assert "Traceback" in caplog.text
