"""A collection pass against a newsroom of bad servers: each item ends once, with the reason it deserves, and the healthy lose nothing."""

from __future__ import annotations

import gzip
import logging
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import hostile_server as hostile
import pytest
from collect_fixtures import NOW, PAGE, Run, feed, outlet, rss, waiting, without_proxies
from hostile_server import Behaviour, HostileServer

from flows.collectors import collect as collecting
from flows.collectors import sources
from flows.collectors.archive import ArchivedPage, read_response
from flows.collectors.archive_writer import ArchiveWriter
from flows.collectors.journal import FETCH_KEYS, ITEM_KEYS, POLL_KEYS
from transforms import urls
from transforms.known import KnownItems
from transforms.records import CollectionState, Reason, SourceState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)


def test_a_feed_becomes_archived_pages_and_complete_events(tmp_path: Path) -> None:
    with HostileServer(
        {"/feed": feed("/a", "b?utm_source=rss"), "/a": hostile.zipped(PAGE), "/b?utm_source=rss": hostile.chunked(PAGE)}
    ) as server:
        run = Run(tmp_path, [outlet(server)])
        poll, fetch = run.polls[0], run.fetches[0]
        assert tuple(poll) == POLL_KEYS
        assert tuple(fetch) == FETCH_KEYS
        assert tuple(poll["items"][0]) == ITEM_KEYS
        assert (poll["result"], poll["listed"], poll["known"], poll["http_status"]) == ("ok", 2, 0, 200)
        assert poll["polled_at"] == "2024-07-01T06:00:00.000000Z"
        assert poll["oldest_listed_at"] == poll["newest_listed_at"] == "2024-07-01T05:00:00.000000Z"
        assert run.ends() == {"/a": ("fetched", None), "/b?utm_source=rss": ("fetched", None)}
        assert (fetch["attempt"], fetch["payload_bytes"], fetch["final_url"]) == (1, len(PAGE), server.url("/a"))
        page = run.page("/a")
        assert (page.content, page.url, page.record_id) == (PAGE, server.url("/a"), fetch["record_id"])
        assert isinstance(read_response(tmp_path / poll["warc_file"], poll["warc_offset"]), ArchivedPage)
        assert (run.summary.polls_ok, run.summary.items_new, run.summary.items_fetched) == (1, 2, 2)
        assert run.summary.results == {"fetched": 2}


BAD_FEEDS: dict[str, tuple[Behaviour, Reason]] = {
    "html": (hostile.answer("<!doctype html><html><body><p>Welcome</p></body></html>"), Reason.NOT_A_FEED),
    "html-as-rss": (hostile.answer("<html><rss/></html>", "application/rss+xml"), Reason.NOT_A_FEED),
    "json": (hostile.answer('{"error": "no"}', "application/json"), Reason.NOT_A_FEED),
    "nothing": (hostile.answer(b"", "application/rss+xml"), Reason.NOT_A_FEED),
    "empty": (feed(), Reason.EMPTY_FEED),
    "missing": (hostile.answer(status="404 Not Found"), Reason.NOT_FOUND),
    "broken": (hostile.answer(status="500 Oh"), Reason.SERVER_ERROR),
    "silent": (hostile.silent, Reason.TIMEOUT),
    "cut": (hostile.cut(rss("/a")[:80], 5000), Reason.CUT_SHORT),
    "huge": (hostile.answer(b"x" * 50_000_000), Reason.TOO_LARGE),
    "endless": (hostile.endless(), Reason.TOO_LARGE),
    "circle": (hostile.redirect("/feed"), Reason.REDIRECTS),
    "metadata": (hostile.redirect("http://169.254.169.254/latest/meta-data/"), Reason.ADDRESS_REFUSED),
    "bomb": (hostile.answer(gzip.compress(b" " * 60_000_000), content_encoding="gzip"), Reason.TOO_LARGE),
    "reset": (hostile.reset, Reason.CONNECTION),
    "not-http": (hostile.raw(b"220 smtp ready\r\n\r\n"), Reason.PROTOCOL),
    "unasked-304": (hostile.answer(status="304 Not Modified"), Reason.HTTP_STATUS),
    "robots-down": (feed("/a"), Reason.SERVER_ERROR),
    "robots-no": (feed("/a"), Reason.ROBOTS),
}
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]>
<rss version="2.0"><channel><item><title>&h;</title><link>/a</link></item></channel></rss>"""


def test_the_healthy_outlet_loses_nothing_beside_every_bad_one(tmp_path: Path) -> None:
    with ExitStack() as stack:
        healthy = stack.enter_context(HostileServer({"/feed": feed("/1", "/2", "/3")} | {f"/{n}": hostile.answer(PAGE) for n in (1, 2, 3)}))
        outlets, expected = [outlet(healthy, "healthy")], {"healthy": ("ok", None)}
        for name, (behaviour, reason) in BAD_FEEDS.items():
            server = stack.enter_context(HostileServer({"/feed": behaviour}))
            if name == "robots-down":
                server.routes["/robots.txt"] = hostile.answer(status="503 Busy")
            if name == "robots-no":
                server.routes["/robots.txt"] = hostile.answer("User-agent: *\nDisallow: /", "text/plain")
            outlets.append(outlet(server, name, crawl={"timeout_seconds": 0.5 if name == "silent" else 10.0}))
            expected[name] = ("failed", reason)
        laughing = stack.enter_context(HostileServer({"/feed": hostile.answer(LAUGHS, "text/xml"), "/a": hostile.answer(PAGE)}))
        outlets.append(outlet(laughing, "laughs"))
        run = Run(tmp_path, outlets)
    found = {poll["outlet_id"]: (poll["result"], poll["reason"]) for poll in run.polls}
    assert found.pop("laughs") in {("ok", None), ("failed", "not_a_feed")}
    assert found == expected
    assert {f["url"][-2:] for f in run.fetches if f["outlet_id"] == "healthy" and f["result"] == "fetched"} == {"/1", "/2", "/3"}
    assert not run.summary.broken


BAD_PAGES: dict[str, tuple[Behaviour, str, Reason | None]] = {
    "/ok": (hostile.answer(PAGE), "fetched", None),
    "/wrong-charset": (hostile.answer("Łódź żółć".encode("iso-8859-2"), "text/html; charset=utf-8"), "fetched", None),
    "/pdf": (hostile.answer(b"%PDF-1.7", "application/pdf"), "fetched", None),  # processing says not_html: nothing fetched is thrown away
    "/gone": (hostile.answer(status="410 Gone"), "failed", Reason.NOT_FOUND),
    "/wall": (hostile.answer(status="403 No"), "failed", Reason.FORBIDDEN),
    "/large": (hostile.answer(b"x" * 50_000_000), "failed", Reason.TOO_LARGE),
    "/bomb": (hostile.answer(gzip.compress(b" " * 60_000_000), content_encoding="gzip"), "failed", Reason.TOO_LARGE),
    "/circle": (hostile.redirect("/circle"), "failed", Reason.REDIRECTS),
    "/metadata": (hostile.redirect("http://169.254.169.254/"), "failed", Reason.ADDRESS_REFUSED),
    "/cut": (hostile.cut(PAGE, 9999), "deferred", Reason.CUT_SHORT),
    "/reset": (hostile.reset, "deferred", Reason.CONNECTION),
    "/between": (hostile.answer(PAGE), "fetched", None),
    "/silent": (hostile.silent, "deferred", Reason.TIMEOUT),
    "/error": (hostile.answer(status="502 Oh"), "deferred", Reason.SERVER_ERROR),
}


def test_each_page_ends_as_it_deserves(tmp_path: Path) -> None:
    with HostileServer({"/feed": feed(*BAD_PAGES)} | {path: behaviour for path, (behaviour, _, _) in BAD_PAGES.items()}) as server:
        run = Run(tmp_path, [outlet(server, crawl={"timeout_seconds": 1.0})])
    assert run.ends() == {path: (result, reason) for path, (_, result, reason) in BAD_PAGES.items()}
    assert {fetch["attempt"] for fetch in run.fetches} == {1}
    assert run.page("/wrong-charset").content == "Łódź żółć".encode("iso-8859-2")


def test_links_that_are_not_asked_for(tmp_path: Path) -> None:
    links = ("/a", "https://elsewhere.example/x", "mailto:desk@example.org", "/shop/1", "/private/1", "/moves")
    with HostileServer({"/feed": feed(*links), "/a": hostile.answer(PAGE)}) as server, HostileServer({"/x": hostile.answer(PAGE)}) as other:
        server.routes["/robots.txt"] = hostile.answer("User-agent: *\nDisallow: /private/", "text/plain")
        server.routes["/moves"] = hostile.redirect(other.url("/x"))
        run = Run(tmp_path, [outlet(server, crawl={"exclude_paths": ["/shop/"]})])
        assert [server.asked(path) for path in ("/shop/1", "/private/1", "/a")] == [0, 0, 1]
    assert run.polls[0]["listed"] == 5
    assert {(f["result"], f["reason"]) for f in run.fetches} == {
        ("fetched", None), ("rejected", "off_site"), ("rejected", "invalid_url"), ("rejected", "excluded"), ("rejected", "robots"),
    }  # fmt: skip
    moved = next(f for f in run.fetches if f["url"].endswith("/moves"))
    assert (moved["reason"], moved["redirects"], moved["final_url"]) == ("off_site", 1, other.url("/x"))


def test_what_is_known_or_not_due_is_not_asked_again(tmp_path: Path) -> None:
    with HostileServer({"/feed": hostile.conditional(rss("/a", "/b"), "application/rss+xml", '"1"'), "/b": hostile.answer(PAGE)}) as server:
        one = outlet(server, crawl={"poll_minutes": 60})
        key = ("daily", server.url("/feed"))
        long_ago = SourceState(last_polled_at=NOW - timedelta(hours=7), last_answered_at=NOW - timedelta(hours=8))
        known = {"daily": KnownItems.of([(urls.item_id("daily", server.url("/a")), NOW - timedelta(hours=8))])}
        first = Run(tmp_path, [one], CollectionState(known=known, sources={key: long_ago}))
        assert (first.polls[0]["listed"], first.polls[0]["known"], len(first.fetches), first.polls[0]["etag"]) == (2, 1, 1, '"1"')
        found_since = {"daily": KnownItems.of([(urls.item_id("daily", server.url("/a")), NOW - timedelta(hours=7))])}
        meanwhile = Run(tmp_path, [one], CollectionState(known=found_since, sources={key: long_ago}), run_id="3" * 16)
        assert meanwhile.polls[0]["known"] == 0, "another source found it after this one's last answer: that closes no gap"
        an_hour_ago = SourceState(last_polled_at=NOW - timedelta(hours=1), etag='"1"')
        second = Run(tmp_path, [one], CollectionState(sources={key: an_hour_ago}), run_id="2" * 16)
        assert [(p["result"], p["http_status"], p["etag"], p["warc_file"]) for p in second.polls] == [("not_modified", 304, '"1"', None)]
        for last in (NOW - timedelta(minutes=59), NOW + timedelta(days=1)):
            assert Run(tmp_path, [one], CollectionState(sources={key: SourceState(last_polled_at=last)}), run_id="3" * 16).events == []
        assert server.asked("/a") == 0


def test_waiting_items_are_tried_until_their_attempts_are_used_up(tmp_path: Path) -> None:
    with HostileServer(
        {"/late": hostile.answer(PAGE), "/bad": hostile.answer(status="500 Oh"), "/last": hostile.answer(status="500 Oh")}
    ) as server:
        items = (
            waiting(server, "/late", attempts=2), waiting(server, "/bad", attempts=1), waiting(server, "/last", attempts=2),
            waiting(server, "/tomorrow", seen=NOW + timedelta(days=1)),
        )  # fmt: skip
        run = Run(tmp_path, [outlet(server, feeds=[])], CollectionState(pending={"daily": items}))
    assert [(f["result"], f["reason"], f["attempt"]) for f in run.fetches] == [
        ("fetched", None, 3), ("deferred", "server_error", 2), ("failed", "server_error", 3),
    ]  # fmt: skip


def test_an_outlet_that_keeps_failing_is_left_alone(tmp_path: Path) -> None:
    paths = [f"/{n}" for n in range(8)]
    with HostileServer({"/feed": feed(*paths)} | {path: hostile.answer(status="503 Oh") for path in paths}) as server:
        run = Run(tmp_path, [outlet(server)])
        assert sum(server.asked(path) for path in paths) == 10  # each of five a second time within the run
    assert [(f["reason"], f["attempt"]) for f in run.fetches] == [("server_error", 1)] * 5 + [("outlet_unavailable", 0)] * 3


def test_errors_of_single_pages_do_not_speak_for_the_outlet(tmp_path: Path) -> None:
    paths = [f"/{n}" for n in range(8)]
    with HostileServer({"/feed": feed(*paths)} | {path: hostile.answer(status="500 Oh") for path in paths}) as server:
        run = Run(tmp_path, [outlet(server)])
    assert [f["reason"] for f in run.fetches] == ["server_error"] * 8


def test_a_long_retry_after_ends_the_outlets_pass(tmp_path: Path) -> None:
    with HostileServer({"/feed": feed("/a", "/b"), "/a": hostile.answer(status="429 Slow", retry_after="3600")}) as server:
        run = Run(tmp_path, [outlet(server)])
        assert server.asked("/b") == 0
    assert [(f["result"], f["reason"], f["attempt"]) for f in run.fetches] == [
        ("deferred", "rate_limited", 1),
        ("deferred", "rate_limited", 0),
    ]


def test_one_run_takes_a_limited_number(tmp_path: Path) -> None:
    with HostileServer({"/feed": feed("/a", "/b", "/c")} | {p: hostile.answer(PAGE) for p in ("/a", "/b", "/c", "/old")}) as server:
        pending = {"daily": (waiting(server, "/old"),)}
        run = Run(tmp_path, [outlet(server, crawl={"max_items_per_run": 2})], CollectionState(pending=pending))
    assert run.ends() == {
        "/old": ("fetched", None),
        "/a": ("fetched", None),
        "/b": ("deferred", "run_limit"),
        "/c": ("deferred", "run_limit"),
    }


def test_what_waits_already_is_not_noted_again(tmp_path: Path) -> None:
    with HostileServer({"/feed": feed("/new"), "/a": hostile.answer(PAGE), "/new": hostile.answer(PAGE)}) as server:
        items = tuple(replace(waiting(server, path), was_deferred=True) for path in ("/a", "/b", "/c"))
        run = Run(tmp_path, [outlet(server, crawl={"max_items_per_run": 1})], CollectionState(pending={"daily": items}))
        assert run.ends() == {"/a": ("fetched", None), "/new": ("deferred", "run_limit")}, "a new item always ends"
        server.routes["/robots.txt"] = hostile.answer(status="503 Busy")
        again = Run(tmp_path, [outlet(server, feeds=[])], CollectionState(pending={"daily": items}), run_id="2" * 16)
    assert again.fetches == []


def test_robots_that_cannot_be_read_let_items_wait_without_using_up_attempts(tmp_path: Path) -> None:
    with HostileServer({"/robots.txt": hostile.answer(status="503 Busy"), "/a": hostile.answer(PAGE)}) as server:
        run = Run(tmp_path, [outlet(server, feeds=[])], CollectionState(pending={"daily": (waiting(server, "/a", attempts=2),)}))
        assert (server.asked("/a"), server.asked("/robots.txt")) == (0, 1)
    assert [(f["result"], f["reason"], f["attempt"]) for f in run.fetches] == [("deferred", "outlet_unavailable", 2)]


def sitemap(*paths: str) -> bytes:
    places = "".join(f"<url><loc>{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'.encode()


def test_a_sitemap_index_is_one_poll(tmp_path: Path) -> None:
    with HostileServer({"/new.xml.gz": hostile.answer(gzip.compress(sitemap("/a", "/b")), "application/gzip")}) as server:
        children = f"<sitemap><loc>{server.url('/gone.xml')}</loc></sitemap><sitemap><loc>{server.url('/new.xml.gz')}</loc></sitemap>"
        index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>'
        server.routes |= {
            "/index.xml": hostile.answer(index, "text/xml", etag='"i"'),
            "/a": hostile.answer(PAGE),
            "/b": hostile.answer(PAGE),
        }
        run = Run(tmp_path, [outlet(server, feeds=[], sitemaps=[server.url("/index.xml")])])
    poll = run.polls[0]
    assert (poll["result"], poll["source_kind"], poll["listed"], poll["etag"]) == ("ok", "sitemap", 2, None)
    assert "1 of 2 sitemaps read" in poll["detail"]
    assert "not_found" in poll["detail"]
    assert run.ends() == {"/a": ("fetched", None), "/b": ("fetched", None)}


def test_the_same_link_in_two_sources_is_one_item(tmp_path: Path) -> None:
    with HostileServer({"/feed": feed("/a", "/a#top"), "/feed2": feed("/a?utm_medium=x"), "/a": hostile.answer(PAGE)}) as server:
        run = Run(tmp_path, [outlet(server, feeds=[server.url("/feed"), server.url("/feed2")])])
        assert server.asked("/a") == 1
    assert [(len(p["items"]), p["known"]) for p in run.polls] == [(1, 0), (0, 0)]


def test_a_fault_of_our_own_stays_in_its_outlet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    real = sources.discover.read_feed

    def breaks(content: bytes, content_type: str | None, base_url: str) -> object:
        if b"/poison" in content:
            raise KeyError("a bug")
        return real(content, content_type, base_url)

    monkeypatch.setattr(sources.discover, "read_feed", breaks)
    with (
        HostileServer({"/feed": feed("/poison")}) as bad,
        HostileServer({"/feed": feed("/a"), "/a": hostile.answer(PAGE)}) as good,
        caplog.at_level(logging.ERROR),
    ):
        run = Run(tmp_path, [outlet(bad, "bad"), outlet(good, "good")])
    assert {poll["outlet_id"]: poll["result"] for poll in run.polls} == {"bad": "failed", "good": "ok"}
    assert "KeyError" in run.polls[0]["detail"] + run.polls[1]["detail"]
    assert "Traceback" in caplog.text
    assert run.ends() == {"/a": ("fetched", None)}


def test_a_full_disk_stops_the_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: ArchiveWriter, *_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ArchiveWriter, "write", full)
    with HostileServer({"/feed": feed("/a")}) as server, pytest.raises(OSError, match="No space left"):
        Run(tmp_path, [outlet(server)])


def test_the_host_is_left_its_time_between_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    now = [0.0]

    async def sleep(seconds: float) -> None:
        waits.append(round(seconds, 3))
        now[0] += seconds

    pace = collecting.Pace(timer=lambda: now[0], sleep=sleep)
    monkeypatch.setattr(collecting, "Pace", lambda **_: pace)
    with HostileServer({"/feed": feed("/a", "/b"), "/a": hostile.answer(PAGE), "/b": hostile.answer(PAGE)}) as server:
        Run(tmp_path, [outlet(server, crawl={"delay_seconds": 2.0})])
        assert waits == [2.0, 2.0, 2.0]  # robots.txt, feed, a, b
        waits.clear()
        server.routes["/robots.txt"] = hostile.answer("User-agent: *\nCrawl-delay: 7", "text/plain")
        now[0] += 100
        Run(tmp_path, [outlet(server, crawl={"delay_seconds": 2.0})], run_id="5" * 16)
        assert waits == [2.0, 7.0, 7.0]
