"""Where an outlet's articles are looked for: sources that move, die and are found again, that nobody configured; and windows of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import hostile_server as hostile
import pytest
from collect_fixtures import NOW, PAGE, Collecting, Run, feed, outlet, rss, without_proxies
from fastwarc.warc import ArchiveIterator
from hostile_server import Behaviour, HostileServer

from flows.collectors import sources
from flows.collectors.collect import Wish
from transforms import urls
from transforms.feed_health import is_dead
from transforms.known import KnownItems
from transforms.records import CollectionState, SourceKind, SourceState
from transforms.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FRONT = tuple(f"/2024/07/01/council-meets-{word}-and-finds-no-words" for word in ("again", "early", "late"))  # as a home page links them
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUNE = Wish(window=Window(since=date(2024, 6, 1), until=date(2024, 6, 30)))
LONG = b"<html><title>Rutte</title><p>" + b"The secretary general spoke at length. " * 50 + b"</html>"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    """A host with articles and nothing else."""
    with HostileServer({f"/{name}": hostile.answer(PAGE) for name in "abcdefgh"} | {path: hostile.answer(PAGE) for path in FRONT}) as made:
        yield made


@pytest.fixture
def collecting(tmp_path: Path) -> Collecting:
    return Collecting(tmp_path)


def text(body: str) -> Behaviour:
    return hostile.answer(body, "text/plain")


def sitemap(entries: Sequence[str], *, index: bool = False) -> Behaviour:
    """A sitemap, or an index; an entry is ``address`` or ``address lastmod``."""
    name = "sitemap" if index else "url"
    places = ""
    for entry in entries:
        address, _, changed = entry.partition(" ")
        places += f"<{name}><loc>{address}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</{name}>"
    root = "sitemapindex" if index else "urlset"
    return hostile.answer(f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</{root}>', "text/xml")


def news_sitemap(*dated: tuple[str, datetime]) -> Behaviour:
    places = "".join(
        f"<url><loc>{path}</loc><n:news><n:publication_date>{at.isoformat()}</n:publication_date><n:title>T</n:title></n:news></url>"
        for path, at in dated
    )
    named = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    return hostile.answer(f"<urlset {named}>{places}</urlset>", "text/xml")


def home(*paths: str, alternate: str | None = None) -> Behaviour:
    """A home page; headlines long enough to be taken for such."""
    named = f'<link rel="alternate" type="application/rss+xml" title="News" href="{alternate}">' if alternate else ""
    links = "".join(
        f'<li><a href="{path}">The council met again and found no words at all for {number} of its members</a></li>'
        for number, path in enumerate(paths, start=12)
    )
    return hostile.answer(f"<html><head><title>Daily</title>{named}</head><body><main><ul>{links}</ul></main></body></html>")


def told(run: Run) -> list[tuple[str, str, str | None]]:
    """(path, result, reason) of each poll."""
    return [("/" + poll["source_url"].split("/", 3)[-1], poll["result"], poll["reason"]) for poll in run.polls]


def found(run: Run) -> set[str]:
    """Paths of the new items."""
    return {"/" + item["url"].split("/", 3)[-1] for poll in run.polls for item in poll["items"]}


def dead(server: HostileServer, path: str = "/feed", **changes: Any) -> dict[tuple[str, str], SourceState]:
    """A source that died yesterday and is not to be asked before tomorrow."""
    state = SourceState(
        last_polled_at=NOW - DAY, last_answered_at=NOW - 9 * DAY, failures=30, failing=4.0, interval_minutes=60.0, due_at=NOW + DAY
    )
    assert is_dead(state.failures, state.failing)
    return {("daily", server.url(path)): replace(state, **changes)}


# ---- moving


@pytest.mark.parametrize("status", ["301 Moved Permanently", "308 Permanent Redirect"])
def test_a_feed_that_moved_for_good_is_followed_noted_and_asked_there(server: HostileServer, collecting: Collecting, status: str) -> None:
    server.routes |= {"/feed": hostile.redirect("/new", status), "/new": feed("/a")}
    first = collecting.run(outlet(server), NOW)
    assert told(first) == [("/feed", "ok", None)]
    assert first.polls[0]["moved_to"] == server.url("/new")
    assert "moved" in first.polls[0]["detail"]
    server.routes["/new"] = feed("/a", "/b")
    second = collecting.run(outlet(server), NOW + HOUR)
    assert told(second) == [("/feed", "ok", None)], "the record goes on under the configured address"
    assert (server.asked("/feed"), server.asked("/new")) == (1, 2)
    assert (second.polls[0]["known"], found(second)) == (1, {"/b"})
    assert second.polls[0]["moved_to"] == server.url("/new")


def moved(server: HostileServer, collecting: Collecting) -> None:
    server.routes |= {"/feed": hostile.redirect("/new", "301 Moved"), "/new": feed("/a")}
    collecting.run(outlet(server), NOW)
    server.requests.clear()


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "403 Forbidden"])
def test_where_the_new_address_is_gone_the_old_one_is_asked(server: HostileServer, collecting: Collecting, status: str) -> None:
    moved(server, collecting)
    server.routes |= {"/feed": feed("/a", "/b"), "/new": hostile.answer(status=status)}
    back = collecting.run(outlet(server), NOW + HOUR)
    assert (told(back), found(back), back.polls[0]["moved_to"]) == ([("/feed", "ok", None)], {"/b"}, None)
    collecting.run(outlet(server), NOW + 2 * HOUR)
    assert (server.asked("/feed"), server.asked("/new")) == (2, 1), "and stays asked"


def test_a_new_address_that_fails_for_a_moment_is_kept(server: HostileServer, collecting: Collecting) -> None:
    moved(server, collecting)
    server.routes["/new"] = hostile.answer(status="500 Oh")
    failed = collecting.run(outlet(server), NOW + HOUR)
    assert (told(failed), failed.polls[0]["moved_to"]) == ([("/feed", "failed", "server_error")], server.url("/new"))
    assert server.asked("/feed") == 0


def test_a_new_address_that_is_no_feed_any_more_is_given_up_too(server: HostileServer, collecting: Collecting) -> None:
    moved(server, collecting)
    server.routes |= {"/feed": feed("/a", "/b"), "/new": hostile.answer("<!doctype html><html><body>Welcome</body></html>")}
    assert told(collecting.run(outlet(server), NOW + HOUR)) == [("/feed", "failed", "not_a_feed")]
    back = collecting.run(outlet(server), NOW + 2 * HOUR)
    assert (told(back), found(back)) == ([("/feed", "ok", None)], {"/b"})


def test_a_feed_that_moves_on_and_back_is_followed(server: HostileServer, collecting: Collecting) -> None:
    moved(server, collecting)
    server.routes |= {"/new": hostile.redirect("/newer", "308 Moved"), "/newer": feed("/a")}
    assert collecting.run(outlet(server), NOW + HOUR).polls[0]["moved_to"] == server.url("/newer")
    server.routes |= {"/newer": hostile.redirect("/feed", "301 Moved"), "/feed": feed("/a")}
    assert collecting.run(outlet(server), NOW + 2 * HOUR).polls[0]["moved_to"] is None
    server.requests.clear()
    collecting.run(outlet(server), NOW + 3 * HOUR)
    assert (server.asked("/feed"), server.asked("/newer")) == (1, 0)


@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "307 Temporary Redirect"])
def test_a_feed_that_moved_for_now_is_followed_and_not_noted(server: HostileServer, collecting: Collecting, status: str) -> None:
    server.routes |= {"/feed": hostile.redirect("/new", status), "/new": feed("/a")}
    run = collecting.run(outlet(server), NOW)
    assert (told(run), run.polls[0]["moved_to"], found(run)) == ([("/feed", "ok", None)], None, {"/a"})
    collecting.run(outlet(server), NOW + HOUR)
    assert server.asked("/feed") == 2


@pytest.mark.parametrize("steps", [("301 A", "302 B"), ("302 A", "301 B"), ("308 A", "307 B")])
def test_one_step_for_now_makes_the_way_one_for_now(server: HostileServer, collecting: Collecting, steps: tuple[str, str]) -> None:
    server.routes |= {"/feed": hostile.redirect("/between", steps[0]), "/between": hostile.redirect("/new", steps[1]), "/new": feed("/a")}
    run = collecting.run(outlet(server), NOW)
    assert (found(run), run.polls[0]["moved_to"]) == ({"/a"}, None)


def test_a_redirect_to_something_else_is_no_move(server: HostileServer, collecting: Collecting) -> None:
    server.routes |= {"/feed": hostile.redirect("/", "301 Moved"), "/": home("/a")}
    run = collecting.run(outlet(server), NOW)
    assert (told(run), run.polls[0]["moved_to"]) == ([("/feed", "failed", "not_a_feed")], None)


# ---- dying


def test_a_feed_that_is_missing_for_days_dies_and_is_asked_more_rarely(server: HostileServer, collecting: Collecting) -> None:
    asked = []
    for hour in range(0, 14 * 24, 12):
        before = server.asked("/feed")
        collecting.run(outlet(server, crawl={"rediscover": False}), NOW + hour * HOUR)
        if server.asked("/feed") > before:
            asked.append(hour)
    assert [hour for hour in asked if hour <= 72] == list(range(0, 73, 12)), "alive so far"
    later = [hour for hour in asked if hour > 72]
    assert 2 <= len(later) <= 5
    state = collecting.state().sources["daily", server.url("/feed")]
    assert is_dead(state.failures, state.failing)


def test_a_dead_feed_waits_for_its_time_or_for_its_name(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/feed"] = feed("/a")
    state = CollectionState(sources=dead(server))
    waits = Run(tmp_path, [outlet(server)], state)
    assert (waits.polls, waits.summary.not_due, server.asked("/feed")) == ([], 1, 0)
    named = Run(tmp_path, [outlet(server)], state, wish=Wish(named=True), run_id="b" * 16)
    assert (told(named), named.polls[0]["failures"]) == ([("/feed", "ok", None)], 0)
    due = Run(tmp_path, [outlet(server)], state, now=NOW + DAY, run_id="c" * 16)
    assert told(due) == [("/feed", "ok", None)]


def test_only_what_is_due_is_asked_where_that_is_wished(server: HostileServer, tmp_path: Path) -> None:
    server.routes |= {"/feed": feed("/a"), "/other": feed("/b"), "/fresh": feed("/c")}
    last = SourceState(last_polled_at=NOW - HOUR, last_answered_at=NOW - HOUR, interval_minutes=120.0)
    state = CollectionState(
        sources={
            ("daily", server.url("/feed")): replace(last, due_at=NOW + HOUR),
            ("daily", server.url("/other")): replace(last, due_at=NOW),
        }
    )
    one = outlet(server, feeds=[server.url(path) for path in ("/feed", "/other", "/fresh")])
    run = Run(tmp_path, [one], state, wish=Wish(due_only=True))
    assert ([path for path, _, _ in told(run)], run.summary.not_due) == (["/other", "/fresh"], 1)
    usual = Run(tmp_path, [one], state, run_id="b" * 16)
    assert [path for path, _, _ in told(usual)] == ["/feed", "/other", "/fresh"]


# ---- finding again


def test_another_feed_is_found_in_the_place_of_a_dead_one(server: HostileServer, collecting: Collecting, tmp_path: Path) -> None:
    server.routes |= {"/": home("/a", alternate="/found"), "/found": feed("/a", "/b")}
    run = Run(tmp_path / "archive", [outlet(server)], CollectionState(sources=dead(server, due_at=NOW)))
    assert told(run) == [("/feed", "failed", "not_found"), ("/found", "ok", None)]
    assert [poll["stands_for"] for poll in run.polls] == [None, server.url("/feed")]
    assert (found(run), run.ends()["/a"]) == ({"/a", "/b"}, ("fetched", None))


def dying(server: HostileServer, collecting: Collecting) -> datetime:
    """Polls, a day apart, until the feed is dead and something was looked for in its place; the time of the pass after that."""
    for day in range(5):
        collecting.run(outlet(server), NOW + day * DAY)
    state = collecting.state().sources["daily", server.url("/feed")]
    assert is_dead(state.failures, state.failing)
    assert state.due_at is not None
    server.requests.clear()
    return NOW + 4 * DAY + HOUR


def test_what_was_found_is_polled_for_as_long_as_the_other_is_dead(server: HostileServer, collecting: Collecting) -> None:
    server.routes |= {"/": home("/a", alternate="/found"), "/found": feed("/a")}
    later = dying(server, collecting)
    assert collecting.state().sources["daily", server.url("/found")].stands_for == server.url("/feed")
    server.routes["/found"] = feed("/a", "/b")
    run = collecting.run(outlet(server), later)
    assert told(run) == [("/found", "ok", None)], "the dead one is not due"
    assert (run.polls[0]["stands_for"], found(run), run.polls[0]["known"]) == (server.url("/feed"), {"/b"}, 1)
    server.routes["/feed"] = feed("/a", "/b", "/c")
    back = collecting.run(outlet(server), later + 9 * DAY)
    assert told(back)[0] == ("/feed", "ok", None)
    after = collecting.run(outlet(server), later + 9 * DAY + HOUR)
    assert told(after) == [("/feed", "ok", None)], "nobody stands for a feed that answers"
    assert server.asked("/") == 0, "it was looked for once"


def test_where_nothing_is_found_the_home_page_is_read(server: HostileServer, collecting: Collecting) -> None:
    server.routes["/"] = home(*FRONT[:2])
    later = dying(server, collecting)
    state = collecting.state().sources["daily", server.url("/")]
    assert (state.kind, state.stands_for) == (SourceKind.PAGE, server.url("/feed"))
    server.routes["/"] = home(*FRONT)
    run = collecting.run(outlet(server), later)
    assert (told(run), run.polls[0]["source_kind"], found(run)) == ([("/", "ok", None)], "page", {FRONT[2]})


def test_a_feed_that_appears_later_is_found_when_the_dead_one_is_asked_again(server: HostileServer, collecting: Collecting) -> None:
    server.routes["/"] = hostile.answer(status="500 Oh")
    later = dying(server, collecting)
    server.routes |= {"/": home("/a", alternate="/found"), "/found": feed("/a")}
    run = collecting.run(outlet(server), later + 8 * DAY)
    assert ("/found", "ok", None) in told(run)
    assert server.url("/feed") in {poll["stands_for"] for poll in run.polls}


def test_another_is_looked_for_where_what_was_found_has_died_as_well(server: HostileServer, tmp_path: Path) -> None:
    server.routes |= {"/": home("/a", alternate="/third"), "/third": feed("/a")}
    state = dead(server, due_at=NOW) | dead(server, "/second", stands_for=server.url("/feed"))
    assert ("/third", "ok", None) in told(Run(tmp_path, [outlet(server)], CollectionState(sources=state)))


def test_a_dead_feed_that_is_no_longer_configured_has_no_stand_in(server: HostileServer, tmp_path: Path) -> None:
    server.routes |= {"/other": feed("/b"), "/found": feed("/a")}
    alive = SourceState(last_polled_at=NOW - DAY, last_answered_at=NOW - DAY, stands_for=server.url("/feed"))
    state = CollectionState(sources=dead(server) | {("daily", server.url("/found")): alive})
    assert told(Run(tmp_path, [outlet(server, feeds=[server.url("/other")])], state)) == [("/other", "ok", None)]


@pytest.mark.parametrize("crawl", [{"rediscover": False}, {"exclude_paths": ["/"]}])
def test_nothing_is_looked_for_where_that_is_not_wanted(server: HostileServer, tmp_path: Path, crawl: dict[str, Any]) -> None:
    server.routes |= {"/": home("/a", alternate="/found"), "/found": feed("/a")}
    run = Run(tmp_path, [outlet(server, crawl=crawl)], CollectionState(sources=dead(server, due_at=NOW)))
    assert told(run) == [("/feed", "failed", "not_found")]
    assert (server.asked("/"), server.asked("/found")) == (0, 0)


def test_a_living_feed_that_fails_once_is_not_replaced(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/"] = home("/a", alternate="/found")
    Run(tmp_path, [outlet(server)])
    assert server.asked("/") == 0


# ---- what nobody configured


def test_sitemaps_that_robots_txt_names_are_read_where_none_is_configured(server: HostileServer, tmp_path: Path) -> None:
    robots = f"User-agent: *\nDisallow:\nSitemap: {server.url('/map.xml')}\nSitemap: /news.xml\nSitemap: http://elsewhere.example/x.xml\n"
    server.routes |= {"/robots.txt": text(robots), "/map.xml": sitemap(["/a", "/b"]), "/news.xml": sitemap(["/c"]), "/feed": feed("/d")}
    run = Run(tmp_path, [outlet(server)])
    assert told(run) == [("/feed", "ok", None), ("/news.xml", "ok", None), ("/map.xml", "ok", None)], (
        "a relative one is the host's; news first"
    )
    assert [poll["source_kind"] for poll in run.polls] == ["feed", "sitemap", "sitemap"]
    assert found(run) == {"/a", "/b", "/c", "/d"}
    configured = Run(tmp_path, [outlet(server, sitemaps=[server.url("/map.xml")])], run_id="b" * 16)
    assert told(configured) == [("/feed", "ok", None), ("/map.xml", "ok", None)]
    unwanted = Run(tmp_path, [outlet(server, crawl={"robots_sitemaps": False})], run_id="c" * 16)
    assert told(unwanted) == [("/feed", "ok", None)]


@pytest.mark.parametrize(
    "line", ["http://[::1", "http://[bad]/x.xml", "http://a.example:99999999/x", "javascript:alert(1)", "//", "\x00", "x" * 5000]
)
def test_a_sitemap_line_that_is_no_address_costs_nothing(server: HostileServer, tmp_path: Path, line: str) -> None:
    server.routes |= {"/robots.txt": text(f"Sitemap: {line}\nSitemap: /map.xml\n"), "/map.xml": sitemap(["/a"]), "/feed": feed("/b")}
    run = Run(tmp_path, [outlet(server)])
    assert not run.summary.broken
    assert run.ends() == {"/a": ("fetched", None), "/b": ("fetched", None)}


def test_a_long_sitemap_that_nobody_configured_gives_recent_links_only(server: HostileServer, tmp_path: Path) -> None:
    recent = [f"/a {(NOW - DAY).isoformat()}", "/2024/06/30/b", f"/c {(NOW - 6 * DAY).isoformat()}"]
    old = [f"/d {(NOW - 30 * DAY).isoformat()}", "/2023/06/30/e", *(f"/undated/{n}" for n in range(1195))]
    server.routes |= {"/robots.txt": text("Sitemap: /map.xml\n"), "/map.xml": sitemap([*old, *recent])}
    run = Run(tmp_path, [outlet(server, feeds=[])])
    assert found(run) == {"/a", "/2024/06/30/b", "/c"}
    assert run.polls[0]["listed"] == 1200
    assert "1197 links" in run.polls[0]["detail"]
    configured = Run(
        tmp_path, [outlet(server, feeds=[], sitemaps=[server.url("/map.xml")], crawl={"max_items_per_run": 1})], run_id="b" * 16
    )
    assert len(found(configured)) == 1200, "whoever configures it wants all of it"


def test_a_short_one_gives_all(server: HostileServer, tmp_path: Path) -> None:
    server.routes |= {"/robots.txt": text("Sitemap: /map.xml\n"), "/map.xml": sitemap(["/a", f"/b {(NOW - 300 * DAY).isoformat()}"])}
    assert found(Run(tmp_path, [outlet(server, feeds=[])])) == {"/a", "/b"}


def test_what_was_left_out_of_a_long_one_is_not_covered_by_it(server: HostileServer, tmp_path: Path) -> None:
    dated = [(f"/old/{n}", NOW - 5 * DAY - n * HOUR) for n in range(1100)]
    server.routes |= {"/robots.txt": text("Sitemap: /map.xml\n"), "/map.xml": news_sitemap(*dated)}
    run = Run(tmp_path, [outlet(server, feeds=[], crawl={"max_items_per_run": 1})])
    oldest = datetime.fromisoformat(run.polls[0]["oldest_listed_at"])
    assert oldest >= NOW - 8 * DAY


def test_an_outlet_without_any_source_is_read_from_its_home_page(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/"] = home(*FRONT, "http://elsewhere.example/2024/07/01/council-meets-elsewhere-and-finds-words")
    run = Run(tmp_path, [outlet(server, feeds=[])])
    assert (told(run), run.polls[0]["source_kind"], found(run)) == ([("/", "ok", None)], "page", set(FRONT))
    assert run.ends() == dict.fromkeys(FRONT, ("fetched", None))


def test_an_outlet_that_asked_to_be_left_alone_is_asked_for_nothing_but_robots_txt(server: HostileServer, tmp_path: Path) -> None:
    server.routes |= {"/robots.txt": text("Sitemap: /map.xml\n"), "/map.xml": sitemap(["/a"]), "/": home("/b")}
    run = Run(tmp_path, [outlet(server, feeds=[], crawl={"exclude_paths": ["/"]})])
    assert {seen.path for seen in server.requests} <= {"/robots.txt"}
    assert run.events == []


def test_an_outlet_that_named_a_time_is_not_asked_before(server: HostileServer, collecting: Collecting) -> None:
    server.routes |= {"/feed": hostile.answer(status="503 Busy", retry_after="7200")}
    collecting.run(outlet(server), NOW)
    server.routes["/feed"] = feed("/a")
    server.requests.clear()
    early = collecting.run(outlet(server), NOW + HOUR)
    assert (told(early), server.requests) == ([("/feed", "failed", "rate_limited")], [])
    assert told(collecting.run(outlet(server), NOW + 2 * HOUR)) == [("/feed", "ok", None)]


# ---- a window of days


def dated_feed(paths: Sequence[str], at: datetime, older: str | None = None, rel: str = "next") -> Behaviour:
    more = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{rel}" href="{older}"/>' if older else ""
    return hostile.answer(rss(*paths, at=at, more=more), "application/rss+xml")


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_older_pages_of_a_feed_are_read_until_the_window_is_passed(server: HostileServer, tmp_path: Path, rel: str) -> None:
    server.routes |= {
        "/feed": dated_feed(["/a"], NOW - HOUR, "/feed?2", rel),
        "/feed?2": dated_feed(["/b", "/c"], datetime(2024, 6, 20, tzinfo=UTC), "/feed?3", rel),
        "/feed?3": dated_feed(["/d"], datetime(2024, 6, 2, tzinfo=UTC), "/feed?4", rel),
        "/feed?4": dated_feed(["/e"], datetime(2024, 5, 20, tzinfo=UTC), "/feed?5", rel),
        "/feed?5": dated_feed(["/f"], datetime(2024, 5, 10, tzinfo=UTC)),
    }
    run = Run(tmp_path, [outlet(server)], wish=JUNE)
    assert found(run) - {"/a"} == {"/b", "/c", "/d"}
    assert (server.asked("/feed?4"), server.asked("/feed?5")) == (1, 0)
    assert "3 older pages read" in run.polls[0]["detail"]
    usual = Run(tmp_path, [outlet(server)], run_id="b" * 16)
    assert (found(usual), server.asked("/feed?2")) == ({"/a"}, 1)


def test_only_links_that_can_lie_in_the_window_are_taken(server: HostileServer, tmp_path: Path) -> None:
    entries = ["/2024/06/10/x", "/2023/06/10/y", "/a", f"/b {datetime(2024, 3, 1, tzinfo=UTC).isoformat()}", f"/c {NOW.isoformat()}"]
    server.routes["/map.xml"] = sitemap(entries)
    run = Run(tmp_path, [outlet(server, feeds=[], sitemaps=[server.url("/map.xml")])], wish=JUNE)
    assert found(run) == {"/2024/06/10/x", "/a", "/c"}
    assert run.polls[0]["listed"] == 5
    assert "outside the window" in run.polls[0]["detail"]


def test_pages_of_a_feed_that_lead_in_a_circle_or_nowhere_end(server: HostileServer, tmp_path: Path) -> None:
    june = datetime(2024, 6, 20, tzinfo=UTC)
    server.routes |= {"/feed": dated_feed(["/a"], june, "/feed?2"), "/feed?2": dated_feed(["/b"], june, "/feed")}
    circle = Run(tmp_path, [outlet(server)], wish=JUNE)
    assert found(circle) == {"/a", "/b"}
    assert server.asked("/feed") <= 2
    server.routes["/feed?2"] = hostile.answer(status="404 Not Found")
    nowhere = Run(tmp_path, [outlet(server)], wish=JUNE, run_id="b" * 16)
    assert (told(nowhere), found(nowhere)) == ([("/feed", "ok", None)], {"/a"})
    assert "not_found" in nowhere.polls[0]["detail"]
    server.routes["/feed?2"] = feed()
    assert found(Run(tmp_path, [outlet(server)], wish=JUNE, run_id="c" * 16)) == {"/a"}


def test_a_feed_that_goes_on_for_ever_is_left_at_some_page(server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_OLDER_PAGES", 5)
    june = datetime(2024, 6, 20, tzinfo=UTC)
    server.routes |= {"/feed": dated_feed(["/a"], june, "/feed?1")} | {
        f"/feed?{n}": dated_feed(["/b"], june, f"/feed?{n + 1}") for n in range(1, 20)
    }
    Run(tmp_path, [outlet(server)], wish=JUNE)
    assert sum(seen.path.startswith("/feed?") for seen in server.requests) == 5


def test_the_sitemaps_of_an_index_that_can_hold_the_window_are_read(server: HostileServer, tmp_path: Path) -> None:
    children = {
        "/2024-04.xml": "/a",
        "/2024-06.xml": "/b",
        "/2024-08.xml": "/c",
        "/2023.xml": "/d",
        "/old.xml 2024-03-01": "/e",
        "/any.xml 2024-06-20": "/f",
    }
    server.routes |= {"/index.xml": sitemap([server.url(child) for child in children], index=True)}
    server.routes |= {child.split()[0]: sitemap([path]) for child, path in children.items()}
    one = outlet(server, feeds=[], sitemaps=[server.url("/index.xml")])
    run = Run(tmp_path, [one], wish=JUNE)
    assert found(run) == {"/b", "/f"}
    assert [server.asked(child.split()[0]) for child in children] == [0, 1, 0, 0, 0, 1]
    assert found(Run(tmp_path, [one], run_id="b" * 16)) == {"/a", "/b", "/c", "/d", "/e", "/f"}


def test_indexes_within_an_index_are_read_and_no_address_twice(server: HostileServer, tmp_path: Path) -> None:
    server.routes |= {
        "/index.xml": sitemap([server.url("/2024.xml"), server.url("/2022.xml"), server.url("/index.xml")], index=True),
        "/2024.xml": sitemap([server.url("/2024-04.xml"), server.url("/2024-06.xml"), server.url("/2024.xml")], index=True),
        "/2022.xml": sitemap([server.url("/2022-06.xml")], index=True),
        "/2024-06.xml": sitemap(["/a", "/b"]),
    }
    run = Run(tmp_path, [outlet(server, feeds=[], sitemaps=[server.url("/index.xml")])], wish=JUNE)
    assert (told(run), found(run)) == ([("/index.xml", "ok", None)], {"/a", "/b"})
    assert [server.asked(path) for path in ("/2024.xml", "/2024-06.xml", "/2022.xml", "/2024-04.xml")] == [1, 1, 0, 0]
    assert server.asked("/index.xml") <= 2


def test_a_window_reads_a_limited_number_of_sitemaps(server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_WINDOW_SITEMAPS", 7)
    inner = {f"/i{n}.xml": sitemap([server.url(f"/i{n}-{m}.xml") for m in range(5)], index=True) for n in range(5)}
    server.routes |= {"/index.xml": sitemap([server.url(path) for path in inner], index=True)} | inner
    Run(tmp_path, [outlet(server, feeds=[], sitemaps=[server.url("/index.xml")])], wish=JUNE)
    assert sum(seen.path.startswith("/i") for seen in server.requests) - server.asked("/index.xml") == 7


def known_since(server: HostileServer, *paths: str) -> dict[str, KnownItems]:
    return {"daily": KnownItems.of([(urls.item_id("daily", server.url(path)), NOW - 3 * HOUR) for path in paths])}


def test_a_window_wants_the_whole_list(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/feed"] = hostile.conditional(rss("/a", at=datetime(2024, 6, 20, tzinfo=UTC)), "application/rss+xml", '"1"')
    last = SourceState(last_polled_at=NOW - HOUR, last_answered_at=NOW - HOUR, etag='"1"', last_modified="Mon, 01 Jul 2024 00:00:00 GMT")
    run = Run(tmp_path, [outlet(server)], CollectionState(sources={("daily", server.url("/feed")): last}), wish=JUNE)
    assert (told(run), found(run)) == ([("/feed", "ok", None)], {"/a"})
    asked = next(seen for seen in server.requests if seen.path == "/feed")
    assert not {"if-none-match", "if-modified-since"} & set(asked.headers)


def test_a_window_that_leaves_out_what_is_new_says_nothing_of_the_time_before(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/map.xml"] = news_sitemap(("/a", NOW - HOUR), ("/b", NOW - 2 * HOUR), ("/c", NOW - 20 * DAY))
    one, key = outlet(server, feeds=[], sitemaps=[server.url("/map.xml")]), ("daily", server.url("/map.xml"))
    last = {key: SourceState(kind=SourceKind.SITEMAP, last_polled_at=NOW - HOUR, last_answered_at=NOW - HOUR)}
    wish = Wish(window=Window(until=date(2024, 6, 20)))
    new = Run(tmp_path, [one], CollectionState(sources=last, known=known_since(server, "/c", "/b")), wish=wish)
    assert (new.polls[0]["known"], new.polls[0]["oldest_listed_at"], found(new)) == (0, None, set()), "/a was not taken, and nobody has it"
    nothing_new = Run(
        tmp_path, [one], CollectionState(sources=last, known=known_since(server, "/c", "/b", "/a")), wish=wish, run_id="b" * 16
    )
    assert nothing_new.polls[0]["known"] == 3


def test_a_window_that_leaves_out_sitemaps_says_nothing_of_the_time_since(server: HostileServer, tmp_path: Path) -> None:
    index = [server.url("/2024-04.xml"), server.url("/2024-06.xml")]
    april = [("/c", datetime(2024, 4, 2, tzinfo=UTC)), ("/d", datetime(2024, 4, 3, tzinfo=UTC))]
    server.routes |= {
        "/index.xml": sitemap(index, index=True),
        "/2024-04.xml": news_sitemap(*april),
        "/2024-06.xml": news_sitemap(("/a", NOW)),
    }
    one, key = outlet(server, feeds=[], sitemaps=[server.url("/index.xml")]), ("daily", server.url("/index.xml"))
    last = {key: SourceState(kind=SourceKind.SITEMAP, last_polled_at=NOW - HOUR, last_answered_at=NOW - HOUR)}
    wish = Wish(window=Window(since=date(2024, 4, 1), until=date(2024, 4, 30)))
    run = Run(tmp_path, [one], CollectionState(sources=last, known=known_since(server, "/c")), wish=wish)
    assert (found(run), run.polls[0]["known"], run.polls[0]["oldest_listed_at"]) == ({"/d"}, 0, None)


def test_a_feed_with_a_date_at_the_end_of_the_calendar_is_read_all_the_same(server: HostileServer, tmp_path: Path) -> None:
    body = rss("/a", at=datetime(2024, 6, 20, tzinfo=UTC)).replace(
        b"</channel>", rss("/b", at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)).partition(b"</title>")[2]
    )
    server.routes["/feed"] = hostile.answer(body.partition(b"</channel>")[0] + b"</channel></rss>", "application/rss+xml")
    run = Run(tmp_path, [outlet(server)], wish=JUNE)
    assert (told(run), found(run)) == ([("/feed", "ok", None)], {"/a", "/b"}), "what a feed lists newest is taken whatever is asked for"


# ---- what was stored before


def records(folder: Path, poll: dict[str, Any]) -> list[str]:
    """The types of the records in the archive file that this pass wrote."""
    number = poll["run_id"][:8]
    (path,) = folder.rglob(f"*-{number}-*.warc.gz")
    with path.open("rb") as file:
        return [
            record.headers["WARC-Type"] + record.headers.get("WARC-Profile", "")[-24:] for record in ArchiveIterator(file, parse_http=False)
        ]


def two_passes(server: HostileServer, folder: Path) -> tuple[Run, Run]:
    collecting = Collecting(folder)
    one = outlet(server)
    runs = []
    for number, now in enumerate((NOW, NOW + HOUR)):
        run = Run(folder / "archive", [one], collecting.state(), now=now, run_id=f"{number + 1:08x}" * 2)
        runs.append(run)
    return runs[0], runs[1]


def test_not_modified_writes_a_revisit_record(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/feed"] = hostile.conditional(rss("/a"), "application/rss+xml", '"1"')
    first, second = two_passes(server, tmp_path)
    assert (told(second), second.polls[0]["http_status"]) == ([("/feed", "not_modified", None)], 304)
    assert any(kind.startswith("revisit") and kind.endswith("server-not-modified") for kind in records(tmp_path, second.polls[0]))
    assert second.body(second.polls[0]).content == rss("/a")
    assert (second.polls[0]["warc_file"], second.polls[0]["warc_offset"]) == (first.polls[0]["warc_file"], first.polls[0]["warc_offset"])
    assert second.polls[0]["record_id"] != first.polls[0]["record_id"]


def test_the_same_body_without_validators_writes_a_revisit_record(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/feed"] = feed("/a")
    first, second = two_passes(server, tmp_path)
    assert (told(second), second.polls[0]["http_status"]) == ([("/feed", "ok", None)], 200)
    kinds = records(tmp_path, second.polls[0])
    assert any(kind.startswith("revisit") and "digest" in kind for kind in kinds)
    assert "response" not in kinds
    assert second.body(second.polls[0]).content == rss("/a")
    assert second.polls[0]["body"]["record_id"] == first.polls[0]["record_id"] == first.polls[0]["body"]["record_id"]


def test_another_body_is_stored(server: HostileServer, tmp_path: Path) -> None:
    server.routes["/feed"] = feed("/a")
    collecting = Collecting(tmp_path)
    Run(tmp_path / "archive", [outlet(server)], now=NOW, run_id="1" * 16)
    server.routes["/feed"] = feed("/a", "/b")
    second = Run(tmp_path / "archive", [outlet(server)], collecting.state(), now=NOW + HOUR, run_id="2" * 16)
    assert second.body(second.polls[0]).content == rss("/a", "/b")
    assert second.polls[0]["body"]["record_id"] == second.polls[0]["record_id"]


def test_pages_with_one_body_lead_to_it_each(server: HostileServer, tmp_path: Path) -> None:
    server.routes |= {"/feed": feed("/a", "/b"), "/a": hostile.answer(LONG), "/b": hostile.answer(LONG)}
    run = Run(tmp_path, [outlet(server)])
    assert run.page("/a").content == run.page("/b").content == LONG
    assert len({fetch["record_id"] for fetch in run.fetches}) == 2
    assert len({fetch["warc_offset"] for fetch in run.fetches}) == 1
