"""The article links of home and section pages."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import packed, shared_data

from transforms.discover import MAX_PAGE_LINKS, Listing, read_page
from transforms.pagelinks import headline, is_article_link
from transforms.records import ArticleLink, Reason, Rejection
from transforms.urls import canonicalise, host

BASE = "https://www.paper.example/politics/"


def own(url: str) -> bool:
    return host(url).endswith("paper.example")


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>Politics</title>{head}</head><body>{body}</body></html>"


def links(body: str, head: str = "", base: str = BASE) -> tuple[ArticleLink, ...]:
    found = read_page(page(body, head).encode(), "text/html; charset=utf-8", base, is_own=own)
    return found.links if isinstance(found, Listing) else ()


def test_a_section_page_gives_its_articles_in_order() -> None:
    body = """
    <nav><a href="/sport/long-headline-in-a-menu-of-the-page-12345">Everything that is new in our menu today</a></nav>
    <header><a href="/">The Paper</a> <a href="/login?next=/politics/">Log in</a></header>
    <main>
      <article><a href="/2024/07/01/summit"><img src="/1.jpg" alt=""></a>
        <header><h2><a href="/2024/07/01/summit#top">Allies agree on a name for the post</a></h2></header>
        <a href="/author/kari-nordmann-of-the-foreign-desk">Kari Nordmann of the foreign desk</a></article>
      <a href="second-round-of-talks-in-the-hague-ends-late.html"><h3>Talks end late</h3></a>
      <a rel="nofollow" href="https://live.paper.example/story/998877">Minister answers questions about the budget for defence</a>
      <a href="https://elsewhere.example/2024/07/01/other-house-writes-about-the-summit">Other house writes about the summit</a>
      <a href="/tag/north-atlantic-treaty-organisation-in-brussels">North Atlantic Treaty Organisation</a>
      <a href="/politics/?page=2">Older news from the section politics</a>
      <a href="/2024/07/">All articles of July of this year</a>
      <a href="/files/report-of-the-committee-on-defence-2024.pdf">Report of the committee on defence</a>
      <a href="javascript:void(0)">A button that does things with scripts</a><a href="mailto:desk@paper.example">Write to the desk now</a>
    </main>
    <footer><a href="/the-history-of-our-house-since-1901-12345">The history of our house since 1901</a></footer>"""
    assert links(body) == (
        ArticleLink(url="https://www.paper.example/2024/07/01/summit", title="Allies agree on a name for the post"),
        ArticleLink(url="https://www.paper.example/politics/second-round-of-talks-in-the-hague-ends-late.html"),
        ArticleLink(url="https://live.paper.example/story/998877", title="Minister answers questions about the budget for defence"),
    )


def test_a_base_element_moves_relative_links() -> None:
    (found,) = links('<a href="a-headline-of-some-words"></a>' * 2, head='<base href="https://m.paper.example/x/"><base href="/y/">')
    assert found.url == "https://m.paper.example/x/a-headline-of-some-words"


def test_a_calendar_has_no_end_and_is_not_entered() -> None:
    days = "".join(f'<a href="?date=202407{day:02}">What was written on that day of July</a>' for day in range(1, 31))
    days += "".join(f'<a href="/politics?date=2024-07-{day:02}">What was written on that day</a>' for day in range(1, 31))
    days += "".join(f'<a href="/2024/07/{day:02}/">What was written on that day of July</a>' for day in range(1, 31))
    assert links(days) == ()


def test_numbered_articles_of_a_home_page() -> None:
    (found,) = links('<h2><a href="/?p=1677399">The council has chosen a new chair</a></h2>', base="https://www.paper.example/")
    assert found.url == "https://www.paper.example/?p=1677399"


def test_two_links_to_one_article_are_one_with_the_better_title() -> None:
    body = """<a href="/news/story-1234567?utm_source=home">See also: a line of words beside it</a>
    <h2><a href="/news/story-1234567">Parliament votes on the treaty today</a></h2><a href="/news/story-1234567#comments">12 comments</a>"""
    (found,) = links(body)
    assert found.title == "Parliament votes on the treaty today"


def test_a_link_within_a_sentence_gives_no_title() -> None:
    body = '<p>As we wrote last week, <a href="/2024/06/25/budget-vote-ends">the budget was passed by a few votes</a> in the end.</p>'
    (found,) = links(body)
    assert found.title is None


def test_the_count_is_limited() -> None:
    body = "".join(f'<h2><a href="/2024/07/01/story-{n}">A headline with enough words {n}</a></h2>' for n in range(MAX_PAGE_LINKS + 20))
    found = read_page(page(body).encode(), None, BASE, is_own=own)
    assert isinstance(found, Listing)
    assert (found.truncated, len(found.links)) == (True, MAX_PAGE_LINKS)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.NOT_HTML),
        (b"\x89PNG\r\n\x1a\n", Reason.NOT_HTML),
        (b'<?xml version="1.0"?><rss><channel><item><a>x</a></item></channel></rss>', Reason.NOT_HTML),
        (b'{"a": 1}', Reason.NOT_HTML),
        (page("<p>No link at all</p>").encode(), Reason.EMPTY_FEED),
        (page('<a href="http://[">x</a><a href="//">y</a>').encode(), Reason.EMPTY_FEED),
        (b"<html>" + b" " * 10_000_001, Reason.TOO_LARGE),
        (packed(b"<html>" + b" " * 10_000_001), Reason.TOO_LARGE),
    ],
)
def test_what_gives_no_links_has_a_reason(content: bytes, reason: Reason) -> None:
    found = read_page(content, None, BASE, is_own=own)
    assert isinstance(found, Rejection)
    assert found.reason is reason


@pytest.mark.parametrize(
    "piece", ["<a href='/a-b-c-d-e-f'>x", "<div>", "<h2><a href=/2024/07/01/x>", "<a href='/" + "-a" * 1_000 + "'>x</a>", "<nav>", "<p>x"]
)
def test_no_page_keeps_us_busy(piece: str) -> None:
    content = ("<html><body>" + piece * (4_000_000 // len(piece))).encode()
    start = time.process_time()
    assert isinstance(read_page(content, None, BASE, is_own=own), Listing | Rejection)
    assert time.process_time() - start < 10


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_damage_never_raises(junk: bytes) -> None:
    read_page(b"<html><a href='/2024/07/01/x'>" + junk, None, BASE, is_own=own)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Allies  agree on\n a name ", "Allies agree on a name"),
        ("Read more", None),
        ("Foreign affairs and trade", "Foreign affairs and trade"),
        ("次期事務総長にルッテ氏を選出", "次期事務総長にルッテ氏を選出"),
        ("国際", None),
        ("", None),
    ],
)
def test_headlines(text: str, expected: str | None) -> None:
    assert headline(text) == expected


# ---- third-party data: addresses whose kind is known


def truth(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(shared_data(name, "truth.jsonl.gz"), "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def judged(name: str, title: str | None, kinds: frozenset[str] = frozenset()) -> tuple[int, int]:
    """How many of the addresses of a set are taken for an article's, of how many."""
    urls = [canonicalise(page["url"]) for page in truth(name) if page.get("url") and (not kinds or page.get("page_type") in kinds)]
    known = [url for url in urls if url is not None]
    return sum(is_article_link(url, title) for url in known), len(known)


def test_addresses_of_news_articles_are_taken() -> None:
    """With a headline as the link's text, and (less surely) by the address alone."""
    assert judged("fundus_pages", "A headline") == (121, 122)
    assert judged("scrapinghub_aeb", "A headline") == (76, 82)
    assert judged("fundus_pages", None) == (109, 122)


def test_addresses_of_listings_are_not() -> None:
    kinds = frozenset({"listing", "collection"})
    assert judged("wcxb_nonarticles", None, kinds) == (0, 45)
    assert judged("wcxb_nonarticles", "A headline", kinds) == (5, 45)


def test_labelled_addresses() -> None:
    """The one that differs has a number and nothing else: it is taken where its text is a headline."""
    cases = [json.loads(line) for line in shared_data("urls", "is_article_url.jsonl").read_text(encoding="utf-8").splitlines()]
    differing = []
    for case in cases:
        url = canonicalise(case["url"])
        if (url is not None and is_article_link(url)) != case["is_article"]:
            differing.append(url)
            assert url is not None
            assert is_article_link(url, "A headline") == case["is_article"]
    assert differing == ["http://www.almasryalyoum.com/news/details/387323"]
