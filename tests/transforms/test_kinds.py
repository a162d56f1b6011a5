"""Listings, shops, galleries and videos are no articles; short articles, live blogs and articles with pictures or a video are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from transforms.extract import read_page
from transforms.records import Article, FetchedPage, RejectedPage

HOST = "https://www.harbour.example"
PARAGRAPH = (
    "The harbour council put off the decision about the new quay on Monday, after a debate of three hours in which both camps blamed each "
    "other for the delay and nobody said how much another year would cost the town."
)
LONG = "".join(f"<p>{start} {PARAGRAPH}</p>" for start in ("Once more,", "To nobody's surprise,", "In the end,", "After all,"))
SHORT = "A ferry with 120 passengers ran aground off the north pier on Monday. No one was hurt. It was towed free at high tide."
WEBSITE = '<meta property="og:type" content="website">'
VIDEO_LD = '<script type="application/ld+json">{"@type":"VideoObject","name":"The ferry","uploadDate":"2024-06-20"}</script>'
GALLERY_LD = '<script type="application/ld+json">{"@type":"ImageGallery","name":"The regatta"}</script>'
NEWS_LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"%s","datePublished":"2024-06-20T09:00:00Z"}</script>'
PICTURES = "".join(f'<figure><img src="/{n}.jpg" alt=""><figcaption>Boats in the harbour, {n}</figcaption></figure>' for n in range(9))
PLAYER = '<video src="/ferry.mp4"></video>'


def kind(main: str, *, title: str = "The harbour", head: str = "", classes: str = "", path: str = "/news/story-of-the-day-123") -> str:
    html = (
        f'<!doctype html><html lang="en"><head><title>{title} | The Harbour Gazette</title>{head}</head><body class="{classes}">'
        f'<header><a href="/">The Harbour Gazette</a> <nav><a href="/news">News</a> <a href="/sport">Sport</a></nav></header>'
        f"<main><h1>{title}</h1>{main}</main><footer>© The Harbour Gazette</footer></body></html>"
    )
    page = FetchedPage(
        url=HOST + path, final_url=HOST + path, content=html.encode(), content_type="text/html; charset=utf-8",
        fetched_at=datetime(2024, 7, 1, tzinfo=UTC),
    )  # fmt: skip
    result = read_page(page, None)
    if isinstance(result, RejectedPage):
        assert result.fields is not None
        return str(result.rejection.reason)
    assert isinstance(result, Article)
    return "article"


def cards(number: int = 20, teaser: str = "The council met on Monday and put off the decision about the quay once more.") -> str:
    return "".join(
        f'<article><h2><a href="/news/{n}">Council puts off decision number {n}</a></h2><time datetime="2024-06-{n % 28 + 1:02}">'
        f"June</time><p>{teaser}</p></article>"
        for n in range(number)
    )


def lines(number: int = 40) -> str:
    return (
        "<ul>" + "".join(f'<li>0{n % 9}:15 <a href="/n/{n}">Council puts off decision number {n}</a></li>' for n in range(number)) + "</ul>"
    )


def goods(buy: str, price: str) -> str:
    return "".join(f'<div><a href="/shop/{n}">Oilskin number {n}</a><span>{price}</span><button>{buy}</button></div>' for n in range(12))


LISTINGS = {
    "section": {"main": cards(), "head": WEBSITE, "path": "/politics"},
    "section that the system calls an archive": {"main": cards(), "classes": "archive category category-7", "path": "/local-politics"},
    "tag": {"main": cards(6), "classes": "archive tag tag-harbour", "path": "/tag/harbour"},
    "author": {"main": cards(9), "head": '<meta property="og:type" content="profile">', "path": "/author/mira-oosthuizen"},
    "search": {"main": "<p>Showing 1 of 20</p>" + cards(10), "head": WEBSITE, "path": "/search", "classes": "search search-results"},
    "ticker": {"main": lines(), "head": WEBSITE, "path": "/newsticker", "title": "News ticker"},
    "index of live blogs": {"main": cards(8, "Live: follow the events."), "head": WEBSITE, "path": "/live", "title": "Live"},
    "latest news": {"main": lines(60), "path": "/news/breaking-news", "title": "Breaking news"},
    "taxonomy": {"main": cards(5), "classes": "path-taxonomy not-front", "path": "/topics/harbour"},
    "shop": {"main": goods("Add to cart", "€ 12,50"), "head": WEBSITE, "path": "/oilskins", "title": "Oilskins"},
    "shop in Polish": {"main": goods("Do koszyka", "49,90 zł"), "head": WEBSITE, "path": "/oferta/sztormiaki", "title": "Sztormiaki"},
    "product": {"main": f"<p>{SHORT}</p>", "head": '<meta property="product:price:amount" content="12.50">', "path": "/oilskin-yellow"},
    "front page": {"main": cards(30), "head": WEBSITE, "path": "/"},
}  # fmt: skip


@pytest.mark.parametrize("name", LISTINGS)
def test_listings(name: str) -> None:
    assert kind(**LISTINGS[name]) == "not_article"


GALLERIES = {
    "by address": {"main": f"<p>Thirty boats took part.</p>{PICTURES}", "path": "/gallery/regatta", "title": "The regatta in pictures"},
    "by its own word": {"main": f"<p>Thirty boats took part.</p>{PICTURES}", "head": GALLERY_LD, "title": "The regatta"},
    "in German": {"main": f"<p>Dreißig Boote nahmen teil.</p>{PICTURES}", "path": "/bilder/regatta", "title": "Die Regatta in Bildern"},
    "in Czech, called an article": {
        "main": f"<p>Závodu se zúčastnilo třicet lodí.</p>{PICTURES}", "path": "/fotogalerie/regata", "title": "Fotogalerie: regata",
        "head": GALLERY_LD + NEWS_LD % "Fotogalerie: regata",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", GALLERIES)
def test_galleries(name: str) -> None:
    assert kind(**GALLERIES[name]) == "gallery"


VIDEOS = {
    "by og:type": {"main": PLAYER, "head": '<meta property="og:type" content="video.other">' + VIDEO_LD, "path": "/video/ferry-towed-free"},
    "with a line below": {"main": f"{PLAYER}<p>{SHORT}</p>", "head": VIDEO_LD, "path": "/videos/2024/ferry-towed-free-12"},
    "called an article": {
        "main": f"{PLAYER}<p>The ferry was towed free at high tide.</p>", "path": "/video/ferry-towed-free",
        "head": '<meta property="og:type" content="video.other">' + VIDEO_LD + NEWS_LD % "The harbour",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", VIDEOS)
def test_video_shells(name: str) -> None:
    assert kind(**VIDEOS[name]) == "video_page"


ARTICLES = {
    "three sentences": {"main": f"<p>{SHORT}</p>"},
    "three sentences and other stories": {"main": f"<p>{SHORT}</p><aside>{lines(8)}</aside>", "head": WEBSITE},
    "three sentences, short address": {"main": f"<p>{SHORT}</p>", "path": "/ferry"},
    "a video above a text": {"main": PLAYER + LONG, "head": VIDEO_LD, "path": "/video/council-puts-off-the-quay-once-more"},
    "a video above a short text": {"main": f"{PLAYER}<p>{SHORT}</p>", "head": VIDEO_LD + NEWS_LD % "The harbour"},
    "pictures between paragraphs": {"main": PICTURES + LONG, "path": "/photos/council-puts-off-the-quay-once-more"},
    "pictures below a short text": {"main": f"<p>{SHORT}</p>{PICTURES}", "head": NEWS_LD % "The harbour"},
    "about a gallery": {"main": f"<p>{SHORT}</p>", "title": "Photo gallery gets a new roof", "path": "/culture/new-roof"},
    "about a price": {"main": f"<p>{SHORT}</p><p>€ 12,50</p><p>{PARAGRAPH}</p>", "title": "What a berth costs"},
    "by a content system": {"main": LONG, "classes": "single single-post postid-12", "head": WEBSITE},
    "with many times": {
        "main": "".join(f"<p><time datetime='2024-06-20T{n:02}:00Z'>{n}:00</time> {SHORT}</p>" for n in range(12)), "title": "Storm: live",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ARTICLES)
def test_articles(name: str) -> None:
    assert kind(**ARTICLES[name]) == "article"
