"""The scheduler by a clock of its own: nothing here waits in earnest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from flows.collectors.pace import MAX_SLOWING, Pace

A, B, C = "http://a.example/1", "http://b.example/1", "http://c.example/1"


class Clock:
    """Time that stands still until everybody sleeps, and then goes on to the first who wakes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, len(self.sleepers), future))
        await future

    async def run(self, *work: Coroutine[Any, Any, Any]) -> None:
        """All the work, side by side, begun in the order given."""
        tasks = [asyncio.ensure_future(each) for each in work]
        for _ in range(10_000):
            for _ in range(20):  # everybody gets as far as is possible at this instant
                await asyncio.sleep(0)
            if all(task.done() for task in tasks):
                break
            self.sleepers.sort(key=lambda entry: entry[:2])
            assert self.sleepers, "everybody waits for somebody else"
            self.now, _, future = self.sleepers.pop(0)
            future.set_result(None)
        for task in tasks:
            task.result()


class Newsroom:
    """Requests through one pace, and when they began and ended."""

    def __init__(self, parallel: int | None = None) -> None:
        self.clock = Clock()
        self.pace = Pace(parallel=parallel, timer=self.clock, sleep=self.clock.sleep)
        self.began: list[tuple[float, str]] = []
        self.ended: list[tuple[float, str]] = []
        self.in_flight = self.most = 0

    async def ask(self, url: str, *, delay: float = 0.0, lasts: float = 0.0, then: Callable[[], None] | None = None) -> None:
        async with self.pace.turn(url, delay):
            self.began.append((self.clock.now, url))
            self.in_flight += 1
            self.most = max(self.most, self.in_flight)
            if lasts:
                await self.clock.sleep(lasts)
            self.in_flight -= 1
        self.ended.append((self.clock.now, url))
        if then is not None:
            then()

    async def later(self, seconds: float, what: Callable[[], Awaitable[None] | None]) -> None:
        await self.clock.sleep(seconds)
        done = what()
        if done is not None:
            await done

    def play(self, *work: Coroutine[Any, Any, Any]) -> Newsroom:
        asyncio.run(self.clock.run(*work))
        return self


def test_the_delay_is_from_start_to_start() -> None:
    room = Newsroom()
    room.play(*(room.ask(f"http://a.example/{n}", delay=2.0, lasts=0.5) for n in range(3)))
    assert [at for at, _ in room.began] == [0.0, 2.0, 4.0]


def test_one_request_at_a_time_to_a_host_however_long_it_takes() -> None:
    room = Newsroom()
    room.play(*(room.ask(A, delay=2.0, lasts=5.0) for _ in range(3)))
    assert [at for at, _ in room.began] == [0.0, 5.0, 10.0]
    assert room.most == 1


def test_first_come_first_served() -> None:
    room = Newsroom()
    asked = [f"http://a.example/{n}" for n in range(20)]
    room.play(*(room.ask(url, delay=1.0) for url in asked))
    assert [url for _, url in room.began] == asked


def test_hosts_do_not_wait_for_one_another() -> None:
    room = Newsroom()
    room.play(room.ask(A, lasts=60.0), room.ask(B, lasts=1.0), room.ask(C), room.ask(B))
    assert room.began == [(0.0, A), (0.0, B), (0.0, C), (1.0, B)]


@pytest.mark.parametrize("same", ["http://A.example/2", "http://user:secret@a.example/2", "https://a.example/2"])
def test_a_host_is_a_host_however_it_is_written(same: str) -> None:
    room = Newsroom()
    room.play(room.ask(A, delay=3.0), room.ask(same, delay=3.0))
    assert [at for at, _ in room.began] == [0.0, 3.0]


def test_no_more_requests_in_flight_than_allowed() -> None:
    room = Newsroom(parallel=3)
    room.play(*(room.ask(f"http://h{n}.example/", lasts=1.0) for n in range(9)))
    assert room.most == 3
    assert [at for at, _ in room.began] == [0.0] * 3 + [1.0] * 3 + [2.0] * 3


def test_a_host_that_waits_for_its_delay_holds_no_place() -> None:
    room = Newsroom(parallel=1)
    room.play(room.ask(A, delay=10.0), room.ask(A, delay=10.0), *(room.ask(B, lasts=1.0) for _ in range(5)))
    assert [(at, url) for at, url in room.began if url == B] == [(float(n), B) for n in range(5)]
    assert [at for at, url in room.began if url == A] == [0.0, 10.0]


def test_a_large_outlet_takes_no_more_places_than_a_small_one() -> None:
    room = Newsroom(parallel=2)
    room.play(*(room.ask(A, lasts=1.0) for _ in range(10)), room.ask(B, lasts=1.0), room.ask(C, lasts=1.0), room.ask(B, lasts=1.0))
    assert max(at for at, url in room.began if url in {B, C}) <= 2.0
    assert [at for at, url in room.began if url == A][:2] == [0.0, 1.0]


def test_places_go_to_those_who_came_first() -> None:
    room = Newsroom(parallel=1)
    urls = [f"http://h{n}.example/" for n in range(6)]
    room.play(*(room.ask(url, lasts=1.0) for url in urls))
    assert [url for _, url in room.began] == urls


def test_a_host_is_left_alone_for_as_long_as_it_asked() -> None:
    room = Newsroom()
    room.play(
        room.ask(A, delay=1.0, then=lambda: room.pace.hold(A, 30.0)),
        room.later(2.0, lambda: room.ask(A)),
        room.later(2.0, lambda: room.ask(B)),
    )
    assert room.began == [(0.0, A), (2.0, B), (30.0, A)]


def test_that_holds_for_those_who_wait_already() -> None:
    room = Newsroom()
    room.play(room.ask(A, delay=5.0), room.ask(A, delay=5.0), room.later(2.0, lambda: room.pace.hold(A, 60.0)))
    assert [at for at, _ in room.began] == [0.0, 62.0]


def test_a_shorter_hold_does_not_undo_a_longer_one() -> None:
    room = Newsroom()
    room.pace.hold(A, 30.0)
    room.pace.hold(A, 5.0)
    room.play(room.ask(A))
    assert room.began == [(30.0, A)]


def test_slowing_down_doubles_the_delay_up_to_a_limit() -> None:
    room = Newsroom()
    gaps = []
    for _ in range(6):
        start = room.clock.now
        room.play(room.ask(A, delay=2.0), room.ask(A, delay=0.0))
        gaps.append(room.clock.now - start)
        room.pace.slow_down(A)
    assert gaps == [2.0, 4.0, 8.0, 16.0, 2.0 * MAX_SLOWING, 2.0 * MAX_SLOWING]


def test_slowing_down_is_for_one_host() -> None:
    room = Newsroom()
    room.pace.slow_down(A)
    room.play(room.ask(B, delay=2.0), room.ask(B, delay=2.0))
    assert [at for at, _ in room.began] == [0.0, 2.0]


def test_a_request_that_breaks_off_gives_back_its_turn_and_its_place() -> None:
    room = Newsroom(parallel=1)

    async def broken() -> None:
        with pytest.raises(RuntimeError, match="a bug"):
            async with room.pace.turn(A, 1.0):
                raise RuntimeError("a bug")

    room.play(broken(), room.ask(B), room.ask(A))
    assert room.began == [(0.0, B), (1.0, A)]


def test_one_who_gives_up_waiting_leaves_the_queue() -> None:
    room = Newsroom(parallel=1)

    async def impatient() -> None:
        task = asyncio.ensure_future(room.ask(A))
        await room.clock.sleep(1.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    room.play(room.ask(A, lasts=3.0), impatient(), room.ask(A), room.ask(B))
    assert [url for _, url in room.began].count(A) == 2
    assert (3.0, B) in room.began or (0.0, B) in room.began
