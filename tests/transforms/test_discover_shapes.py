"""Feeds and sitemaps in the shapes that the web has, and in those that only an enemy writes."""

from __future__ import annotations

import codecs
import json
import time
from datetime import UTC, datetime

import pytest

from transforms.discover import MAX_SITEMAP_LINKS, Listing, read_feed, read_sitemap
from transforms.records import ArticleLink, Reason, Rejection

BASE = "https://news.example.org/rss/feed.xml"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def rss(items: str, channel: str = "", head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f'{head}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{channel}{items}</channel></rss>'


def listed(text: str | bytes, content_type: str | None = None) -> Listing:
    found = read_feed(text if isinstance(text, bytes) else text.encode(), content_type, BASE)
    assert isinstance(found, Listing), found
    return found


def link(text: str | bytes) -> ArticleLink:
    (found,) = listed(text).links
    return found


# ---- encodings


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize(("codec", "bom"), [("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)])
def test_utf_16(codec: str, bom: bytes, mark: bool) -> None:
    text = rss("<item><title>Žofín – Ø</title><link>/a</link></item>", head='<?xml version="1.0" encoding="UTF-16"?>')
    assert link((bom if mark else b"") + text.encode(codec)).title == "Žofín – Ø"
    place = '<?xml version="1.0" encoding="UTF-16"?><urlset><url><loc>/ø</loc></url></urlset>'
    found = read_sitemap((bom if mark else b"") + place.encode(codec), None, BASE)
    assert isinstance(found, Listing)
    assert found.links[0].url == "https://news.example.org/ø"


def test_named_entities_of_html_in_xml() -> None:
    assert link(rss("<item><title>A&nbsp;&eacute;&mdash;Z &amp;nbsp; &#8211; &copy;</title><link>/a</link></item>")).title == "A é—Z – ©"


def test_a_mended_large_feed_keeps_named_entities() -> None:
    items = "".join(f"<item><title>A&nbsp;&eacute; {n} {'x' * 60}</title><link>/{n}</link></item>" for n in range(5_000))
    titles = [found.title or "" for found in listed(rss(items)).links]
    assert len(titles) == 5_000
    assert titles[7].startswith("A é 7 x")


def test_cdata() -> None:
    found = link(rss("<item><title><![CDATA[Q&A: <b>“Who?”</b>]]></title><link><![CDATA[ /a?x=1&y=2 ]]></link></item>"))
    assert (found.url, found.title) == ("https://news.example.org/a?x=1&y=2", "Q&A: “Who?”")


# ---- titles


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Plain", "Plain"),
        ("3 &lt; 4 and 5 &gt; 4", "3 < 4 and 5 > 4"),
        ("AT&amp;amp;T", "AT&T"),
        ("one\n  two\x07", "one two"),
        ("", None),
        ("&lt;img src='x'/&gt;", None),
        ("x" * 5_000, "x" * 1_000),
    ],
)
def test_a_title_is_plain_text(title: str, expected: str | None) -> None:
    assert link(rss(f"<item><title>{title}</title><link>/a</link></item>")).title == expected


def test_a_missing_title_is_none() -> None:
    assert link(rss("<item><description>Words of the text</description><link>/a</link></item>")).title is None


# ---- addresses


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ('<guid isPermaLink="true">https://news.example.org/a</guid>', "https://news.example.org/a"),
        ("<guid>https://news.example.org/a</guid>", "https://news.example.org/a"),  # true is the standard's default
        ('<guid isPermaLink="false">https://news.example.org/a</guid>', None),
        ("<guid>12345</guid>", None),  # an id that is no address
        ("<guid>tag:news.example.org,2024:5</guid>", None),
        ("<guid>https://news.example.org/guid</guid><link>/a</link>", "https://news.example.org/a"),
        ('<enclosure url="https://news.example.org/a.mp3" type="audio/mpeg" length="1"/>', None),
        ("<guid>a.html</guid><link>a.html</link>", "https://news.example.org/rss/a.html"),
        ("<link>//cdn.example.org/a</link>", "https://cdn.example.org/a"),
        ("<link>?id=5</link>", "https://news.example.org/rss/feed.xml?id=5"),
        ("<comments>https://news.example.org/a#comments</comments>", None),
        ("<link/>", None),
    ],
)
def test_the_address_of_an_rss_item(item: str, expected: str | None) -> None:
    found = read_feed(rss(f"<item><title>T</title>{item}</item>").encode(), None, BASE)
    assert (found.links[0].url if isinstance(found, Listing) else None) == expected


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<link rel="enclosure" href="/a.mp3"/><link rel="alternate" type="text/html" href="/a"/><link rel="self" href="/a.atom"/>', "/a"),
        ('<link rel="alternate" type="text/html" href="/a"/><link rel="enclosure" href="/a.mp3"/><link rel="replies" href="/a/c"/>', "/a"),
        ('<link href="/a"/><link rel="edit" href="/e"/><link rel="related" href="/r"/>', "/a"),
        ('<link rel="alternate" type="application/json" href="/a"/>', "/a"),
        ('<link rel="enclosure" href="/a.mp3" type="audio/mpeg"/>', None),
        ('<link rel="related" href="/r"/>', None),
        ('<link rel="enclosure" href="/a.mp3"/><id>https://news.example.org/a</id>', "/a"),
        ("<id>urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6</id>", None),
        ('<link rel="self" href="/a"/>', "/a"),  # better than nothing
    ],
)
def test_the_address_of_an_atom_entry(links: str, expected: str | None) -> None:
    found = read_feed(f"<feed {ATOM}><entry><title>T</title>{links}</entry></feed>".encode(), None, BASE)
    assert (found.links[0].url if isinstance(found, Listing) else None) == (f"https://news.example.org{expected}" if expected else None)


def test_relative_links_start_at_xml_base() -> None:
    text = f"""<feed {ATOM} xml:base="https://cdn.example.org/x/"><entry xml:base="2024/"><title>T</title><link href="1.html"/></entry>
    <entry><title>U</title><link href="../2.html"/></entry></feed>"""
    assert [found.url for found in listed(text).links] == ["https://cdn.example.org/x/2024/1.html", "https://cdn.example.org/2.html"]
    text = f'<feed {ATOM} xml:base="x/"><entry xml:base="y/"><title>T</title><link href="1.html"/></entry></feed>'
    assert link(text).url == "https://news.example.org/rss/x/y/1.html"
    item = '<item xml:base="https://cdn.example.org/y/"><title>T</title><link>1.html</link></item>'
    assert link(rss(item)).url == "https://cdn.example.org/y/1.html"


def test_one_guid_with_two_links_is_two_and_one_link_twice_is_one() -> None:
    items = "".join(f'<item><guid isPermaLink="false">same</guid><title>{n}</title><link>/{n}</link></item>' for n in "abab")
    assert [(found.url[-1], found.title) for found in listed(rss(items)).links] == [("a", "a"), ("b", "b")]


# ---- dates, authors, language


@pytest.mark.parametrize("year", [1970, 2099])
def test_dates_that_cannot_be_true_are_kept_as_they_are_stated(year: int) -> None:
    found = link(rss(f"<item><link>/a</link><pubDate>Thu, 01 Jan {year} 00:00:00 GMT</pubDate></item>"))
    assert found.published_at == datetime(year, 1, 1, tzinfo=UTC)
    assert found.published_raw == f"Thu, 01 Jan {year} 00:00:00 GMT"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("kari@news.example.org (Kari Nordmann)", ("Kari Nordmann",)),
        ("Kari Nordmann &lt;kari@news.example.org&gt;", ("Kari Nordmann",)),
        ("kari@news.example.org", ()),
        ("Kari Nordmann (@kari)", ("Kari Nordmann (@kari)",)),
    ],
)
def test_an_author_is_a_name(author: str, expected: tuple[str, ...]) -> None:
    assert link(rss(f"<item><link>/a</link><author>{author}</author></item>")).authors == expected


def test_the_language_nearest_to_an_entry_counts() -> None:
    entries = '<entry xml:lang="fr"><title>A</title><link href="/a"/></entry><entry><title>B</title><link href="/b"/></entry>'
    text = f'<feed {ATOM} xml:lang="de-AT">{entries}</feed>'
    assert [found.language for found in listed(text).links] == ["fr", "de"]


# ---- older pages


@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        ('<atom:link rel="next" href="?page=2"/>', "https://news.example.org/rss/feed.xml?page=2"),
        ('<atom:link rel="next" href="/p2"/><atom:link rel="prev-archive" href="/2024-06"/>', "https://news.example.org/2024-06"),
        ('<atom:link rel="self" href="/rss"/><atom:link rel="previous" href="/newer"/>', None),
        ('<atom:link rel="next" href="javascript:next()"/>', None),
        ('<atom:link rel="next" href="file:///etc/passwd"/><atom:link rel="next" href="/p2"/>', "https://news.example.org/p2"),
        (f'<atom:link rel="next" href="{BASE}"/>', None),  # leads nowhere
        ("", None),
    ],
)
def test_where_older_entries_are(relations: str, expected: str | None) -> None:
    assert listed(rss("<item><link>/a</link></item>", relations)).older == expected


@pytest.mark.parametrize(("next_url", "expected"), [("/feed2.json", "https://news.example.org/feed2.json"), ("ftp://x/", None), (5, None)])
def test_where_older_items_of_a_json_feed_are(next_url: object, expected: str | None) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "next_url": next_url, "items": [{"id": "1", "url": "/a"}]}
    assert listed(json.dumps(feed)).older == expected


# ---- enemies


def test_entities_that_grow_and_files_of_ours() -> None:
    grow = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "haha">{grow}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    start = time.process_time()
    found = read_feed(rss("<item><title>&e9; &file;</title><link>/a</link></item>", head=head).encode(), None, BASE)
    assert isinstance(found, Rejection) or ("root:" not in (found.links[0].title or "") and len(found.links[0].title or "") < 100)
    assert time.process_time() - start < 1


def test_a_sitemap_of_100_000_links_is_cut_and_quick() -> None:
    body = "<urlset>" + "".join(f"<url><loc>/a/{n}</loc><lastmod>2024-07-01</lastmod></url>" for n in range(100_000)) + "</urlset>"
    start = time.process_time()
    found = read_sitemap(body.encode(), None, BASE)
    assert isinstance(found, Listing)
    assert (found.truncated, len(found.links)) == (True, MAX_SITEMAP_LINKS)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "body",
    [
        b"<rss>" + b"<item>" * 100_000,
        b"<rss><channel>" + b"<item><link>" * 50_000,
        b"<rss><item><title>" + b"&lt;" * 200_000 + b"</title><link>/a</link></item></rss>",
        b"<rss><item><title>" + b"&lt;script&gt;" * 100_000 + b"</title><link>/a</link></item></rss>",
        b'<rss><item><link rel="' + b"x" * 500_000 + b'">/a</link></item></rss>',
    ],
)
def test_no_feed_keeps_us_busy(body: bytes) -> None:
    start = time.process_time()
    assert isinstance(read_feed(body, None, BASE), Listing | Rejection)
    assert isinstance(read_sitemap(body, None, BASE), Listing | Rejection)
    assert time.process_time() - start < 10  # two readings


def test_a_page_is_no_feed_even_where_it_speaks_of_one() -> None:
    found = read_feed(b"<html><body><rss><item><link>/a</link></item></rss></body></html>", "application/rss+xml", BASE)
    assert isinstance(found, Rejection)
    assert found.reason is Reason.NOT_A_FEED
