"""What a home page says of its outlet: statements weighed against each other, and None or "not sure" where they are thin."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from support import shared_data

from transforms.params import TimeZone
from transforms.records import ArticleLink
from transforms.site import SiteDescription, describe, front_rank, looks_like_feed, named_news, speaks_of_comments
from transforms.whereabouts import Stated, country_of, likely_country, site_lexicon, stated_offsets, zone_for

DUTCH = "".join(
    f"<h2><a href='/{n}'>{words}</a></h2>"
    for n, words in enumerate(
        (
            "Het waterschap verhoogt de dijken langs de rivier nog voor de winter begint",
            "Burgemeester wil dat de veerpont ook op zondagavond blijft varen",
            "Drie vissers gered nadat hun boot op een zandbank was vastgelopen",
        )
    )
)
GERMAN = "<p>Der Stadtrat hat am Dienstag beschlossen, die alte Brücke über den Fluss noch in diesem Jahr zu erneuern.</p>"


def page(head: str = "", body: str = "", attributes: str = "") -> bytes:
    return f"<!DOCTYPE html><html {attributes}><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


def read(head: str = "", body: str = "", attributes: str = "", url: str = "https://www.polderpost.nl/") -> SiteDescription:
    return describe(page(head, body, attributes), "text/html", url)


def name(head: str, url: str = "https://www.polderpost.nl/") -> tuple[str, bool] | None:
    found = read(head, url=url).name
    return (found.value, found.sure) if found else None


def json_ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


# ---- name


NAMES = [
    ("<meta property='og:site_name' content='Polderpost'><title>Nieuws uit de polder | Polderpost</title>", ("Polderpost", True)),
    ("<meta property='og:site_name' content='Polderpost - het laatste nieuws'><title>Polderpost</title>", ("Polderpost", True)),
    ("<title>Polderpost: nieuws, sport en weer</title>", ("Polderpost", False)),
    ("<title>Welkom</title>", None),
    ("<title>Startpagina | Welkom</title>", None),
    ("<meta property='og:site_name' content='PressMaster 9'>" + json_ld(**{"@type": "NewsMediaOrganization", "name": "De Polderpost"}),
     ("De Polderpost", True)),
    ("<meta name='application-name' content='Iets Heel Anders'>", ("Iets Heel Anders", False)),
    (json_ld(**{"@graph": [{"@type": "WebSite", "name": "De Polderpost"}]}) + "<title>Home - De Polderpost</title>",
     ("De Polderpost", True)),
    (json_ld(**{"@type": "Organization", "name": "Other Holding", "url": "https://holding.example/"}) + "<title>Polderpost</title>",
     ("Polderpost", False)),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "expected"), NAMES)
def test_names_are_weighed(head: str, expected: tuple[str, bool] | None) -> None:
    assert name(head) == expected


def test_a_domain_echoes_initials_and_other_scripts() -> None:
    assert name("<meta property='og:site_name' content='Algemene Noordelijke Courant'>", "https://anc.example/") == (
        "Algemene Noordelijke Courant", True,
    )  # fmt: skip
    assert name("<meta property='og:site_name' content='Вечерняя газета'>", "https://gazeta.example/") == ("Вечерняя газета", True)


def test_a_name_is_text_without_line_breaks() -> None:
    found = read("<meta property='og:site_name' content='Polder&#10;post&#27;[2J&#8238;'>").name
    assert found is not None
    assert "\n" not in found.value
    assert "\x1b" not in found.value


# ---- language


def language(head: str = "", body: str = "", attributes: str = "") -> tuple[str, bool] | None:
    found = read(head, body, attributes).language
    return (found.value, found.sure) if found else None


def test_a_declared_language_is_checked_against_the_text() -> None:
    assert language(body=DUTCH, attributes="lang='nl-NL'") == ("nl", True)
    assert language(body=DUTCH, attributes="lang='en-US'") == ("nl", False)
    assert language(body=DUTCH) == ("nl", False)
    assert language(attributes="lang='nl'") == ("nl", False), "there is no text to check it"
    assert language() is None


def test_one_of_two_declarations_may_be_the_template_s() -> None:
    found = read("<meta property='og:locale' content='de_DE'>", GERMAN, "lang='en'").language
    assert found is not None
    assert (found.value, found.sure) == ("de", False)
    assert "html lang: en" in found.basis


def test_languages_beyond_the_detector_are_left_to_the_page() -> None:
    assert language(body=DUTCH, attributes="lang='eu'") == ("eu", False)
    assert language(body=DUTCH, attributes="lang='tlh'") == ("nl", False), "no language that the configuration takes"


# ---- country


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.polderpost.nl/", "NL"), ("https://paper.co.uk/", "GB"), ("https://paper.com.co/", "CO"), ("https://paper.co/", None),
        ("https://paper.tv/", None), ("https://paper.com/", None), ("https://xn--80aswg.xn--p1ai/", "RU"), ("https://paper.eu/", None),
        ("http://127.0.0.1:8000/", None), ("nonsense", None),
    ],
)  # fmt: skip
def test_domains(url: str, country: str | None) -> None:
    found = country_of(url)
    assert (found.value if found else None) == country
    assert found is None or found.sure


def test_what_speaks_for_a_country_is_weighed() -> None:
    def of(url: str, **more: object) -> tuple[str, bool] | None:
        found = country_of(url, **more)  # type: ignore[arg-type]
        return (found.value, found.sure) if found else None

    assert of("https://paper.nl/", locales={"html lang": "en-GB", "og:locale": "en_US"}) == ("NL", True)
    assert of("https://paper.com/", locales={"html lang": "de-AT"}) == ("AT", False)
    assert of("https://paper.com/", locales={"html lang": "en-US", "og:locale": "en_GB"}) == ("GB", False), "en-US is nobody's choice"
    assert of("https://paper.com/", addresses=[{"addressCountry": {"name": "Ireland"}}]) == ("IE", True)
    assert of("https://paper.com/", addresses=[{"addressCountry": "Nederland"}], locales={"html lang": "nl"}) == ("NL", True)
    assert of("https://paper.nl/", addresses=[{"addressCountry": "BEL"}]) == ("NL", False), "two strong words against each other"
    assert of("https://paper.com/", stated={"geo.region": "CA-QC"}) == ("CA", False)
    assert of("https://paper.com/", locales={"html lang": "eo-XX", "og:locale": "es_LA" * 50}) != ("XX", True)
    assert of("https://paper.com/", addresses=[7, None, {"addressCountry": ["x"]}, [[]]]) is None


def test_a_language_alone_is_only_a_beginning() -> None:
    assert (likely_country("pl"), likely_country("no"), likely_country("xx")) == ("PL", "NO", None)


def test_no_sure_country_of_a_real_page_is_wrong() -> None:
    folder = shared_data("fundus_pages")
    countries = {"uk": "GB", "isl": "IS"}
    seen, wrong = 0, []
    with gzip.open(folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            found = describe(gzip.decompress((folder / truth["page"]).read_bytes()), "text/html", truth["url"]).country
            if found is not None and found.sure:
                seen += 1
                if found.value != countries.get(truth["country"], truth["country"].upper()):
                    wrong.append((truth["url"], found))
    assert wrong == []
    assert seen > 50


# ---- time zone


def links(*dates: str) -> list[ArticleLink]:
    return [
        ArticleLink(url=f"https://a.example/{n}", published_raw=raw, published_at=datetime.fromisoformat(raw).astimezone(UTC))
        for n, raw in enumerate(dates)
    ]


def test_one_zone_is_one_answer() -> None:
    found = zone_for("NL")
    assert found is not None
    assert (found.value, found.sure) == ("Europe/Amsterdam", True)
    elsewhere = zone_for("NL", stated_offsets(links("2024-06-20T08:00:00+05:30")))
    assert elsewhere is not None
    assert not elsewhere.sure
    assert "+05:30" in elsewhere.basis


@pytest.mark.parametrize(
    ("country", "dates", "zone", "sure"),
    [
        ("ES", [], "Europe/Madrid", False),
        ("ES", ["2024-06-20T08:00:00+02:00"], "Europe/Madrid", True),
        ("ES", ["2024-06-20T08:00:00+01:00"], "Atlantic/Canary", True),
        ("US", [], "America/New_York", False),
        ("US", ["2024-06-20T08:00:00-05:00", "2024-01-20T08:00:00-06:00"], "America/Chicago", True),
        ("US", ["2024-06-20T08:00:00+00:00"], "America/New_York", False),
        ("US", ["2024-06-20T08:00:00+09:00"], "America/New_York", False),
        ("US", ["2024-01-20T08:00:00-07:00"], "America/Denver", False),
        ("US", [*["2024-06-20T08:00:00-04:00"] * 9, "2024-01-20T08:00:00-04:00"], "America/New_York", True),
    ],
)
def test_of_several_zones_the_dates_choose(country: str, dates: list[str], zone: str, sure: bool) -> None:
    found = zone_for(country, stated_offsets(links(*dates)))
    assert found is not None
    assert (found.value, found.sure) == (zone, sure)


def test_every_zone_that_can_be_proposed_can_be_configured() -> None:
    known: TypeAdapter[str] = TypeAdapter(TimeZone)
    for country in set(get_global("territory_zones")) - {"001", "ZZ"}:
        found = zone_for(country)
        assert found is None or known.validate_python(found.value)
    for country, zones in site_lexicon()["populous_zones"].items():
        assert set(zones) <= set(get_global("territory_zones")[country]), country
    many = {country for country, zones in get_global("territory_zones").items() if len(zones) > 1} - {"001", "ZZ"}
    assert many <= site_lexicon()["populous_zones"].keys()


def test_offsets_are_read_where_they_are_stated() -> None:
    at = datetime(2024, 6, 20, 6, tzinfo=UTC)
    raws = ["Thu, 20 Jun 2024 08:00:00 +0200", "2024-06-20T06:00:00Z", "Thu, 20 Jun 2024 06:00:00 GMT", "2024-06-20", "", "x +9999"]
    found: tuple[Stated, ...] = stated_offsets(ArticleLink(url="https://a.example/", published_raw=raw, published_at=at) for raw in raws)
    assert found == ((at, timedelta(hours=2)),)


# ---- feeds


def test_feeds_are_named_in_two_ways_and_comments_are_none() -> None:
    head = """
      <link rel="alternate" type="application/rss+xml" title="Polderpost" href="/feed/">
      <link rel="alternate" type="application/rss+xml" title="Polderpost &raquo; Reacties" href="/reacties/feed/">
      <link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/comments/feed/">
      <link rel="alternate" type="application/atom+xml" href="https://feeds.elsewhere.example/polderpost">
      <link rel="alternate" type="application/json+oembed" href="/oembed?url=x">
      <link rel="alternate" hreflang="en" href="/en/">
      <link rel="sitemap" type="application/xml" href="/news-sitemap.xml">
      <base href="https://www.polderpost.nl/nieuws/">"""
    body = """<a href="sport/rss.xml">Sport</a> <a href="/feed/">nog eens</a> <a href="https://reader.example/feed/">lezer</a>
      <a href="/rss">RSS</a> <a href="/verhalen/feeding-the-ducks.html">eenden</a> <a href="javascript:x()">x</a> <a href="http://[">y</a>"""
    found = read(head, body)
    assert [(feed.url, feed.stated) for feed in found.feeds] == [
        ("https://www.polderpost.nl/feed/", True),
        ("https://feeds.elsewhere.example/polderpost", True),
        ("https://www.polderpost.nl/nieuws/sport/rss.xml", False),
        ("https://www.polderpost.nl/rss", False),
    ]
    assert found.feeds[0].title == "Polderpost"
    assert found.sitemaps == ("https://www.polderpost.nl/news-sitemap.xml",)


@pytest.mark.parametrize(
    ("path", "is_feed"),
    [
        ("/feed", True), ("/feed/", True), ("/rss.xml", True), ("/news/rss", True), ("/rss/une.xml", True), ("/index.rss", True),
        ("/feeds/posts/default.xml", True), ("/feed.json", True), ("/news/index.rdf", True), ("/", False), ("/feedback", False),
        ("/rss/explained.html", False), ("/2024/06/20/how-to-feed-ducks", False), ("/news.xml", False), ("/press", False),
        ("/feeds/posts/default", True), ("/news_rss.xml", True), ("/rss-topstories", True), ("/rss/world", True), ("/impression", False),
        ("/service/rss.html", True),
    ],
)  # fmt: skip
def test_addresses_of_feeds(path: str, is_feed: bool) -> None:
    assert looks_like_feed(f"https://a.example{path}") is is_feed


def test_ranks_and_kinds_of_addresses() -> None:
    assert front_rank("/feed/") == front_rank("/rss/news.xml") == 0
    assert front_rank("/sport/rss.xml") == 1
    assert named_news("https://a.example/sitemap-news.xml")
    assert named_news("https://a.example/sitemap_news_1.xml.gz")
    assert not named_news("https://a.example/newspaper-sitemap-2014.xml")
    assert speaks_of_comments("https://a.example/comments/feed/", None)
    assert speaks_of_comments("https://a.example/feed/x/", "Polderpost » Kommentare zu: Die Brücke")
    assert not speaks_of_comments("https://a.example/feed/", "Polderpost")


# ---- hostile pages


def test_limits() -> None:
    anchors = "".join(f"<a href='/{n}/rss.xml'>x</a>" for n in range(20_000))
    assert len(read(body=anchors).feeds) == 60
    deep = "[" * 5_000 + "]" * 5_000
    assert read(f"<script type='application/ld+json'>{deep}</script>").name is None


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_give_a_description(content: bytes, url: str) -> None:
    describe(b"<html lang='x'><title>" + content, None, url)
    describe(content, "text/html; charset=x", "https://a.example/")
