"""What kind of page it is, as far as that decides whether the page is counted.

Belongs here: signs that a page is no article. Does not belong here: whether an article is worth counting.

Rejecting an article is worse than letting a listing through. So a page that states an article of its own (JSON-LD, or Open Graph
with a publication time) passes; of all others signs are added up, and none of them is enough alone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import ada_url
from lxml import etree

from transforms.body import word_count
from transforms.urls import is_front_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.structured import Structured

REJECT_AT = 4  # points
SURE = 3  # points of a sign that needs one other beside it
LONG_LINE_WORDS = 25  # a line of so many words is a paragraph of prose
MUCH_PROSE = 8  # such lines speak for an article
LITTLE_PROSE = 2
SHORT_TEXT_WORDS = 250
SLUG_WORDS = 4  # hyphens in the last path segment of most article URLs
LINK_SHARE = 0.4  # of a page's visible words that are links
FEW_CARDS = 2  # lines that are links, at least
LINES_OF_A_TEASER = 4  # with its headline, at most
MANY_CARDS = 8  # <article> or <time> elements, one for each story of a listing
_VISIBLE = etree.XPath(".//text()[not(parent::script or parent::style or parent::noscript or parent::template)]")
MOST_HEADLINES = 2  # of one article, long and short; more are a list of articles


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    types: frozenset[str]
    og_types: frozenset[str]
    sure_segments: frozenset[str]
    segments: frozenset[str]
    last_segments: frozenset[str]
    hosts: frozenset[str]
    software: tuple[str, ...]


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    table = tomllib.loads(files("transforms.lexicons").joinpath("page_kinds.toml").read_text(encoding="utf-8"))
    return _Signs(
        types=frozenset(table["types"]),
        og_types=frozenset(table["og_types"]),
        sure_segments=frozenset(table["sure_segments"]),
        segments=frozenset(table["segments"]),
        last_segments=frozenset(table["last_segments"]),
        hosts=frozenset(table["hosts"]),
        software=tuple(table["software"]),
    )


def _from_structure(page: Structured) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    kinds = (page.types | page.itemtypes) & _signs().types
    if kinds:
        found.append((SURE, f"states {', '.join(sorted(kinds))}"))
    og_type = (page.first("og:type") or "").lower()
    if og_type.partition(".")[0] in _signs().og_types:
        found.append((SURE, f"og:type {og_type}"))
    elif og_type == "website":
        found.append((1, "og:type website"))
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


def _from_markup(page: Structured, tree: HtmlElement) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    body = tree.find(".//body")
    named = " ".join(
        [page.first("generator") or "", *(f"{e.get('id', '')} {e.get('class', '')}" for e in (tree, body) if e is not None)]
    ).lower()
    software = next((name for name in _signs().software if name in named), None)
    if software is not None:
        found.append((1, f"made with {software}"))
    if body is not None:
        linked = sum(word_count(link.text_content()) for link in body.iter("a"))
        shown = word_count(" ".join(cast("list[str]", _VISIBLE(body))))
        if shown and linked > LINK_SHARE * shown:
            found.append((1, "mostly links"))
        if sum(1 for _ in body.iter("article")) > MANY_CARDS or len(page.times) > MANY_CARDS:
            found.append((1, "many entries"))
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


def _from_headings(tree: HtmlElement, text: str) -> list[tuple[int, str]]:
    """Lines of the text that are nothing but a link lead to other stories: an article has one now and then, a listing consists of them."""
    body = tree.find(".//body")
    if body is None:
        return []
    linked = {" ".join(link.text_content().split()) for link in body.iter("a")}
    lines = [" ".join(line.split()) for line in text.split("\n")]
    headlines = sum(word_count(line) > 2 and line in linked for line in lines)
    if headlines >= FEW_CARDS and headlines * LINES_OF_A_TEASER >= len(lines):
        return [(2, "lines that are links")]
    return []


def weigh(page: Structured, tree: HtmlElement, text: str, url: str, dated: bool) -> list[tuple[int, str]]:
    """All signs with their points; a positive one speaks against an article."""
    address = _from_url(url)
    prose = [sign for sign in _from_text(text) if sign[0] > 0 or not any(value >= SURE for value, _ in address)]
    found = [*_from_structure(page), *address, *_from_markup(page, tree), *_from_headings(tree, text), *prose]
    if not dated:
        found.append((1, "no date"))
    return found


def states_article(page: Structured) -> bool:
    """Whether the page itself says that it is one article: a JSON-LD node with headline and date or author, or Open Graph with a time."""
    own = [node for node in page.articles if node.get("headline") or node.get("name")]
    told = any(node.get("datePublished") or node.get("author") for node in own)
    if told and len({str(node.get("headline")) for node in own}) <= MOST_HEADLINES:
        return "discussionforumposting" not in page.types
    og_article = (page.first("og:type") or "").lower() == "article" and page.first("article:published_time") is not None
    return og_article and "qapage" not in page.types


def why_no_article(page: Structured, tree: HtmlElement, text: str, url: str, dated: bool) -> str | None:
    """The signs that the page is a listing or another page that is no article, in words; None for an article."""
    if states_article(page) and not is_front_page(url):
        return None
    found = weigh(page, tree, text, url, dated)
    points = sum(value for value, _ in found)
    if points < REJECT_AT:
        return None
    return "; ".join(words for value, words in sorted(found, reverse=True) if value > 0)
