"""``outlets add`` against small sites on loopback: what is found, what is proposed, what is refused, and that the proposal works."""

from __future__ import annotations

import asyncio
import json
import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom_fixtures import MORNING, Press, Reply, Story, stories, surroundings, write_config

from flows import newcomer, passes
from flows.cli import call
from flows.collectors.archive import ArchivedPage, iterate_pages
from flows.collectors.client import Client
from flows.collectors.finding import FoundSource, find_sources
from flows.collectors.pace import Pace
from flows.collectors.robots import Robots
from flows.configuration import load_configuration
from flows.environment import load_environment, new_run_id, sole_run
from flows.newcomer import articles_per_day
from flows.proposal import Line, one_line, toml_string, write_outlet
from transforms.records import ArticleLink, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Captured = pytest.CaptureFixture[str]
DAILY = "daily.example"


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    monkeypatch.setattr(newcomer, "DELAY_SECONDS", 0.0)
    press = Press()
    with press, surroundings(**press.environment()):
        yield press


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path / "config", {"courier": "courier.example"})


def front(press: Press, host: str, head: str = "", listed: Iterable[Story] = (), *, attributes: str = 'lang="en-GB"') -> None:
    """A home page."""
    items = "".join(f'<h2><a href="{escape(story.url)}">{escape(story.title)}</a></h2>' for story in listed)
    words = f"<html {attributes}><head><title>The Daily | News</title>{head}</head><body>{items}</body></html>"
    press.replies[f"http://{host}/"] = Reply(body=words.encode())


def named(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


def sitemap(stories: Iterable[Story], *, news: bool = True) -> Reply:
    entries = []
    for story in stories:
        date = (
            f"<news:news><news:publication_date>{story.published:%Y-%m-%dT%H:%M:%S%z}</news:publication_date></news:news>" if news else ""
        )
        entries.append(f"<url><loc>{escape(story.url)}</loc>{date}</url>")
    text = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{"".join(entries)}</urlset>'
    )
    return Reply(body=text.encode(), content_type="application/xml")


def index(*urls: str) -> Reply:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    text = f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
    return Reply(body=text.encode(), content_type="application/xml")


def robots(press: Press, host: str, text: str) -> None:
    press.replies[f"http://{host}/robots.txt"] = Reply(body=text.encode(), content_type="text/plain")


def articles(press: Press, listed: Iterable[Story]) -> None:
    for story in listed:
        press.replies[story.url] = Reply(body=story.html())


def add(config: Path, *arguments: str) -> int:
    return call(["outlets", "add", *arguments, "--config", str(config)])


def simple_site(press: Press, host: str = DAILY) -> None:
    front(press, host, named("/feed/", "The Daily"), stories(host))
    press.feed(f"http://{host}/feed/", stories(host))


# ---- what is proposed


def test_named_feeds_are_proposed_with_their_evidence_and_work(press: Press, config: Path, capsys: Captured) -> None:
    listed = stories(DAILY)
    more = Story(url=f"http://{DAILY}/sport/rowing", title="Rowing", paragraphs=("a", "b"), published=MORNING - timedelta(hours=5))
    head = named("/feed/", "The Daily") + named("/sport/rss.xml", "Sport") + named("/comments/feed/") + named("/dead.xml")
    front(press, DAILY, head + named("/again.xml"), listed)
    press.feed(f"http://{DAILY}/feed/", listed)
    press.feed(f"http://{DAILY}/sport/rss.xml", [more, listed[0]])
    press.feed(f"http://{DAILY}/again.xml", listed[:2])
    press.feed(
        f"http://{DAILY}/dead.xml", [Story(url=f"http://{DAILY}/old", title="Old", paragraphs=(), published=MORNING.replace(year=2019))]
    )
    assert add(config, f"http://{DAILY}/") == 0
    said = capsys.readouterr()
    path = config / "outlets" / "daily.toml"
    assert path.read_text(encoding="utf-8") == said.out
    read = tomllib.loads(said.out)
    assert read["feeds"] == [f"http://{DAILY}/feed/", f"http://{DAILY}/sport/rss.xml"]
    assert list(read) == ["id", "name", "homepage", "domains", "country", "language", "timezone", "feeds", "sitemaps"]
    assert (read["name"], read["country"], read["language"], read["timezone"]) == ("The Daily", "GB", "en", "Europe/London")
    assert 'country = "GB"  # please check: html lang' in said.out
    assert f'"http://{DAILY}/feed/",  # named by the home page: 4 articles, the newest of 2024-06-20; The Daily' in said.out
    assert "please check: name, country" in said.err
    assert press.asked("/comments/") == 0
    assert press.requests.count(f"http://{DAILY}/feed") == 0, "where feeds are named no address is guessed"
    path.write_text(said.out + "[crawl]\ndelay_seconds = 0\n", encoding="utf-8")  # the tests do not wait
    outlet = next(outlet for outlet in load_configuration(config).outlets if outlet.id == "daily")
    assert outlet.domains == (DAILY,)
    environment = load_environment(config)
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "collect"):
        summary = asyncio.run(passes.collect_pass(environment, run_id, ["daily"]))
    assert (summary.polls_ok, summary.items_new, summary.items_fetched) == (2, 5, 5)


def test_the_first_outlet_can_be_added(press: Press, config: Path, capsys: Captured) -> None:
    simple_site(press)
    (config / "outlets" / "courier.toml").unlink()
    assert add(config, f"http://{DAILY}/") == 0
    capsys.readouterr()
    assert [outlet.feeds for outlet in load_configuration(config).outlets] == [(f"http://{DAILY}/feed/",)]


def test_a_rate_is_proposed_where_the_dates_give_one(press: Press, config: Path, capsys: Captured) -> None:
    simple_site(press)
    listed = [
        Story(url=f"http://{DAILY}/2024/{n}", title=f"Story {n}", paragraphs=(), published=MORNING - timedelta(hours=2 * n))
        for n in range(24)
    ]
    press.feed(f"http://{DAILY}/feed/", listed)
    assert add(config, f"http://{DAILY}/") == 0
    assert tomllib.loads(capsys.readouterr().out)["articles_per_day"] == 12
    assert [outlet.articles_per_day for outlet in load_configuration(config).outlets] == [None, 12]


def test_a_page_is_recorded_with_what_reading_makes_of_it(press: Press, config: Path) -> None:
    simple_site(press)
    assert add(config, f"http://{DAILY}/") == 0
    folder = config.parent / "data" / "pages" / "daily"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    story = stories(DAILY)[0]
    assert (expected["title"], expected["url"], expected["canonical_url"]) == (story.title, story.url, story.url)
    assert (expected["published_on"], expected["language"], expected["authors"]) == ("2024-06-20", "en", [])
    assert expected["word_count"] > 50
    assert expected["rejected"] is None
    assert "text" not in expected
    pages = list(iterate_pages(folder / expected["warc_file"]))
    assert [(page.url, page.content) for page in pages if isinstance(page, ArchivedPage)] == [(story.url, story.html())]
    assert not (config.parent / "data" / "archive").exists(), "it is no part of the collection"


def test_a_dry_run_writes_nothing(press: Press, config: Path, tmp_path: Path, capsys: Captured) -> None:
    simple_site(press)
    before = sorted(tmp_path.rglob("*"))
    assert add(config, f"http://{DAILY}/", "--dry-run") == 0
    assert tomllib.loads(capsys.readouterr().out)["id"] == "daily"
    assert sorted(tmp_path.rglob("*")) == before


def test_only_usual_addresses(press: Press, config: Path, capsys: Captured) -> None:
    front(press, DAILY)
    press.feed(f"http://{DAILY}/rss.xml", stories(DAILY))
    assert add(config, f"http://{DAILY}/", "--id", "the-daily") == 0
    read = tomllib.loads(capsys.readouterr().out)
    assert (read["id"], read["feeds"], read["sitemaps"]) == ("the-daily", [f"http://{DAILY}/rss.xml"], [])
    assert press.requests.count(f"http://{DAILY}/feed") == 1
    assert press.requests.count(f"http://{DAILY}/feed.xml") == 0, "the first one that works is enough"


def test_only_a_news_sitemap_in_robots(press: Press, config: Path, capsys: Captured) -> None:
    listed = stories(DAILY)
    front(press, DAILY)
    robots(press, DAILY, f"User-agent: *\nDisallow: /private/\nSitemap: http://{DAILY}/sitemaps.xml\n")
    old = [f"http://{DAILY}/sitemap-{year}.xml" for year in range(2000, 2024)]
    press.replies[f"http://{DAILY}/sitemaps.xml"] = index(*old, f"http://{DAILY}/news-sitemap.xml", "http://elsewhere.example/news.xml")
    press.replies[f"http://{DAILY}/news-sitemap.xml"] = sitemap(listed)
    press.replies[old[0]] = sitemap(listed, news=False)
    articles(press, listed)
    assert add(config, f"http://{DAILY}/") == 0
    said = capsys.readouterr().out
    read = tomllib.loads(said)
    assert (read["feeds"], read["sitemaps"]) == ([], [f"http://{DAILY}/news-sitemap.xml"])
    assert "named in robots.txt" in said
    assert press.asked("/sitemap-20") <= 3, "archives of years are not read through"
    assert press.asked("elsewhere") == 0


def test_an_overview_of_feeds_behind_a_link(press: Press, config: Path, capsys: Captured) -> None:
    front(press, DAILY)
    press.replies[f"http://{DAILY}/"].body += b'<a href="/rss">RSS</a>'
    press.replies[f"http://{DAILY}/rss"] = Reply(
        body=b'<html><body><a href="/rss/news.xml">News</a><a href="/rss/sport.xml">Sport</a></body></html>'
    )
    press.feed(f"http://{DAILY}/rss/news.xml", stories(DAILY))
    assert add(config, f"http://{DAILY}/", "--dry-run") == 0
    assert tomllib.loads(capsys.readouterr().out)["feeds"] == [f"http://{DAILY}/rss/news.xml"]


def test_a_home_page_that_moved(press: Press, config: Path, capsys: Captured) -> None:
    press.replies["http://old.example/"] = Reply(body=b"", status=301, location=f"http://www.{DAILY}/uk/welcome?edition=uk")
    simple_site(press, f"www.{DAILY}")
    press.replies[f"http://www.{DAILY}/uk/welcome?edition=uk"] = press.replies[f"http://www.{DAILY}/"]
    assert add(config, "http://old.example/") == 0
    read = tomllib.loads(capsys.readouterr().out)
    assert (read["id"], read["homepage"], read["domains"]) == ("daily", f"http://www.{DAILY}/", [DAILY])
    assert read["feeds"] == [f"http://www.{DAILY}/feed/"]


def test_a_host_of_its_own_below_a_domain(press: Press, config: Path, capsys: Captured) -> None:
    host = f"english.{DAILY}"
    simple_site(press, host)
    assert add(config, f"http://{host}/", "--dry-run") == 0
    said = capsys.readouterr().out
    read = tomllib.loads(said)
    assert (read["id"], read["domains"]) == ("daily-english", [host])
    assert f'domains = ["{host}"]  # please check' in said
    press.feed(f"http://{host}/feed/", [*stories(host), *stories(DAILY, count=2)])
    assert add(config, f"http://{host}/", "--dry-run") == 0
    assert tomllib.loads(capsys.readouterr().out)["domains"] == [DAILY]


def test_where_nothing_is_said_nothing_passes_for_certain(press: Press, config: Path, capsys: Captured) -> None:
    front(press, DAILY, attributes="")
    press.replies[f"http://{DAILY}/"].body = b"<html><body></body></html>"
    press.feed(f"http://{DAILY}/feed", [Story(url=f"http://{DAILY}/1", title="1", paragraphs=(), published=None)])
    assert add(config, f"http://{DAILY}/", "--dry-run") == 0
    said = capsys.readouterr()
    read = tomllib.loads(said.out)
    assert (read["name"], read["country"], read["timezone"]) == (DAILY, "ZZ", "UTC")
    assert "please check: name, country, language, timezone" in said.err


# ---- what is refused


def test_nothing_to_collect_from(press: Press, config: Path, capsys: Captured) -> None:
    front(press, DAILY, listed=stories(DAILY))
    press.feed(f"http://{DAILY}/feed", stories("elsewhere.example"))
    press.replies[f"http://{DAILY}/sitemap.xml"] = index(f"http://{DAILY}/a.xml")
    assert add(config, f"http://{DAILY}/") == 1
    said = capsys.readouterr()
    assert tomllib.loads(said.out)["pages"] == [f"http://{DAILY}/"]
    assert "no feed and no news sitemap was found" in said.err
    assert not (config / "outlets" / "daily.toml").exists()
    assert not (config.parent / "data").exists()
    assert len(press.requests) < 20


@pytest.mark.parametrize("text", ["User-agent: *\nDisallow: /\n", "User-agent: Frontrunner\nDisallow: /\n"])
def test_a_site_that_asks_to_be_left_alone(press: Press, config: Path, capsys: Captured, text: str) -> None:
    simple_site(press)
    robots(press, DAILY, text)
    assert add(config, f"http://{DAILY}/") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "robots.txt asks us not to" in said.err
    assert press.requests == [f"http://{DAILY}/robots.txt"]


def test_a_feed_that_robots_disallows_is_not_proposed(press: Press, config: Path, capsys: Captured) -> None:
    simple_site(press)
    robots(press, DAILY, "User-agent: *\nDisallow: /feed\n")
    assert add(config, f"http://{DAILY}/") == 1
    assert press.asked("/feed") == 0
    assert "pages" in tomllib.loads(capsys.readouterr().out)


@pytest.mark.parametrize("url", ["http://nowhere.example/", "http://down.example/"])
def test_a_home_page_that_cannot_be_read(press: Press, config: Path, capsys: Captured, url: str) -> None:
    press.failing.add("down.example")
    assert add(config, url) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "the home page cannot be read: " in said.err


def test_what_is_taken_already_is_refused_before_anything_is_asked(press: Press, config: Path, capsys: Captured) -> None:
    for arguments in (["http://www.courier.example/news"], [f"http://{DAILY}/", "--id", "courier"]):
        assert add(config, *arguments) == 1
        assert "courier" in capsys.readouterr().err
    assert press.requests == []
    simple_site(press, "courier.press.example")
    assert add(config, "http://press.example.invalid:bad/") == 2
    assert add(config, f"http://{DAILY}/", "--id", "Not An Id") == 2


def test_an_id_that_turns_out_to_be_taken(press: Press, config: Path, capsys: Captured) -> None:
    simple_site(press, "courier.example.org")
    press.replies["http://courier.other/"] = Reply(body=b"", status=302, location="http://courier.example/")
    simple_site(press, "courier.example")
    assert add(config, "http://courier.other/") == 1
    assert "taken already" in capsys.readouterr().err
    assert add(config, "http://courier.other/", "--id", "second") == 1
    assert "belongs to the outlet courier already" in capsys.readouterr().err


# ---- text from outside


HOSTILE = "The Daily\"\n[crawl]\ndelay_seconds = 0 # ''' \\ \u202e \x1b[2J \u2028 \x00"


def test_hostile_names_stay_text(press: Press, config: Path, capsys: Captured) -> None:
    quoted = escape(HOSTILE.replace("\x00", ""), {'"': "&quot;", "\n": "&#10;"})
    front(press, DAILY, f'<meta property="og:site_name" content="{quoted}">' + named("/feed/", quoted), attributes=f'lang="{quoted}"')
    press.feed(
        f"http://{DAILY}/feed/",
        [
            Story(
                url=f"http://{DAILY}/1?x=\"&y='#]", title=HOSTILE.replace("\x00", "").replace("\x1b", ""), paragraphs=(), published=MORNING
            )
        ],
    )
    assert add(config, f"http://{DAILY}/") == 0
    said = capsys.readouterr()
    read = tomllib.loads(said.out)
    assert "crawl" not in read
    assert read["name"].startswith('The Daily" [crawl]')
    assert all(c.isprintable() or c == "\n" for c in said.out + said.err)
    assert "daily" in {outlet.id for outlet in load_configuration(config).outlets}


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_written_as_it_is(text: str) -> None:
    written = f"key = {toml_string(text)}  # {one_line(text)}\nother = 1\n"
    read = tomllib.loads(written)
    assert read == {"key": "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text), "other": 1}
    assert all(c.isprintable() or c == "\n" for c in written)
    assert len(written.splitlines()) == 2


def test_a_proposal_that_the_configuration_would_not_take_raises() -> None:
    with pytest.raises(ValueError, match="domains"):
        write_outlet([Line(key="id", value="x")], "heading")


# ---- single rules


def test_find_sources_for_the_collector(press: Press) -> None:
    simple_site(press)
    press.feed(f"http://{DAILY}/feed/", [*stories(DAILY), *stories("other.example", count=1)])

    async def find(*domains: str) -> list[FoundSource]:
        async with Client(agent="Frontrunner", allow_private=True, clock=lambda: MORNING) as client:
            pace = Pace()
            return await find_sources(
                f"http://{DAILY}/", client=client, robots=Robots(client, pace), pace=pace, domains=domains, timeout=5, delay=0
            )

    found = asyncio.run(find())
    assert [(s.kind, s.url, s.title, s.links, s.newest) for s in found] == [
        (SourceKind.FEED, f"http://{DAILY}/feed/", "The Daily", 4, MORNING - timedelta(hours=3))
    ]
    assert asyncio.run(find("unrelated.example")) == []
    press.failing.add(DAILY)
    assert asyncio.run(find()) == []


def source(*hours: float) -> FoundSource:
    listed = tuple(ArticleLink(url=f"http://a.example/{h}", published_at=MORNING - timedelta(hours=h)) for h in hours)
    return FoundSource(kind=SourceKind.FEED, url="http://a.example/feed", links=len(listed), articles=listed)


def test_a_rate_comes_from_the_days_that_all_sources_list() -> None:
    assert articles_per_day([source(*range(0, 48, 2))]) == 12
    assert articles_per_day([source(*range(0, 48, 2), 9_000)]) == 12, "an old article on top again"
    assert articles_per_day([source(*range(0, 48, 8)), source(*range(1, 480, 8))]) == 6.0, "the long list alone would say 3"
    assert articles_per_day([source(0, 1, 2)]) is None
    assert articles_per_day([source(0, 0.1, 0.2, 0.3, 0.4, 0.5)]) is None, "an hour says nothing of a day"
    assert articles_per_day([]) is None
