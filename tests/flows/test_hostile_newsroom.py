"""A newsroom of bad servers through the whole pipeline: each item ends once, as it deserves, and the healthy outlets lose nothing.

Three visits are made once for all tests of this module (see ``hostile_newsroom``); the tests look at what they left.
"""

from __future__ import annotations

import gzip
import socket
import threading
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hostile_server as hostile
import pytest
from hostile_newsroom import (
    AFTER,
    BAD,
    BEFORE,
    DAY,
    EVENING,
    MORNING,
    NOON,
    BadPage,
    BadSource,
    Newsroom,
    Record,
    Site,
    article,
    newsroom,
    pages_of,
    play,
    read_record,
)
from hostile_pages import PAGES, STRANGERS
from hostile_server import HostileServer
from hostile_sources import (
    ADDRESSES_THAT_ARE_NONE,
    ADDRESSES_THAT_HANG,
    INTERNATIONAL,
    SERVERS_THAT_FAIL,
    SITEMAP_LINKS,
    SOURCES,
    TAKEN,
)
from newsroom_fixtures import ask, ask_warehouse, toml_value, write_config
from pytest_socket import socket_allow_hosts

from transforms.records import OutcomeKind, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

HEALTHY = ("a-healthy-outlet", "m-healthy-outlet", "z-healthy-outlet")
HEALTHY_PATHS = [BEFORE, *(f"/news/item-{n}-of-the-day" for n in (1, 2, 3, 4))]


def allow_loopback() -> None:
    """All of 127.0.0.0/8: the newsroom's hosts have an address each."""
    socket_allow_hosts(["127.0.0.0/8", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """The newsroom after its three visits."""
    allow_loopback()
    end = threading.Event()
    with (
        pytest.MonkeyPatch.context() as patch,
        newsroom(tmp_path_factory.mktemp("hostile") / "config", PAGES, SOURCES, HEALTHY, STRANGERS) as made,
    ):
        patch.setattr(socket, "getaddrinfo", names(made.server.port, end))
        for moment in (EVENING, NOON, MORNING):
            made.visit(moment)
        end.set()
        yield made


@pytest.fixture(scope="module")
def record(played: Newsroom) -> Record:
    """What the visits left."""
    return read_record(played)


def names(port: int, end: threading.Event) -> Any:
    """The resolver of this newsroom: no question leaves the machine."""
    real = socket.getaddrinfo

    def look_up(host: str | bytes | None, *rest: Any, **more: Any) -> Any:
        name = host.decode("ascii") if isinstance(host, bytes) else str(host)
        if name in ADDRESSES_THAT_HANG:
            end.wait(60)
        if name in (*ADDRESSES_THAT_HANG, *SERVERS_THAT_FAIL):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        if name == INTERNATIONAL.encode("idna").decode("ascii"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.50.50", port))]
        if name in ADDRESSES_THAT_ARE_NONE or name.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)

    return look_up


# ---- each behaviour


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_bad_page_ends_as_it_deserves(played: Newsroom, record: Record, page: BadPage) -> None:
    outlet_id = f"page-{page.name}"
    site = played.sites[outlet_id]
    assert record.outcomes[EVENING, outlet_id] == {site.url(BEFORE): "published"}
    noon = dict(record.outcomes[NOON, outlet_id])
    rest = noon.pop(site.url(AFTER))
    assert rest.startswith("deferred:") if page.rest_waits else rest == "published", "what came of the good article after it"
    assert noon, "the bad item did not end"
    assert set(noon.values()) <= set(page.ends), f"{page.what}: {page.why}"
    morning = record.outcomes[MORNING, outlet_id]
    again = {url for url, end in noon.items() if end.startswith("deferred:")}
    if page.waits_on:
        assert again
        assert morning == {}, "it waits as before: that is no second end"
    elif page.rest_waits:
        assert set(morning) == {*again, site.url(AFTER)}
    else:
        assert morning == {url: noon[url].replace("deferred:", "failed:") for url in again}, "what waits has a second and last attempt"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_that_could_not_be_read_makes_its_day_partial(record: Record, page: BadPage) -> None:
    """What was listed and could not be read is not known, unless it is gone; whatever was looked at and is none of ours costs nothing."""
    outlet_id = f"page-{page.name}"
    ends = set(record.outcomes[NOON, outlet_id].values())
    unread = {end.partition(":")[2] for end in ends if end.startswith(("failed:", "deferred:")) and end != "failed:not_found"}
    status, reason = record.days[outlet_id]
    assert status == ("partial" if unread else "complete")
    assert reason in unread if unread else reason is None


@pytest.mark.parametrize("page", [page for page in PAGES if page.requests is not None], ids=lambda page: page.name)
def test_a_bad_page_is_asked_for_no_more_often_than_it_deserves(played: Newsroom, page: BadPage) -> None:
    site = played.sites[f"page-{page.name}"]
    asked = [path for host in (site.host, site.other) for path in played.requests(NOON, host)]
    assert page.requests is not None
    assert len([path for path in asked if path not in {"/robots.txt", "/feed", BEFORE, AFTER}]) <= page.requests


@pytest.mark.parametrize("page", [page for page in PAGES if page.rest_waits], ids=lambda page: page.name)
def test_a_host_that_asks_to_be_left_alone_is_left_alone(played: Newsroom, page: BadPage) -> None:
    asked = played.requests(NOON, played.sites[f"page-{page.name}"].host)
    assert asked[asked.index(BAD) + 1 :] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_bad_source_ends_as_it_deserves(played: Newsroom, record: Record, source: BadSource) -> None:
    outlet_id = f"source-{source.name}"
    site = played.sites[outlet_id]
    (poll,) = record.polls[NOON, outlet_id]
    assert poll in source.polls, f"{source.what}: {source.why}"
    assert record.polls[MORNING, outlet_id] == [source.morning or poll]
    noon = record.outcomes[NOON, outlet_id]
    status, reason = record.days[outlet_id]
    if poll != "ok":
        assert noon == {}
        assert (status, reason) == (source.day if source.day != "complete" else "outage", poll.partition(":")[2])
        assert record.counts[outlet_id] == [(None, None, None)], "not known is not zero"
        return
    assert status == source.day
    if "*" not in source.ends:
        end = source.ends.get(AFTER, "published")
        assert list(noon.values()) == [end]
        assert next(iter(noon)).endswith(AFTER)
        assert [url[-len(AFTER) :] for url in record.articles[outlet_id]].count(AFTER) == (end == "published")
        assert site.host.partition(":")[0].isascii() or len(record.articles[outlet_id]) == 2


@pytest.mark.parametrize("source", [source for source in SOURCES if source.requests is not None], ids=lambda source: source.name)
def test_a_bad_source_is_asked_no_more_often_than_it_deserves(played: Newsroom, source: BadSource) -> None:
    asked = played.requests(NOON, played.sites[f"source-{source.name}"].host)
    assert source.requests is not None
    assert len(asked) <= source.requests, asked


# ---- the healthy ones


@pytest.mark.parametrize("outlet_id", HEALTHY)
def test_a_healthy_outlet_loses_nothing(played: Newsroom, record: Record, outlet_id: str) -> None:
    assert record.articles[outlet_id] == sorted(played.sites[outlet_id].url(path) for path in HEALTHY_PATHS)
    assert list(record.outcomes[NOON, outlet_id].values()) == ["published"] * 4
    assert record.days[outlet_id] == ("complete", None)
    ((articles, mentions, total),) = record.counts[outlet_id]
    assert (articles, total) == (4, 4)
    assert mentions


@pytest.mark.parametrize("outlet_id", HEALTHY)
def test_a_healthy_outlet_is_asked_for_each_thing_once(played: Newsroom, outlet_id: str) -> None:
    host = played.sites[outlet_id].host
    rest = {path for path in HEALTHY_PATHS if path != BEFORE}
    # the article of a rival that a bad outlet's page redirects to is the one thing that may be asked for on another's behalf
    borrowed = ["/news/item-1-of-the-day"] if host == played.sites[HEALTHY[0]].rival else []
    for moment, expected in ((EVENING, [BEFORE]), (NOON, sorted([*rest])), (MORNING, [])):
        asked = played.requests(moment, host)
        assert sum(path == "/feed" for path in asked) == 1
        assert sum(path == "/robots.txt" for path in asked) <= 1
        pages = sorted(path for path in asked if path not in {"/feed", "/robots.txt"})
        assert pages in (expected, sorted([*expected, *borrowed]))


def test_no_slow_server_holds_up_a_healthy_outlet(played: Newsroom) -> None:
    for moment in (NOON, MORNING):
        order = [seen.host for seen in played.visits[moment].requests]
        last = {host: number for number, host in enumerate(order)}
        slow = last[played.sites["page-slow-all"].host.partition(":")[0]]
        for outlet_id in HEALTHY:
            assert last[played.sites[outlet_id].host.partition(":")[0]] < slow, f"{outlet_id} came after four time-outs of another outlet"


# ---- the newsroom as a whole


def test_every_item_that_entered_ended_exactly_once_in_each_run(played: Newsroom) -> None:
    assert ask(played.config, "SELECT run_id, item_id FROM outcomes GROUP BY ALL HAVING count(*) > 1") == []
    items = ask_warehouse(played.config, "SELECT count(*) FROM collection.items")
    assert ask(played.config, "SELECT count(DISTINCT item_id) FROM outcomes") == items
    assert ask_warehouse(played.config, "SELECT url FROM collection.items ANTI JOIN history.outcomes USING (item_id) LIMIT 5") == [], (
        "items without an end"
    )


def test_outcomes_and_reasons_come_out_of_the_closed_list(played: Newsroom) -> None:
    kinds, reasons = {str(kind) for kind in OutcomeKind}, {str(reason) for reason in Reason}
    for outcome, reason in ask(played.config, "SELECT DISTINCT outcome, reason FROM outcomes"):
        assert outcome in kinds
        assert (reason in reasons) if outcome in {"rejected", "failed", "deferred"} else reason is None


def test_articles_are_counted_where_they_stand_and_nowhere_else(played: Newsroom) -> None:
    ((articles, uncounted),) = ask(played.config, "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM uncounted)")
    ((cells,),) = ask(played.config, "SELECT sum(total_articles) FROM coverage_by_outlet_day WHERE candidate_id = 'mark-rutte'")
    assert articles == uncounted + cells
    assert uncounted == 2


def test_no_cookie_and_no_password_is_ever_sent(played: Newsroom) -> None:
    for visit in played.visits.values():
        for seen in visit.requests:
            assert "cookie" not in seen.headers
            assert "authorization" not in seen.headers
            assert "proxy-authorization" not in seen.headers
    assert "secret" not in str(ask(played.config, "SELECT url FROM articles UNION ALL SELECT url FROM outcomes"))


def test_all_requests_bear_the_true_name(played: Newsroom) -> None:
    agents = {seen.headers.get("user-agent", "") for visit in played.visits.values() for seen in visit.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("Frontrunner/")


def test_no_host_is_asked_for_a_page_before_its_robots_txt(played: Newsroom) -> None:
    """In the whole of its life: a robots.txt may be kept for a day (RFC 9309, 2.4)."""
    requests = [seen for visit in played.visits.values() for seen in visit.requests]
    first = {seen.host: seen.path for seen in reversed(requests)}
    assert set(first.values()) == {"/robots.txt"}


def test_nothing_of_this_machine_is_in_the_record(played: Newsroom) -> None:
    """Entities of feeds and redirects that name files bring nothing in."""
    line = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0]
    found = [path for path in (played.config.parent / "data").rglob("*") if path.is_file() and line.encode() in _plain(path)]
    assert found == []
    assert not [seen for visit in played.visits.values() for seen in visit.requests if seen.path == "/entity"]
    listed = str(ask_warehouse(played.config, "SELECT title, authors FROM collection.items WHERE outlet_id = 'source-outside'"))
    assert "passwd" not in listed


def _plain(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def test_headlines_are_text(played: Newsroom) -> None:
    title = dict(ask(played.config, "SELECT outlet_id, title FROM articles WHERE outlet_id = 'page-markup' AND url LIKE '%harbour%'"))
    assert title["page-markup"] == "Rutte wins the <vote>"
    listed = ask_warehouse(played.config, "SELECT title FROM collection.items WHERE outlet_id = 'source-markup'")
    assert all("<" not in heading for (heading,) in listed)


def test_null_bytes_are_gone(played: Newsroom) -> None:
    ((title, text),) = ask_warehouse(
        played.config,
        "SELECT title, text FROM core.pages WHERE outlet_id = 'page-nul' AND url LIKE '%harbour%' AND rejected_reason IS NULL",
    )
    assert title.startswith("Harbour dredging")
    assert "\0" not in text
    assert "boiler house" in text


def test_an_article_keeps_its_own_address_whatever_it_claims(played: Newsroom, record: Record) -> None:
    for name in ("page-canonical-foreign", "page-canonical-rival"):
        assert played.sites[name].url(BAD) in record.articles[name]
    assert played.sites["page-moved"].url("/news/the-new-address-of-the-story") in record.articles["page-moved"]


def test_answers_that_nobody_asked_for_are_not_read(played: Newsroom) -> None:
    assert ask_warehouse(played.config, "SELECT url FROM core.pages WHERE title LIKE '%Not the page%'") == []


def test_dates_of_pages_and_feeds_that_cannot_be(played: Newsroom) -> None:
    reasons = dict(ask(played.config, "SELECT outlet_id, reason FROM uncounted JOIN articles USING (article_id)"))
    assert reasons["page-2099"] == "future"
    assert reasons["page-1970"] in {"undated", "off_panel"}
    days = ask(played.config, "SELECT published_on, date_source FROM articles WHERE outlet_id = 'source-dates' ORDER BY ALL")
    assert days == [(date(2024, 6, 19), "meta"), (DAY, "meta")]


def test_links_with_and_without_trackers_are_one_item(played: Newsroom, record: Record) -> None:
    site = played.sites["page-trackers"]
    assert record.articles["page-trackers"] == sorted([site.url(BEFORE), site.url(BAD), site.url(AFTER)])
    assert len(record.outcomes[NOON, "page-trackers"]) == 2
    (listed,) = ask_warehouse(
        played.config,
        f"SELECT listed FROM collection.polls WHERE outlet_id = 'page-trackers' AND run_id = '{played.visits[NOON].run_id}'",
    )
    assert listed == (3,)


def test_a_sitemap_of_100_000_links_is_taken_a_few_at_a_time(record: Record) -> None:
    noon = list(record.outcomes[NOON, "source-large-sitemap"].values())
    assert noon.count("published") == TAKEN
    assert noon.count("deferred:run_limit") == len(noon) - TAKEN
    assert TAKEN < len(noon) <= SITEMAP_LINKS
    morning = list(record.outcomes[MORNING, "source-large-sitemap"].values())
    assert morning.count("published") == TAKEN
    assert len(morning) == TAKEN, "what waits as before leaves no second line"


def test_where_a_feed_moved_to_is_in_the_record(played: Newsroom) -> None:
    site = played.sites["source-moved"]
    rows = ask_warehouse(played.config, "SELECT DISTINCT moved_to FROM collection.polls WHERE outlet_id = 'source-moved'")
    assert rows == [(site.url("/new-feed"),)]


# ---- a page as a source


def test_a_calendar_without_end_is_not_walked_through(tmp_path: Path) -> None:
    """Each month links to the next one; what is read is the page that the configuration names, and the article on it."""
    allow_loopback()

    async def month(seen: hostile.Seen, writer: Any) -> None:
        number = int(seen.path.rpartition("=")[2])
        links = (
            '<li><a href="/news/a-month-in-the-life-of-the-port">A month in the life of the port</a></li>'
            f'<li><a href="?month={number + 1}">Next month</a></li>'
        )
        body = f"<html><title>Calendar</title><body><h1>Month {number}</h1><ul>{links}</ul></body></html>"
        await hostile.answer(body)(seen, writer)

    with HostileServer(address="0.0.0.0") as server:
        host = f"127.0.0.1:{server.port}"
        site = Site(name="calendar", host=host, other="", elsewhere="", rival="")
        story = article(site, "/news/a-month-in-the-life-of-the-port", datetime.fromisoformat("2024-06-20T07:00:00+00:00"))
        server.routes |= {"/calendar?month=1": month, **pages_of([story])}
        server.routes |= {f"/calendar?month={n}": month for n in range(2, 100)}
        config = write_config(tmp_path / "config", {})
        (config / "outlets").mkdir()
        values = {
            "id": "calendar", "name": "Calendar", "homepage": site.url("/"), "domains": [host], "country": "NL", "language": "en",
            "timezone": "Europe/Amsterdam", "feeds": [], "pages": [site.url("/calendar?month=1")],
        }  # fmt: skip
        lines = [*(f"{key} = {toml_value(value)}" for key, value in values.items()), "[crawl]", "delay_seconds = 0"]
        (config / "outlets" / "calendar.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for moment in (NOON, MORNING):
            play(config, moment)
        assert server.asked("/calendar?month=1") == 2
        assert [seen.path for seen in server.requests if "month=" in seen.path and not seen.path.endswith("month=1")] == []
        assert [url for (url,) in ask(config, "SELECT url FROM articles")] == [story.url]


def test_the_records_say_what_they_are_about() -> None:
    assert len(PAGES) + len(SOURCES) >= 45
    for record in (*PAGES, *SOURCES):
        assert record.what
        assert record.why
