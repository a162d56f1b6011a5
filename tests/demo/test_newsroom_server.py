"""The sample newsroom's server, on two tiny outlets written here."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from lxml import html as lxml_html

from demo.newsroom_server import LayoutError, main, start_newsroom
from demo.period import FIRST_DAILY_POLL, FIRST_POLL, LAST_POLL, poll_times

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from demo.server.proxy import Newsroom

BODY = """
First paragraph with "quotes", an ampersand & a <tag>.

Second paragraph, on
two lines. Café.
"""
PARAGRAPHS = ['First paragraph with "quotes", an ampersand & a <tag>.', "Second paragraph, on two lines. Café."]
HEAD = 'host = "harbour.example"\nname = "Post"\nlanguage = "en"\ntimezone = "Europe/London"\n'
SHIPS = r"Ships & \"shoals\""  # as it stands in TOML
HARBOUR = "harbour.example"
MARKET = "market.example"
NOON = datetime(2024, 6, 18, 12, tzinfo=UTC)


def write(folder: Path, outlet_id: str, outlet: str, **articles: str) -> Path:
    home = folder / outlet_id
    (home / "articles").mkdir(parents=True, exist_ok=True)
    (home / "outlet.toml").write_text(outlet, encoding="utf-8")
    for name, text in articles.items():
        (home / "articles" / f"2024-06-18-{name}.toml").write_text(text, encoding="utf-8")
    return folder


def article(path: str, published: str | None = "2024-06-18T08:00:00+02:00", *extra: str, headline: str = SHIPS) -> str:
    lines = [f'path = "{path}"', f'headline = "{headline}"']
    if published:
        lines.append(f"published = {published}")
    if not any(e.startswith("body") for e in extra):
        lines.append(f"body = '''{BODY}'''")
    return "\n".join([*lines, *extra])


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    write(
        tmp_path,
        "harbour-post",
        f'host = "{HARBOUR}"\nname = "The Harbour Post"\nlanguage = "en"\ntimezone = "Europe/London"\nfeed_items = 3\n'
        'sitemap_path = "/news.xml"\nrobots = """\nUser-agent: *\nDisallow: /inside/\n"""\n'
        "[[down]]\nfrom = 2024-06-22T00:00:00Z\nuntil = 2024-06-23T00:00:00Z\n"
        '[[down]]\nfrom = 2024-06-23T00:00:00Z\nuntil = 2024-06-24T00:00:00Z\nhow = "drop"\n',
        one=article(
            "/one", "2024-06-18T08:00:00+02:00", 'authors = ["Ann Invented"]', 'credit = "Sea Wire"', 'section = "World </script>"'
        ),
        two=article("/two", "2024-06-18T09:00:00+02:00", '[[edits]]\nat = 2024-06-18T14:00:00+02:00\nheadline = "Edited"'),
        late=article("/late", "2024-06-18T10:00:00+02:00", "listed = 2024-06-21T10:00:00+02:00"),
        undated=article("/undated", None, "listed = 2024-06-18T09:30:00+02:00"),
        day=article("/day", "2024-06-18T00:10:00+01:00", 'dated = "day"', "listed = 2024-06-18T09:45:00+02:00"),
        gone=article("/gone", "2024-06-20T08:00:00+02:00", 'kind = "gone"'),
        section=article("/world-news", "2024-06-20T09:00:00+02:00", 'kind = "section"', headline="World news"),
    )
    write(
        tmp_path,
        "market-blatt",
        f'host = "{MARKET}"\nname = "Marktblatt"\nlanguage = "de"\ntimezone = "Europe/Berlin"\ncharset = "iso-8859-1"\n'
        'template = "plain"\nfeed = "atom"\nfeed_path = "/atom.xml"\nfeed_gzip = true\n',
        one=article("/eins", headline="Schön – „gut“"),
        lies=article("/zwei", "2024-06-18T07:00:00+02:00", "mislabelled_charset = true", headline="Zwei"),
    )
    with start_newsroom(tmp_path, NOON) as running:
        yield running


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def page(self) -> lxml_html.HtmlElement:
        charset = self.headers.get_content_charset()
        return lxml_html.document_fromstring(self.body.decode(charset or "utf-8"))


@contextmanager
def connection(newsroom: Newsroom) -> Iterator[http.client.HTTPConnection]:
    line = http.client.HTTPConnection(newsroom.url.removeprefix("http://"), timeout=5)
    try:
        yield line
    finally:
        line.close()


def get(newsroom: Newsroom, host: str, path: str, method: str = "GET", **headers: str) -> Reply:
    with connection(newsroom) as line:
        line.request(method, f"http://{host}{path}", headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = line.getresponse()
        return Reply(answer.status, answer.headers, answer.read())


def feed_links(newsroom: Newsroom, host: str = HARBOUR) -> list[str]:
    return [e.text or "" for e in ET.fromstring(get(newsroom, host, "/feed.xml").body).iterfind("channel/item/link")]


def test_it_is_a_forward_proxy_for_its_hosts(newsroom: Newsroom) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": newsroom.url}))
    with opener.open(f"http://{HARBOUR}/one?utm_source=feed", timeout=5) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="502"):
        opener.open("http://elsewhere.example/", timeout=5)
    assert [r[1:] for r in newsroom.requests] == [(HARBOUR, "/one?utm_source=feed", 200), ("elsewhere.example", "/", 502)]
    assert newsroom.requests[0].now == NOON


def test_it_answers_a_plain_request_line_with_a_host_header(newsroom: Newsroom) -> None:
    with connection(newsroom) as line:
        line.request("GET", "/one", headers={"Host": f"{HARBOUR}:80"})
        assert line.getresponse().read()
    assert newsroom.asked(HARBOUR, "/one") == 1


def test_tunnels_and_other_methods_are_refused(newsroom: Newsroom) -> None:
    with connection(newsroom) as line:
        line.request("CONNECT", f"{HARBOUR}:443")
        assert line.getresponse().status == 405
    assert get(newsroom, HARBOUR, "/one", "POST").status == 405


def test_head_has_the_headers_and_no_body(newsroom: Newsroom) -> None:
    head, full = get(newsroom, HARBOUR, "/one", "HEAD"), get(newsroom, HARBOUR, "/one")
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(full.body))


def test_one_connection_carries_many_requests(newsroom: Newsroom) -> None:
    with connection(newsroom) as line:
        for path in ("/one", "/nothing", "/feed.xml"):
            line.request("GET", f"http://{HARBOUR}{path}")
            line.getresponse().read()
    assert [r.status for r in newsroom.requests] == [200, 404, 200]


def test_nothing_is_shown_before_it_is_listed(newsroom: Newsroom) -> None:
    newsroom.now = datetime(2024, 6, 18, 5, 59, tzinfo=UTC)
    assert get(newsroom, HARBOUR, "/one").status == 404
    assert feed_links(newsroom) == []
    newsroom.now += timedelta(minutes=1)
    assert get(newsroom, HARBOUR, "/one").status == 200
    assert feed_links(newsroom) == [f"http://{HARBOUR}/one"]


def test_the_feed_holds_the_newest_by_the_time_of_listing(newsroom: Newsroom) -> None:
    assert feed_links(newsroom) == [f"http://{HARBOUR}{p}" for p in ("/day", "/undated", "/two")]
    newsroom.now = datetime(2024, 6, 21, 9, tzinfo=UTC)
    assert feed_links(newsroom)[0] == f"http://{HARBOUR}/late"


def test_the_rss_feed_says_the_date_the_day_or_nothing(newsroom: Newsroom) -> None:
    items = {
        e.findtext("link", "").rpartition("/")[2]: e
        for e in ET.fromstring(get(newsroom, HARBOUR, "/feed.xml").body).iterfind("channel/item")
    }
    dc_date = "{http://purl.org/dc/elements/1.1/}date"
    assert parsedate_to_datetime(items["two"].findtext("pubDate", "")) == datetime(2024, 6, 18, 7, tzinfo=UTC)
    assert (items["day"].findtext(dc_date), items["day"].find("pubDate")) == ("2024-06-18", None)
    assert (items["undated"].find(dc_date), items["undated"].find("pubDate")) == (None, None)
    assert items["day"].findtext("title") == 'Ships & "shoals"'


def test_the_sitemap_covers_the_last_48_hours(newsroom: Newsroom) -> None:
    def listed() -> dict[str, str | None]:
        spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
        root = ET.fromstring(get(newsroom, HARBOUR, "/news.xml").body)
        return {u.findtext("s:loc", "", spaces).rpartition("/")[2]: u.findtext("n:news/n:publication_date", None, spaces) for u in root}

    assert listed() == {"day": "2024-06-18", "undated": None, "two": "2024-06-18T08:00:00+01:00", "one": "2024-06-18T07:00:00+01:00"}
    newsroom.now = datetime(2024, 6, 20, 7, 15, tzinfo=UTC)
    assert set(listed()) == {"undated", "day", "gone", "world-news"}


def test_unchanged_lists_are_304_until_something_changes(newsroom: Newsroom) -> None:
    for path in ("/feed.xml", "/news.xml"):
        newsroom.now = NOON - timedelta(minutes=1)
        first = get(newsroom, HARBOUR, path)
        assert get(newsroom, HARBOUR, path, If_None_Match=f'"x", W/{first.headers["ETag"]}').status == 304
        unchanged = get(newsroom, HARBOUR, path, If_Modified_Since=first.headers["Last-Modified"])
        assert (unchanged.status, unchanged.body) == (304, b"")
        assert get(newsroom, HARBOUR, path, If_None_Match='"x"', If_Modified_Since=first.headers["Last-Modified"]).status == 200
        newsroom.now = NOON  # the edit of /two
        assert get(newsroom, HARBOUR, path, If_None_Match=first.headers["ETag"]).status == 200
        assert get(newsroom, HARBOUR, path, If_Modified_Since=first.headers["Last-Modified"]).status == 200
    assert get(newsroom, HARBOUR, "/feed.xml", If_Modified_Since="yesterday").status == 200


def test_a_sitemap_changes_when_entries_drop_out(newsroom: Newsroom) -> None:
    newsroom.now = datetime(2024, 6, 20, 7, 29, tzinfo=UTC)
    before = get(newsroom, HARBOUR, "/news.xml").headers["Last-Modified"]
    newsroom.now += timedelta(seconds=59)
    assert get(newsroom, HARBOUR, "/news.xml", If_Modified_Since=before).status == 304
    newsroom.now += timedelta(seconds=1)  # /undated was listed 48 hours ago
    assert get(newsroom, HARBOUR, "/news.xml", If_Modified_Since=before).status == 200


def test_a_gzip_feed_is_served_with_its_encoding(newsroom: Newsroom) -> None:
    reply = get(newsroom, MARKET, "/atom.xml")
    assert reply.headers["Content-Encoding"] == "gzip"
    titles = [e.text for e in ET.fromstring(gzip.decompress(reply.body)).iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["Marktblatt", "Schön – „gut“", "Zwei"]


@pytest.mark.parametrize("template", ["classic", "modern", "plain"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_every_template_gives_the_same_article(tmp_path: Path, template: str, charset: str) -> None:
    extra = ['authors = ["Ann Invented"]', 'credit = "Sea Wire"', 'standfirst = "It <b>stands</b> first."']
    write(
        tmp_path,
        "post",
        HEAD + f'template = "{template}"\ncharset = "{charset}"\n',
        one=article("/one", "2024-06-18T08:00:00+02:00", *extra),
    )
    with start_newsroom(tmp_path, NOON) as newsroom:
        reply = get(newsroom, HARBOUR, "/one")
    page = reply.page()
    [h1] = page.iter("h1")
    [body] = page.xpath("//*[@class='article-body' or @class='content' or @class='entry']")
    assert reply.headers.get_content_charset() == charset
    assert h1.text_content() == 'Ships & "shoals"'
    assert [" ".join(p.text_content().split()) for p in body.iter("p")] == ["It <b>stands</b> first.", *PARAGRAPHS]
    assert "Ann Invented" in page.text_content()
    assert "Sea Wire" in page.text_content()
    assert "Sea Wire" not in body.text_content()


def test_json_ld_is_whole_and_cannot_end_its_script(newsroom: Newsroom) -> None:
    page = get(newsroom, HARBOUR, "/one").page()
    [script] = page.xpath("//script[@type='application/ld+json']")
    data = json.loads(script.text)
    assert data["datePublished"] == data["dateModified"] == "2024-06-18T07:00:00+01:00"
    assert data["author"] == [{"@type": "Person", "name": "Ann Invented"}]
    assert (data["headline"], data["articleSection"]) == ('Ships & "shoals"', "World </script>")
    assert (data["creditText"], data["sourceOrganization"]["name"], data["publisher"]["name"]) == (
        "Sea Wire",
        "Sea Wire",
        "The Harbour Post",
    )


def test_an_edit_changes_page_feed_and_modification_time(newsroom: Newsroom) -> None:
    newsroom.now = NOON - timedelta(seconds=1)
    assert get(newsroom, HARBOUR, "/two").page().findtext(".//h1") == 'Ships & "shoals"'
    newsroom.now = NOON
    page = get(newsroom, HARBOUR, "/two").page()
    assert page.findtext(".//h1") == "Edited"
    assert json.loads(page.findtext(".//script") or "")["dateModified"] == "2024-06-18T13:00:00+01:00"
    assert b"Edited" in get(newsroom, HARBOUR, "/feed.xml").body


def test_undated_pages_carry_no_date_at_all(newsroom: Newsroom) -> None:
    body = get(newsroom, HARBOUR, "/undated").body
    assert b"2024" not in body
    assert b"<time" not in body


def test_a_page_dated_to_the_day_carries_no_time(newsroom: Newsroom) -> None:
    body = get(newsroom, HARBOUR, "/day").body.decode()
    assert "2024-06-18" in body
    assert "T00:10" not in body
    assert "00:10" not in body


def test_latin_1_and_a_wrong_label(newsroom: Newsroom) -> None:
    fair, lies = get(newsroom, MARKET, "/eins"), get(newsroom, MARKET, "/zwei")
    assert "Café".encode("latin-1") in fair.body
    assert fair.page().findtext(".//h1") == "Schön – „gut“"
    assert lies.headers.get_content_charset() == "utf-8"
    assert "Café".encode("latin-1") in lies.body
    assert b"charset=utf-8" in lies.body


def test_pages_that_are_no_articles(newsroom: Newsroom) -> None:
    newsroom.now = datetime(2024, 6, 20, 12, tzinfo=UTC)
    assert f"http://{HARBOUR}/gone" in feed_links(newsroom)
    assert get(newsroom, HARBOUR, "/gone").status == 404
    assert f"http://{HARBOUR}/world-news" in feed_links(newsroom)
    section = get(newsroom, HARBOUR, "/world-news").page()
    assert section.xpath("//meta[@property='og:type']/@content") == ["website"]
    assert "/two" in section.xpath("//div[@class='teaser']//a/@href")
    assert get(newsroom, HARBOUR, "/").page().xpath("//div[@class='teaser']//a/@href")[-1] == "/one"
    [menu] = [p for p in section.xpath("//nav//a/@href") if p.startswith("/section/")]
    assert get(newsroom, HARBOUR, menu).page().xpath("//div[@class='teaser']//a/@href") == ["/one"]


def test_robots_txt_is_there_where_the_outlet_has_one(newsroom: Newsroom) -> None:
    assert get(newsroom, HARBOUR, "/robots.txt").body == b"User-agent: *\nDisallow: /inside/\n"
    assert get(newsroom, MARKET, "/robots.txt").status == 404


def test_outages(newsroom: Newsroom) -> None:
    newsroom.now = datetime(2024, 6, 22, tzinfo=UTC)
    assert {get(newsroom, HARBOUR, p).status for p in ("/", "/one", "/feed.xml", "/robots.txt")} == {503}
    assert get(newsroom, MARKET, "/eins").status == 200
    newsroom.now = datetime(2024, 6, 23, tzinfo=UTC)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        get(newsroom, HARBOUR, "/one")
    assert newsroom.requests[-1].status == 0
    newsroom.now = datetime(2024, 6, 24, tzinfo=UTC)
    assert get(newsroom, HARBOUR, "/one").status == 200
    assert newsroom.asked(HARBOUR, "/one") == 1
    assert newsroom.asked(HARBOUR, "/one", body_only=False) == 3


def test_answers_are_the_same_every_time(newsroom: Newsroom) -> None:
    for path in ("/", "/one", "/feed.xml", "/news.xml"):
        first, second = get(newsroom, HARBOUR, path), get(newsroom, HARBOUR, path)
        assert (first.body, first.headers.items()) == (second.body, second.headers.items())
    assert get(newsroom, MARKET, "/atom.xml").body == get(newsroom, MARKET, "/atom.xml").body


def test_rubbish_does_not_stop_it(newsroom: Newsroom) -> None:
    port = int(newsroom.url.rpartition(":")[2])
    for rubbish in (b"\x00\xff\r\n\r\n", b"GET http://[broken/ HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b""):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(rubbish)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                pass
    assert get(newsroom, HARBOUR, "/one").status == 200


def test_the_clock_needs_a_zone(newsroom: Newsroom) -> None:
    with pytest.raises(ValueError, match="time zone"):
        newsroom.now = datetime(2024, 6, 18)  # noqa: DTZ001 - the mistake is the point


def test_every_mistake_in_every_file_is_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        "post",
        HEAD + "colour = 1\n[[down]]\nfrom = 2024-06-22T00:00:00Z\nuntil = 2024-06-21T00:00:00Z\n",
        naive=article("/a", "2024-06-18T08:00:00"),
        undated=article("/b", None),
        twice=article("/c"),
        again=article("/c"),
        kind=article("/d", "2024-06-18T08:00:00+02:00", 'kind = "page"'),
        late=article("/e", "2024-06-18T08:00:00+02:00", "listed = 2024-06-17T08:00:00+02:00"),
        edit=article("/f", "2024-06-18T08:00:00+02:00", '[[edits]]\nat = 2024-06-18T07:00:00+02:00\nheadline = "x"'),
        broken='path = "/g',
        body=article("/h", "2024-06-18T08:00:00+02:00", 'body = ""'),
        path=article("relative"),
        related=article("/i", "2024-06-18T08:00:00+02:00", 'related = ["/nowhere"]'),
    )
    write(tmp_path, "other", HEAD.replace("Europe/London", "Europe/Lndn"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(LayoutError) as caught:
        start_newsroom(tmp_path)
    lines = sorted(str(caught.value).replace(str(tmp_path) + "/", "").splitlines())
    expected = [
        "empty/outlet.toml: is missing",
        "other/outlet.toml: timezone: is not an IANA time zone",
        "post/articles/2024-06-18-body.toml: has no body",
        "post/articles/2024-06-18-broken.toml: is not TOML in UTF-8",
        "post/articles/2024-06-18-edit.toml: an edit (",
        "post/articles/2024-06-18-kind.toml: kind: Input should be 'article', 'section' or 'gone' (is 'page')",
        "post/articles/2024-06-18-late.toml: listed (",
        "post/articles/2024-06-18-naive.toml: published: needs an offset",
        "post/articles/2024-06-18-path.toml: path: ",
        "post/articles/2024-06-18-related.toml: related: no article has the path /nowhere",
        "post/articles/2024-06-18-twice.toml: path: /c is also the path of 2024-06-18-again.toml",
        "post/articles/2024-06-18-undated.toml: has neither published nor listed",
        "post/outlet.toml: colour: unknown key",
        "post/outlet.toml: down.0: from is not before until",
    ]
    assert [(line, start) for line, start in zip(lines, expected, strict=True) if not line.startswith(start)] == []


def test_two_outlets_cannot_share_a_host(tmp_path: Path) -> None:
    write(tmp_path, "a", HEAD)
    write(tmp_path, "b", HEAD)
    with pytest.raises(LayoutError, match=r"b/outlet\.toml: host: harbour\.example is also the host of a"):
        start_newsroom(tmp_path)


def test_check_prints_a_summary_or_the_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "post", HEAD, one=article("/a"))
    assert main(["--check", str(tmp_path)]) == 0
    assert "1 outlets, 1 articles" in capsys.readouterr().out
    write(tmp_path, "post", HEAD, two=article("/a"))
    assert main(["--check", str(tmp_path)]) == 1
    assert "is also the path of" in capsys.readouterr().err


def test_the_replay_polls_once_a_week_and_then_twice_a_day_for_three_weeks_and_a_day() -> None:
    polls = poll_times()
    sparse, daily = [p for p in polls if p < FIRST_DAILY_POLL], [p for p in polls if p >= FIRST_DAILY_POLL]
    assert (polls[0], polls[-1], len(sparse), len(daily)) == (FIRST_POLL, LAST_POLL, 18, 44)
    assert {(p.weekday(), p.hour) for p in sparse} == {(3, 19)}
    assert {p.hour for p in daily} == {7, 19}
    assert list(polls) == sorted(polls)
