"""Feeds and sitemaps, good and bad."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import packed

from transforms import discover, feeds
from transforms.discover import ChildSitemap, Listing, read_feed, read_sitemap
from transforms.inflate import inflate
from transforms.records import ArticleLink, Reason, Rejection

BASE = "https://news.example.org/rss/feed.xml"


def links(found: Listing | Rejection) -> tuple[ArticleLink, ...]:
    assert isinstance(found, Listing), found
    return found.links


def reason(found: Listing | Rejection) -> Reason:
    assert isinstance(found, Rejection), found
    return found.reason


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Paper</title><language>nb-NO</language>
<item><title>Rutte &amp;amp; &lt;b&gt;Stoltenberg&lt;/b&gt;</title><link>/a?x=1&amp;y=2</link>
<pubDate>Mon, 01 Jul 2024 08:00:00 +0200</pubDate>
<dc:creator>Kari Nordmann</dc:creator></item>
<item><title>Ø</title><link>https://news.example.org/b</link><pubDate>Mon, 01 Jul 2024 08:00:00</pubDate></item>
<item><title>No link</title></item>
<item><guid isPermaLink="true">https://news.example.org/c</guid><dc:date>2024-07-01</dc:date></item>
<item><title>Again</title><link>https://news.example.org/b</link></item>
</channel></rss>"""


def test_rss_says_what_it_says() -> None:
    first, second, third = links(read_feed(RSS.encode(), "application/rss+xml", BASE))
    assert first == ArticleLink(
        url="https://news.example.org/a?x=1&y=2", title="Rutte & Stoltenberg", published_at=datetime(2024, 7, 1, 6, tzinfo=UTC),
        published_raw="Mon, 01 Jul 2024 08:00:00 +0200", authors=("Kari Nordmann",), language="no",
    )  # fmt: skip
    assert (second.title, second.published_at, second.published_raw) == ("Ø", None, "Mon, 01 Jul 2024 08:00:00")
    assert (third.url, third.published_at, third.published_raw) == ("https://news.example.org/c", None, "2024-07-01")


def test_atom_with_its_own_base() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example.org/x/" xml:lang="fr"><title>P</title>
    <entry><title type="html">L'OTAN &amp;eacute;lit</title><link rel="enclosure" href="a.mp3"/><link href="1.html"/>
    <updated>2024-07-01T06:00:00Z</updated><author><name>Anne</name></author><author><name>Bob</name></author></entry></feed>"""
    (link,) = links(read_feed(feed.encode(), None, BASE))
    assert (link.url, link.title, link.authors) == ("https://cdn.example.org/x/1.html", "L'OTAN élit", ("Anne", "Bob"))
    assert link.published_at == datetime(2024, 7, 1, 6, tzinfo=UTC)


def test_rdf_and_feedburner() -> None:
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"><item><title>T</title><link>https://feeds.example.com/~r/1</link>
    <f:origLink>https://news.example.org/one</f:origLink></item></rdf:RDF>"""
    assert [link.url for link in links(read_feed(feed.encode(), None, BASE))] == ["https://news.example.org/one"]


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "language": "en-GB",
        "items": [
            {"id": "1", "url": "/a", "title": " A \n title ", "date_published": "2024-07-01T08:00:00+02:00", "authors": [{"name": "Ann"}]},
            {"id": "https://news.example.org/b", "author": {"name": "Bo"}, "date_published": "2024-07-01T08:00:00"},
            {"id": "no address"}, "junk", {"url": 5},
        ],
    }  # fmt: skip
    first, second = links(read_feed(json.dumps(feed).encode("utf-8-sig"), "application/feed+json", BASE))
    assert (first.url, first.title, first.authors, first.language) == ("https://news.example.org/a", "A title", ("Ann",), "en")
    assert first.published_at == datetime(2024, 7, 1, 6, tzinfo=UTC)
    assert (second.url, second.authors, second.published_at) == ("https://news.example.org/b", ("Bo",), None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings(encoding: str) -> None:
    feed = RSS.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)
    assert [link.title for link in links(read_feed(feed, "text/xml", BASE))][1] == "Ø"


def test_utf8_wins_over_a_wrong_header() -> None:
    assert links(read_feed(RSS.encode(), "application/rss+xml; charset=iso-8859-1", BASE))[1].title == "Ø"


def test_a_gzip_file_is_unpacked() -> None:
    assert len(links(read_feed(packed(RSS.encode()), None, BASE))) == 3


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Reason.NOT_A_FEED),
        (b"<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml'></head></html>", Reason.NOT_A_FEED),
        (b"<html>" + b"<p>x</p>" * 600_000, Reason.NOT_A_FEED),
        (b"<html><body>see <rss> below</body></html>", Reason.NOT_A_FEED),
        (b"\x89PNG\r\n\x1a\n", Reason.NOT_A_FEED),
        (b'{"items": []}', Reason.NOT_A_FEED),
        (b"{" * 100_000, Reason.NOT_A_FEED),
        (b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000, Reason.NOT_A_FEED),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', Reason.EMPTY_FEED),
        (b'<rss version="2.0"><channel/></rss>', Reason.EMPTY_FEED),
        (b'<rss version="2.0"><channel><item><title>x</title></item></channel></rss>', Reason.EMPTY_FEED),
        (packed(b"<rss>" + b" " * 60_000_000), Reason.TOO_LARGE),
        (packed(b"<rss/>")[:-9], Reason.CUT_SHORT),
        (b"\x1f\x8b junk", Reason.BAD_ENCODING),
        (b"<rss><item><title>" + b"<a " * 1_000_000, Reason.TOO_LARGE),
        (b"<rss><channel>" + b"<p>x</p>" * 600_000, Reason.EMPTY_FEED),
    ],
)
def test_what_is_no_feed_has_a_reason(content: bytes, expected: Reason) -> None:
    assert reason(read_feed(content, None, BASE)) is expected


def test_entities_are_not_expanded_and_nothing_is_loaded() -> None:
    dtd = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    feed = f'<?xml version="1.0"?>{dtd}]><rss version="2.0"><channel><item><title>&x;&i;</title><link>/a</link></item></channel></rss>'
    found = read_feed(feed.encode(), None, BASE)
    assert isinstance(found, Rejection) or len(found.links[0].title or "") < 100
    place = f'<?xml version="1.0"?>{dtd}]><urlset><url><loc>https://news.example.org/&x;&i;</loc></url><url><loc>/b</loc></url></urlset>'
    listing = read_sitemap(place.encode(), None, BASE)
    assert isinstance(listing, Rejection) or all("root:" not in link.url and len(link.url) < 100 for link in listing.links)


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://img.example.org/1.jpg</image:loc><image:title>Photo</image:title></image:image>
<loc> https://news.example.org/a </loc><lastmod>2024-07-02</lastmod>
<news:news><news:publication><news:name>Paper</news:name><news:language>nl</news:language></news:publication>
<news:publication_date>2024-07-01T08:00:00+02:00</news:publication_date><news:title>Rutte &amp; NAVO</news:title></news:news></url>
<url><loc>/b</loc><lastmod>2024-07-02T00:00:00Z</lastmod></url></urlset>"""


def test_a_news_sitemap() -> None:
    first, second = links(read_sitemap(NEWS.encode(), "text/xml", BASE))
    assert first == ArticleLink(
        url="https://news.example.org/a", title="Rutte & NAVO", published_at=datetime(2024, 7, 1, 6, tzinfo=UTC),
        published_raw="2024-07-01T08:00:00+02:00", language="nl", modified_at=datetime(2024, 7, 2, tzinfo=UTC),
    )  # fmt: skip
    assert second == ArticleLink(url="https://news.example.org/b", modified_at=datetime(2024, 7, 2, tzinfo=UTC))
    assert links(read_sitemap(packed(NEWS.encode()), "application/gzip", BASE)) == (first, second)


def test_a_sitemap_index_names_its_children_newest_first() -> None:
    dates = ("2024-06-01", "2024-07-01T02:00:00+05:00", "", "2024-06-30T20:00:00Z", "2024")
    parts = "".join(f"<sitemap><loc>/s{n}.xml</loc><lastmod>{day}</lastmod></sitemap>" for n, day in enumerate(dates))
    found = read_sitemap(f"<sitemapindex>{parts}<sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>".encode(), None, BASE)
    assert isinstance(found, Listing)
    assert found.children == (
        ChildSitemap(url="https://news.example.org/s1.xml", modified_at=datetime(2024, 6, 30, 21, tzinfo=UTC)),
        ChildSitemap(url="https://news.example.org/s3.xml", modified_at=datetime(2024, 6, 30, 20, tzinfo=UTC)),
        ChildSitemap(url="https://news.example.org/s0.xml", modified_at=datetime(2024, 6, 1, tzinfo=UTC)),
        ChildSitemap(url="https://news.example.org/s2.xml"),
        ChildSitemap(url="https://news.example.org/s4.xml"),
    )
    assert not found.is_news


def test_the_news_extension_makes_a_news_sitemap() -> None:
    for text, expected in ((NEWS, True), (NEWS.replace("news:news>", "image:image>"), False)):
        found = read_sitemap(text.encode(), None, BASE)
        assert isinstance(found, Listing)
        assert found.is_news is expected


@pytest.mark.parametrize(
    ("lastmod", "expected"),
    [
        ("2024-07-02", datetime(2024, 7, 2, tzinfo=UTC)),
        (" 2024-07-02T10:00:00+02:00 ", datetime(2024, 7, 2, 8, tzinfo=UTC)),
        ("2024-07-02T10:00:00.123Z", datetime(2024, 7, 2, 10, 0, 0, 123_000, tzinfo=UTC)),
        ("2024-07-02T10:00", datetime(2024, 7, 2, 10, tzinfo=UTC)),  # without the zone that the protocol asks for
        ("2024-07", None),
        ("2024", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("1970-01-01", None),  # nothing was known
        ("0000-00-00", None),
        ("2099-01-01", datetime(2099, 1, 1, tzinfo=UTC)),
    ],
)
def test_lastmod_is_a_change_and_no_publication(lastmod: str, expected: datetime | None) -> None:
    (link,) = links(read_sitemap(f"<urlset><url><loc>/a</loc><lastmod>{lastmod}</lastmod></url></urlset>".encode(), None, BASE))
    assert link == ArticleLink(url="https://news.example.org/a", modified_at=expected)


def test_text_sitemaps_and_feeds_as_sitemaps() -> None:
    text = b"\xef\xbb\xbfhttps://a.example/1\r\n\r\nhttps://a.example/2"
    assert [link.url for link in links(read_sitemap(text, "text/plain", BASE))] == [
        "https://a.example/1", "https://a.example/2",
    ]  # fmt: skip
    assert len(links(read_sitemap(RSS.encode(), None, BASE))) == 3


def test_a_sitemap_of_more_than_its_limit_is_cut() -> None:
    body = "<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(discover.MAX_SITEMAP_LINKS + 1)) + "</urlset>"
    found = read_sitemap(body.encode(), None, BASE)
    assert isinstance(found, Listing)
    assert found.truncated
    assert len(found.links) == discover.MAX_SITEMAP_LINKS


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<html><body><urlset></body></html>", Reason.NOT_A_FEED),
        (b"Service unavailable", Reason.NOT_A_FEED),
        (b"<other/>", Reason.NOT_A_FEED),
        (b"", Reason.EMPTY_FEED),
        (b"<urlset></urlset>", Reason.EMPTY_FEED),
        (b"<urlset><url></url><url><loc/></url>", Reason.EMPTY_FEED),
        (packed(b"<urlset>" + b" " * 60_000_000), Reason.TOO_LARGE),
    ],
)
def test_what_is_no_sitemap_has_a_reason(content: bytes, expected: Reason) -> None:
    assert reason(read_sitemap(content, None, BASE)) is expected


def test_a_torn_sitemap_gives_what_it_holds() -> None:
    assert next(link.url for link in links(read_sitemap(NEWS.encode()[:-30], None, BASE))) == "https://news.example.org/a"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([RSS, NEWS]), st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=8)), max_size=6))
def test_damage_never_raises(text: str, wounds: list[tuple[int, bytes]]) -> None:
    body = bytearray(text.encode())
    for place, piece in wounds:
        body[place : place + len(piece)] = piece
    for read in (read_feed, read_sitemap):
        found = read(bytes(body), None, BASE)
        assert isinstance(found, Rejection) or found.links or found.children


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_inflating_never_exceeds_its_limit(data: bytes, limit: int) -> None:
    found = inflate(packed(data), "gzip", limit)
    if isinstance(found, bytes):
        assert found == data
        assert len(data) <= limit
    else:
        assert found.reason is Reason.TOO_LARGE


def test_a_large_damaged_feed_is_mended_first() -> None:
    items = "".join(f"<item><title>Ø & {n}</title><link>/{n}</link></item>" for n in range(20_000))
    body = f'<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel>{items}'.encode("iso-8859-1")
    assert len(body) > feeds.MAX_LOOSE_BYTES
    found = links(read_feed(body, "application/rss+xml", BASE))
    assert len(found) == discover.MAX_FEED_LINKS
    assert (found[7].title or "").startswith("Ø")
