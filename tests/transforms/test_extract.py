"""From a page to an article, or to the reason why it is none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract import read_page
from transforms.params import Outlet
from transforms.records import Article, ArticleLink, FetchedPage, Reason, RejectedPage

URL = "https://www.noordkoerier.example/politiek/2024/07/02/kandidaat-voor-de-navo-krijgt-steun?utm_source=rss"
CANONICAL = "https://www.noordkoerier.example/politiek/2024/07/02/kandidaat-voor-de-navo-krijgt-steun"
FETCHED = datetime(2024, 7, 3, 8, tzinfo=UTC)
PARAGRAPHS = [
    "De kandidaat voor de hoogste post van het bondgenootschap kreeg dinsdag steun van drie regeringen, zeiden diplomaten in Brussel.",
    "Volgens hen is de beslissing nu een kwestie van dagen, al wilde niemand vooruitlopen op de vergadering van volgende week.",
    "De minister van Buitenlandse Zaken noemde de steun een belangrijke stap en prees de ervaring van de kandidaat in moeilijke tijden.",
    "In de hoofdstad werd terughoudend gereageerd: een woordvoerder zei dat het kabinet zich niet mengt in de keuze van de bondgenoten.",
]
OUTLET = Outlet(
    id="noord-koerier", name="Noord Koerier", homepage="https://www.noordkoerier.example/", domains=("noordkoerier.example",),
    country="NL", language="nl", timezone="Europe/Amsterdam",
)  # fmt: skip
LD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"Kandidaat krijgt steun van drie regeringen",'
    '"datePublished":"2024-07-02T23:30:00+02:00","dateModified":"2024-07-03T07:00:00Z",'
    '"author":[{"@type":"Person","name":"Sanne de Boer"}]%s}</script>'
)


def html(
    head: str = LD % "", paragraphs: list[str] | None = None, *, title: str = "Kandidaat krijgt steun van drie regeringen", extra: str = ""
) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (PARAGRAPHS if paragraphs is None else paragraphs))
    return (
        f'<!doctype html><html lang="nl"><head><title>{title} | Noord Koerier</title>{head}</head>'
        f'<body><nav><a href="/">Voorpagina</a></nav>'
        f"<main><article><h1>{title}</h1>{text}</article></main>{extra}<footer>Colofon</footer></body></html>"
    )


def page(
    text: str | bytes, *, content_type: str | None = "text/html; charset=utf-8", url: str = URL, link: ArticleLink | None = None
) -> FetchedPage:
    content = text if isinstance(text, bytes) else text.encode()
    return FetchedPage(url=url, final_url=url, content=content, content_type=content_type, fetched_at=FETCHED, link=link)


def read(text: str, outlet: Outlet | None = OUTLET, **agencies: tuple[str, ...]) -> Article:
    result = read_page(page(text), outlet, agencies={key.replace("_", "-"): names for key, names in agencies.items()})
    assert isinstance(result, Article), result
    return result


def rejected(fetched: FetchedPage) -> Reason:
    result = read_page(fetched, OUTLET)
    assert isinstance(result, RejectedPage), result
    return result.rejection.reason


def test_an_article() -> None:
    article = read(html())
    assert article.title == "Kandidaat krijgt steun van drie regeringen"
    assert article.text == "\n".join(PARAGRAPHS)
    assert article.authors == ("Sanne de Boer",)
    assert article.canonical_url == CANONICAL
    assert article.url == URL
    assert article.published_at == datetime(2024, 7, 2, 21, 30, tzinfo=UTC)
    assert article.published_on == date(2024, 7, 2)
    assert article.modified_at == datetime(2024, 7, 3, 7, tzinfo=UTC)
    assert (article.date_source, article.date_precision) == ("jsonld", "second")
    assert (article.language, article.access) == ("nl", "full")
    assert (article.byline_org, article.wire_agency) == (None, None)


def test_latin_1_without_a_word_from_the_server() -> None:
    text = html(
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', [p.replace("dinsdag", "één dag") for p in PARAGRAPHS]
    )
    result = read_page(page(text.encode("cp1252"), content_type="text/html"), OUTLET)
    assert isinstance(result, Article)
    assert "één dag" in result.text


@pytest.mark.parametrize(
    ("stated", "taken"),
    [
        (
            "https://www.noordkoerier.example/politiek/steun-voor-kandidaat",
            "https://www.noordkoerier.example/politiek/steun-voor-kandidaat",
        ),
        ("/politiek/steun-voor-kandidaat?utm_medium=x", "https://www.noordkoerier.example/politiek/steun-voor-kandidaat"),
        ("https://nieuws.noordkoerier.example/a/1", "https://nieuws.noordkoerier.example/a/1"),
        ("https://www.noordkoerier.example/", CANONICAL),
        ("https://www.noordkoerier.example/politiek", CANONICAL),
        ("https://elders.example/politiek/steun-voor-kandidaat", CANONICAL),
        ("javascript:void(0)", CANONICAL),
        ("", CANONICAL),
    ],
)
@pytest.mark.parametrize("outlet", [OUTLET, None])
def test_canonical_address(stated: str, taken: str, outlet: Outlet | None) -> None:
    assert read(html(LD % "" + f'<link rel="canonical" href="{stated}">'), outlet).canonical_url == taken


def test_open_graph_and_json_ld_name_addresses_too() -> None:
    assert read(html(LD % "" + '<meta property="og:url" content="https://noordkoerier.example/og">')).canonical_url.endswith("/og")
    assert read(html(LD % ',"mainEntityOfPage":{"@id":"https://noordkoerier.example/ld"}')).canonical_url.endswith("/ld")


@pytest.mark.parametrize(
    "head",
    ["", '<meta property="og:title" content="Kandidaat krijgt steun van drie regeringen - Noord Koerier">',
     '<meta property="og:title" content="Kandidaat krijgt steun van drie regeringen | Politiek | Noord Koerier">'],
)  # fmt: skip
def test_headline_without_the_outlets_name(head: str) -> None:
    assert read(html(head)).title == "Kandidaat krijgt steun van drie regeringen"


def test_a_dash_in_the_headline_stays() -> None:
    assert (
        read(html("", title="Steun voor kandidaat - drie regeringen zeggen ja")).title == "Steun voor kandidaat - drie regeringen zeggen ja"
    )


def test_wire_copy() -> None:
    byline = read(html('<meta name="author" content="Reuters">'))
    assert (byline.authors, byline.byline_org, byline.wire_agency) == ((), "Reuters", "reuters")
    assert read(html(LD % "", ["BRUSSEL (ANP) - " + PARAGRAPHS[0], *PARAGRAPHS[1:]])).wire_agency == "anp"
    assert read(html(LD % "", [*PARAGRAPHS, "Bron: Belga"])).wire_agency == "belga"
    own = html('<meta name="author" content="Noordzee Wire">')
    assert read(own, noordzee_wire=("Noordzee Wire",)).wire_agency == "noordzee-wire"
    assert read(own).wire_agency is None


def test_related_links_captions_and_scripts_are_no_text() -> None:
    extra = '<aside><h2>Lees ook</h2><ul><li><a href="/x">Jan Jansen wil ook wel</a></li></ul></aside>'
    extra += '<script>var name = "Piet Pietersen";</script>'
    figure = "<figure><img src='x.jpg' alt='Klaas Klaassen'><figcaption>Klaas Klaassen in Brussel</figcaption></figure>"
    article = read(html(LD % "", [PARAGRAPHS[0] + figure, *PARAGRAPHS[1:]], extra=extra))
    assert not any(name in article.text for name in ("Jansen", "Pietersen", "Klaassen"))


def test_access() -> None:
    closed = LD % ',"isAccessibleForFree":"False"'
    assert read(html(closed, PARAGRAPHS * 3)).access == "metered"
    assert read(html(closed, PARAGRAPHS[:2])).access == "stub"
    assert read(html(LD % ',"isAccessibleForFree":true')).access == "full"


def test_the_feed_stands_in() -> None:
    link = ArticleLink(url=URL, published_at=datetime(2024, 7, 2, 22, 30, tzinfo=UTC), authors=("Bram Visser",))
    result = read_page(page(html(""), link=link), OUTLET)
    assert isinstance(result, Article)
    assert (result.published_on, result.date_source, result.authors) == (date(2024, 7, 3), "feed", ("Bram Visser",))


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(b"%PDF-1.7 x", "application/pdf"), (b"%PDF-1.7 x", "text/html"), (b'{"a": 1}', "application/json"), (b"plain words", "text/plain"),
     (b"", None),
     (b"\xff\xd8\xff\xe0 x", None), (b"words without markup", None)],
)  # fmt: skip
def test_what_is_no_page(content: bytes, content_type: str | None) -> None:
    assert rejected(page(content, content_type=content_type)) is Reason.NOT_HTML


def test_no_text_and_no_title() -> None:
    assert rejected(page(html(LD % "", []))) is Reason.NO_TEXT
    untitled = "<html><body><article>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</article></body></html>"
    assert rejected(page(untitled)) is Reason.NO_TITLE


def listing(head: str = '<meta property="og:type" content="website">') -> str:
    items = "".join(
        f'<article><h2><a href="/a/{n}">Kop van bericht nummer {n}</a></h2><p>Kort begin van bericht.</p></article>' for n in range(20)
    )
    return f"<html><head><title>Politiek | Noord Koerier</title>{head}</head><body><h1>Politiek</h1>{items}</body></html>"


def test_listings_are_rejected_with_their_fields() -> None:
    result = read_page(page(listing(), url="https://www.noordkoerier.example/politiek"), OUTLET)
    assert isinstance(result, RejectedPage)
    assert result.rejection.reason is Reason.NOT_ARTICLE
    assert result.fields is not None
    assert result.fields.title == "Politiek"
    assert rejected(page(listing('<script type="application/ld+json">{"@type":"CollectionPage"}</script>'))) is Reason.NOT_ARTICLE
    assert rejected(page(listing(), url="https://www.noordkoerier.example/")) is Reason.NOT_ARTICLE


def test_a_bare_article_is_not_taken_for_a_listing() -> None:
    assert isinstance(read_page(page(html("")), OUTLET), Article)
    assert isinstance(read_page(page(html('<meta property="og:type" content="website">')), OUTLET), Article)


def test_hostile_markup_is_cut_short() -> None:
    result = read_page(page("<html><head><title>T</title></head><body>" + "<p>word " * 200_000), None)
    assert isinstance(result, Article | RejectedPage)
    assert isinstance(read_page(page("<div>" * 100_000 + "deep"), None), Article | RejectedPage)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "text/html", "text/html; charset=utf-7", "application/xhtml+xml"]))
def test_never_raises(content: bytes, content_type: str | None) -> None:
    for whole in (content, b"<html><head><title>" + content + b"</title></head><body><h1>" + content):
        assert isinstance(read_page(page(whole, content_type=content_type), None), Article | RejectedPage)
    assert isinstance(read_page(page(b"<html><body>x", url=content.decode("latin-1")), OUTLET), Article | RejectedPage)
