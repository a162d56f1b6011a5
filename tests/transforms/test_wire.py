"""Where a page credits an agency, where it names its authors and its section."""

from __future__ import annotations

import pytest

from transforms.agencies import agencies
from transforms.authors import find_byline
from transforms.marks import class_names
from transforms.section import find_section
from transforms.structured import Structured, parse_html, read_structured
from transforms.wire import find_agency

KNOWN = agencies()
PROSE = "The minister told Reuters that she would leave, the dpa wrote."


def authors(body: str, head: str = "", text: str = "") -> tuple[tuple[str, ...], str | None]:
    tree = parse_html(f"<html><head>{head}</head><body><h1>Minister resigns</h1>{body}</body></html>")
    assert tree is not None
    byline, source = find_byline(read_structured(tree), tree, text, KNOWN, ("Northern Post",), class_names(tree))
    return byline.authors, source


@pytest.mark.parametrize(
    ("body", "head", "text", "found", "source"),
    [
        ("", '<meta name="author" content="Ann Lee, Northern Post">', "", ("Ann Lee",), "meta"),
        ('<a rel="author" href="/x">Ann Lee</a>', "", "", ("Ann Lee",), "link"),
        ('<div class="article-byline">By <a href="/a">Ann Lee</a></div>', "", "", ("Ann Lee",), "byline"),
        ('<a href="/author/ann-lee">Ann Lee</a>', "", "", ("Ann Lee",), "byline"),
        ("<p>By Ann Lee | 3 July 2024</p>", "", "", ("Ann Lee",), "byline"),
        ("<div><strong>Autor:</strong> Jan Kowalski</div>", "", "", ("Jan Kowalski",), "byline"),
        ("", "", "Eins.\nZwei.\nDrei.\nVon Eva Müller", ("Eva Müller",), "text"),
        ("", "", "One.\nTwo.\nThree.\nAnna Lee", ("Anna Lee",), "text"),
        ('<div class="comments"><span class="author">Bob Stone</span></div>', "", "", (), None),
        ('<aside><span class="author">Bob Stone</span></aside>', "", "", (), None),
        ('<div class="related-story"><span class="byline">By Bob Stone</span></div>', "", "", (), None),
        ("", '<meta name="author" content="Northern Post">', "", (), None),
        ("", "", "One.\nTwo.\nThree.\nRead More", (), None),
    ],
)
def test_where_authors_stand(body: str, head: str, text: str, found: tuple[str, ...], source: str | None) -> None:
    assert authors(body, head, text) == (found, source)


def test_a_full_name_elsewhere_goes_before_a_pen_name() -> None:
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","name":"Online"}}</script>'
    pen = ld.replace("Online", "Mazi")
    assert authors('<a rel="author">Ann Lee</a>', ld) == (("Ann Lee",), "link")
    assert authors('<a rel="author">Ann Lee</a>', pen) == (("Ann Lee",), "link")
    assert authors("", pen) == (("Mazi",), "jsonld")


@pytest.mark.parametrize(
    ("body", "head", "text", "agency", "source"),
    [
        ("", "", f"OSLO, July 3 (Reuters) - The minister left.\n{PROSE}", "reuters", "text"),
        ("", "", f"{PROSE}\n{PROSE}\nQuelle: dpa", "dpa", "text"),
        ("", '<meta name="copyright" content="AFP">', PROSE, "afp", "meta"),
        ('<span class="article-source">ANP</span>', "", PROSE, "anp", "byline"),
        ('<figure><span class="source">ANP</span></figure>', "", PROSE, None, None),
        ("", "", f"{PROSE}\n{PROSE}", None, None),
        ("", "", "\n".join([PROSE] * 4 + ["Quelle: dpa"] + [PROSE] * 4), None, None),
    ],
)
def test_where_agencies_are_credited(body: str, head: str, text: str, agency: str | None, source: str | None) -> None:
    tree = parse_html(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>")
    assert tree is not None
    assert find_agency(read_structured(tree), tree, text, KNOWN, class_names(tree)) == (agency, source)


@pytest.mark.parametrize(
    ("said", "url", "section"),
    [
        (Structured(meta={"article:section": ("Politics",)}), "https://a.example/x/y", ("Politics", "meta")),
        (Structured(articles=({"articleSection": ["World", "Europe"]},)), "https://a.example/", ("World", "jsonld")),
        (Structured(breadcrumbs=("Home", "Politik", "Minister geht")), "https://a.example/", ("Politik", "breadcrumb")),
        (Structured(breadcrumbs=("Home", "Minister geht")), "https://a.example/1", (None, None)),
        (Structured(), "https://a.example/politiek/kabinet-valt", ("politiek", "url")),
        (Structured(), "https://a.example/article/kabinet-valt", (None, None)),
        (Structured(), "https://a.example/2024/kabinet-valt", (None, None)),
        (Structured(meta={"article:section": ("Northern Post",)}), "https://a.example/1", (None, None)),
        (Structured(meta={"article:section": ("https://a.example/world",)}), "https://a.example/1", (None, None)),
    ],
)
def test_sections(said: Structured, url: str, section: tuple[str | None, str | None]) -> None:
    assert find_section(said, ("Northern Post",), "Minister resigns", url) == section
