"""What kind of page it is, as far as that decides whether the page is counted.

Belongs here: signs that a page is no article but a listing, a shop or a forum, and the order in which a page is asked. Does not belong
here: pages that stand in an article's place (``walls``), galleries and videos (``shells``), whether an article is worth counting.

Rejecting an article is worse than letting a listing through. So a page that states an article of its own (JSON-LD, or Open Graph
with a publication time) passes; of all others signs are added up, and none of them is enough alone.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import ada_url
from lxml import etree

from transforms.body import word_count
from transforms.records import Reason
from transforms.shells import which_shell
from transforms.urls import is_front_page
from transforms.walls import which_wall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from transforms.structured import Structured

REJECT_AT = 4  # points
SURE = 3  # points of a sign that needs one other beside it
CLEAR = 2  # points of a clear sign; without one it takes a point more: a short notice without a date has many weak signs
LONG_LINE_WORDS = 25  # a line of so many words is a paragraph of prose
MUCH_PROSE = 8  # such lines speak for an article
LITTLE_PROSE = 2
SHORT_TEXT_WORDS = 250
SLUG_WORDS = 4  # hyphens in the last path segment of most article URLs
LINK_SHARE = 0.4  # of a page's visible words that are links
FEW_CARDS = 2  # lines that are links, at least
HEADLINE_WORDS = 5  # a link within a sentence is shorter than a headline
UNSPACED = 20  # characters
LINES_OF_A_TEASER = 4  # with its headline, at most
MANY_CARDS = 8  # <article> or <time> elements, one for each story of a listing
FEW_PRICES, MANY_PRICES = 3, 8  # texts that are nothing but a price
MAX_HEADLINE = 300  # characters
MOST_OF_LABELS = 4  # points
MAX_PRICE = 24  # characters
MAX_LABEL = 40  # characters of a label of a shop or a list

_TEXTS = etree.XPath(".//text()", smart_strings=False)
_HIDDEN = ("script", "style", "noscript", "template")
MOST_HEADLINES = 2  # of one article, long and short; more are a list of articles
_PRICE = re.compile(
    r"(?:from |ab |od |à partir de |desde |da )?(?:[$€£¥₹₺₴₽]|(?:US|C|A)\$|usd|eur|gbp|chf|kr\.?|zł|kč|ft|lei|лв\.?)\s?\d[\d.,\s]{0,9}"
    r"|\d[\d.,\s]{0,9}(?:[.,]-|[€£₺₴₽]|zł|kč|kr\.?|ft|lei|лв\.?|eur|chf)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    types: frozenset[str]
    things: frozenset[str]
    og_types: frozenset[str]
    sure_segments: frozenset[str]
    segments: frozenset[str]
    last_segments: frozenset[str]
    hosts: frozenset[str]
    software: tuple[str, ...]
    listing_classes: frozenset[str]
    article_classes: frozenset[str]
    page_classes: frozenset[str]
    sale_properties: tuple[str, ...]
    cart: frozenset[str]
    facets: tuple[str, ...]


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    table = tomllib.loads(files("transforms.lexicons").joinpath("page_kinds.toml").read_text(encoding="utf-8"))
    return _Signs(
        types=frozenset(table["types"]),
        things=frozenset(table["things"]),
        og_types=frozenset(table["og_types"]),
        sure_segments=frozenset(table["sure_segments"]),
        segments=frozenset(table["segments"]),
        last_segments=frozenset(table["last_segments"]),
        hosts=frozenset(table["hosts"]),
        software=tuple(table["software"]),
        listing_classes=frozenset(table["listing_classes"]),
        article_classes=frozenset(table["article_classes"]),
        page_classes=frozenset(table["page_classes"]),
        sale_properties=tuple(table["sale_properties"]),
        cart=frozenset(table["cart"]),
        facets=tuple(table["facets"]),
    )


def _from_structure(page: Structured) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    kinds = (page.types | page.itemtypes) & _signs().types
    if kinds:  # microdata may speak of a thing that is only a part of the page
        points = 2 if kinds <= _signs().things - page.types else SURE
        found.append((points, f"states {', '.join(sorted(kinds))}"))
    og_type = (page.first("og:type") or "").lower()
    if og_type.partition(".")[0] in _signs().og_types:
        found.append((SURE, f"og:type {og_type}"))
    elif og_type == "website":
        found.append((1, "og:type website"))
    if page.first(*_signs().sale_properties) is not None:
        found.append((SURE, "states a price"))
    return found


def _from_url(url: str) -> list[tuple[int, str]]:
    try:
        parsed = ada_url.URL(url)
    except (ValueError, UnicodeError):
        return []
    if is_front_page(url):
        return [(SURE, "front page")]
    found: list[tuple[int, str]] = []
    segments = [segment for segment in parsed.pathname.lower().split("/") if segment]
    named = next((segment for segment in segments if segment in _signs().sure_segments), None)
    likely = next((segment for segment in segments if segment in _signs().segments), None)
    hyphens = max((segment.count("-") + segment.count("_") for segment in segments), default=0)
    if named is not None:
        found.append((SURE, f"path has /{named}/"))
    elif likely is not None:
        found.append((1, f"path has /{likely}/"))
    if segments and segments[-1] in _signs().last_segments and not parsed.search:
        found.append((2, f"path ends in /{segments[-1]}"))
    if parsed.hostname.partition(".")[0] in _signs().hosts:
        found.append((2, f"host {parsed.hostname}"))
    if hyphens >= SLUG_WORDS and named is None:
        found.append((-1, "headline in the path"))
    elif len(segments) <= 1 and hyphens <= 1 and not any(c.isdigit() for c in parsed.pathname):
        found.append((1, "short path"))
    return found


def _from_markup(page: Structured, tree: HtmlElement, pieces: Sequence[str], links: Sequence[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    body = tree.find(".//body")
    named = " ".join(
        [page.first("generator") or "", *(f"{e.get('id', '')} {e.get('class', '')}" for e in (tree, body) if e is not None)]
    ).lower()
    software = next((name for name in _signs().software if name in named), None)
    if software is not None:
        found.append((1, f"made with {software}"))
    if body is not None:
        linked, shown = word_count(" ".join(links)), word_count(" ".join(" ".join(pieces).split()))
        if shown and linked > LINK_SHARE * shown:
            found.append((1, "mostly links"))
        if sum(1 for _ in body.iter("article")) > MANY_CARDS or len(page.times) > MANY_CARDS:
            found.append((1, "many entries"))
    return found


def _from_classes(classes: frozenset[str]) -> list[tuple[int, str]]:
    """What the content system itself calls the page, in the classes of <body>."""
    if classes & _signs().article_classes:
        return [(-2, "class of an article")]
    kinds = classes & _signs().listing_classes
    if kinds:
        return [(2, f"class {min(kinds)}")]
    return [(1, "class of a fixed page")] if classes & _signs().page_classes else []


def _from_labels(pieces: Sequence[str]) -> list[tuple[int, str]]:
    """Prices, and labels by which one buys, orders or narrows a list."""
    labels = [label.lower() for piece in pieces if len(piece) <= MAX_LABEL * 2 and (label := piece.strip()) and len(label) <= MAX_LABEL]
    prices = sum(len(label) <= MAX_PRICE and _PRICE.fullmatch(label) is not None for label in labels)
    found: list[tuple[int, str]] = []
    if prices > FEW_PRICES:
        found.append((2 if prices > MANY_PRICES else 1, "prices"))
    if not _signs().cart.isdisjoint(labels):
        found.append((1, "one can buy"))
    if any(label.startswith(_signs().facets) for label in labels):
        found.append((1, "a list to be ordered"))
    return found


def _from_text(text: str) -> list[tuple[int, str]]:
    """How much prose there is. Much of it speaks for an article, but not where the address says otherwise (see :func:`weigh`)."""
    lines = [word_count(line) for line in text.split("\n")]
    prose = sum(count >= LONG_LINE_WORDS for count in lines)
    if prose >= MUCH_PROSE:
        return [(-1, "much prose")]
    if prose <= LITTLE_PROSE and sum(lines) < SHORT_TEXT_WORDS:
        return [(1, "little prose")]
    return []


def _much_prose(text: str) -> bool:
    return sum(word_count(line) >= LONG_LINE_WORDS for line in text.split("\n")) >= MUCH_PROSE


def _from_headings(text: str, links: Sequence[str]) -> list[tuple[int, str]]:
    """Lines of the text that are a link, or begin with one as long as a headline, lead to other stories: an article has one now and then,
    a listing consists of them."""
    linked = {link for link in links if link.count(" ") > 1 or len(link) > UNSPACED}  # the latter in scripts without blanks
    headlines = tuple(link for link in linked if link.count(" ") + 1 >= HEADLINE_WORDS)
    lines = [" ".join(line[:MAX_HEADLINE].split()) for line in text.split("\n")]
    cards = sum(line in linked or line.startswith(headlines) for line in lines)
    if cards >= FEW_CARDS and cards * LINES_OF_A_TEASER >= len(lines):
        return [(2, "lines that are links")]
    return []


def weigh(
    page: Structured, tree: HtmlElement, text: str, url: str, dated: bool, pieces: Sequence[str], classes: frozenset[str]
) -> list[tuple[int, str]]:
    """All signs of a listing, a shop or a forum with their points; a positive one speaks against an article."""
    address = _from_url(url)
    prose = [sign for sign in _from_text(text) if sign[0] > 0 or not any(value >= SURE for value, _ in address)]
    links = [" ".join(link.text_content().split()) for link in tree.iter("a")]
    found = [*_from_structure(page), *address, *_from_markup(page, tree, pieces, links), *_from_headings(text, links), *prose]
    found += _from_classes(classes)
    if not dated:
        found.append((1, "no date"))
    if REJECT_AT - MOST_OF_LABELS <= sum(value for value, _ in found) <= REJECT_AT:  # else they change nothing
        labels = _from_labels(pieces)
        if len(labels) > 1 or not _much_prose(text):  # a review of goods has prices too
            found += labels
    return found


def states_article(page: Structured) -> bool:
    """Whether the page itself says that it is one article: a JSON-LD node with headline and date or author, or Open Graph with a time."""
    own = [node for node in page.articles if node.get("headline") or node.get("name")]
    told = any(node.get("datePublished") or node.get("author") for node in own)
    if told and len({str(node.get("headline")) for node in own}) <= MOST_HEADLINES:
        return "discussionforumposting" not in page.types
    og_article = (page.first("og:type") or "").lower() == "article" and page.first("article:published_time") is not None
    return og_article and "qapage" not in page.types


def _visible(body: HtmlElement) -> list[str]:
    """The texts that are shown, each as it stands. Scripts are taken away afterwards: asking each text for its parent costs twice that."""
    hidden = {element.text for element in body.iter(*_HIDDEN)}
    return [piece for piece in cast("list[str]", _TEXTS(body)) if not piece.isspace() and piece not in hidden]


def why_no_article(page: Structured, tree: HtmlElement, text: str, url: str, dated: bool) -> tuple[Reason, str] | None:
    """Why the page is no article, with the signs in words; None for an article."""
    body = tree.find(".//body")
    classes = frozenset((body.get("class") or "").lower().split()) if body is not None else frozenset()
    stated = states_article(page) and not is_front_page(url)
    pieces = _visible(body) if body is not None and not (stated and text) else []
    wall = which_wall(page, tree, text, url, stated=stated, pieces=pieces, classes=classes)
    if wall is not None:
        return wall
    shell = which_shell(page, tree, text, url, stated=stated, classes=classes)
    if shell is not None:
        return shell
    if stated:
        return None
    found = weigh(page, tree, text, url, dated, pieces, classes)
    clear = any(value >= CLEAR for value, _ in found)
    if sum(value for value, _ in found) < REJECT_AT + (not clear):
        return None
    return Reason.NOT_ARTICLE, "; ".join(words for value, words in sorted(found, reverse=True) if value > 0)
