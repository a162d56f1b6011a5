"""The article links of a home or section page: the fallback where an outlet has neither a feed nor a sitemap.

Belongs here: which links of such a page look like articles, from their address, their words and their place. Does not belong here: what
the linked page turns out to be (``kinds`` judges it when it was fetched), feeds that the page declares.

No single sign decides: an address with a date, a headline or a number in it, words as long as a headline, a heading around them. Sure
signs of something else (a tag, an author, a login) rule a link out. ``rel="nofollow"`` is not heeded: it tells search engines that a link
is no endorsement, and asks nothing of a reader; what may be fetched is for robots.txt to say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from lxml import etree

from transforms.decode import decode_html
from transforms.listing import HTML_ROOT, MAX_TITLE_CHARS, Listing, absolute, begins, head, listing, plain, rejected
from transforms.records import ArticleLink, Reason, Rejection
from transforms.structured import parse_html
from transforms.urls import canonicalise, is_front_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

MAX_PAGE_LINKS = 500  # the longest home pages show some 400 articles
MAX_PAGE_BYTES = 10_000_000
MAX_ANCHORS = 20_000
ENOUGH = 2  # points that make a link an article's
HEADLINE_WORDS, HEADLINE_CHARS = 4, 20  # a link's text from here on is more than the name of a section
HEADLINE_SIGNS = 8  # the same for scripts without spaces between words
SLUGS = (2, 4, 6)  # hyphens between the words of a segment, a point for each length reached
LONG_ESCAPED = 20  # escaped bytes of a headline in another script than Latin
PROSE_WORDS = 3  # beside a link, in the same paragraph
_MAX_TEXT_PIECES = 60

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FURNITURE = frozenset({"nav", "footer", "menu", "form", "select"})  # <header> is none: cards of articles have one
_FURNITURE_ROLES = frozenset({"navigation", "contentinfo", "menu", "menubar", "search", "tablist"})
_UNSEEN = ("script", "style", "noscript", "template", "svg")
_MARKUP = re.compile(r"<(?:html|head|body|div|main|section|article|ul|table|p|a)\b", re.IGNORECASE)
_DATE = re.compile(
    r"/(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[/-](?:[0-2]?\d|3[01]))?(?=[/-])"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)",
    re.IGNORECASE,
)
_ONLY_NUMBERS = re.compile(r"(?:[/-](?:\d{1,4}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))+/?$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5,}")
_DAY_NUMBER = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:\d\d)?")
_INDEX = re.compile(r"(?:index|default|home)\.\w{2,5}")
_END = re.compile(r"\.[a-z]{2,5}$|-?\d+$")
_CODE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{8,}", re.IGNORECASE)  # letters and digits mixed, as keys of articles are
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(slots=True)
class _Anchor:
    """All links of a page to one address."""

    url: str
    title: str | None = None  # where one of them has words like a headline
    in_heading: bool = False
    other_words: bool = False  # has text that is none


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    never: frozenset[str]
    doubtful: frozenset[str]
    last: frozenset[str]
    hosts: frozenset[str]
    files: frozenset[str]


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    kinds, links = (
        tomllib.loads(files("transforms.lexicons").joinpath(name).read_text(encoding="utf-8"))
        for name in ("page_kinds.toml", "page_links.toml")
    )
    return _Signs(
        never=frozenset(kinds["sure_segments"]) | frozenset(links["segments"]),
        doubtful=frozenset(kinds["segments"]) | frozenset(links["doubtful"]),
        last=frozenset(kinds["last_segments"]),
        hosts=frozenset(kinds["hosts"]),
        files=frozenset(links["files"]),
    )


def read_page(content: bytes, content_type: str | None, base_url: str, *, is_own: Callable[[str], bool]) -> Listing | Rejection:
    """The article links of a home or section page, in its order. ``base_url`` is the address that answered.

    ``is_own`` says whether an address belongs to the outlet; all others are left out. A link's title is its text where that looks like a
    headline. Reasons: NOT_HTML, EMPTY_FEED (no link that looks like an article), TOO_LARGE, BAD_ENCODING, CUT_SHORT.
    """
    body = plain(content, MAX_PAGE_BYTES)
    if isinstance(body, Rejection):
        return body
    start = head(body)
    if not (HTML_ROOT.search(start) or _MARKUP.search(start)) or (start.lstrip().startswith("<?xml") and not HTML_ROOT.search(start)):
        return rejected(Reason.NOT_HTML, begins(start))
    tree = _parse(decode_html(body, content_type))
    if tree is None:
        return rejected(Reason.NOT_HTML, begins(start))
    own_path = _path(base_url)
    found: dict[str, _Anchor] = {}
    for anchor in islice(_anchors(tree, base_url), MAX_ANCHORS):
        key = canonicalise(anchor.url)
        if key is None or (_path(key) == own_path and not _is_numbered(urlsplit(key).query)) or not is_own(anchor.url):
            continue
        known = found.setdefault(key, anchor)
        if anchor.title and (known.title is None or (anchor.in_heading and not known.in_heading)):
            known.title = anchor.title
        known.in_heading = known.in_heading or anchor.in_heading
        known.other_words = known.other_words or anchor.other_words
    articles = [
        anchor
        for key, anchor in found.items()
        if is_article_link(key, anchor.title, in_heading=anchor.in_heading, other_words=anchor.other_words)
    ]
    return listing((ArticleLink(url=a.url, title=a.title) for a in articles[:MAX_PAGE_LINKS]), truncated=len(articles) > MAX_PAGE_LINKS)


def is_article_link(url: str, title: str | None = None, *, in_heading: bool = False, other_words: bool = False) -> bool:
    """Whether a link looks like an article's, by its address and by what the page shows of it.

    ``title`` is the link's text where that looks like a headline (see :func:`headline`), ``in_heading`` whether it is set as one,
    ``other_words`` whether it has text that does not.
    """
    parts = urlsplit(url)
    path = parts.path.lower()
    segments = [segment for segment in path.split("/") if segment]
    if segments and _INDEX.fullmatch(segments[-1]):
        segments.pop()
    numbered = _is_numbered(parts.query)
    if is_front_page(url) or not (segments or numbered) or _is_ruled_out(parts.hostname or "", segments):
        return False
    tail = segments[-2:]
    slug = max((re.split(r"[.%]", segment)[0].count("-") + segment.count("_") for segment in tail), default=0)
    points = 0
    points += 2 if _DATE.search(path) else 0
    points += sum(slug >= length for length in SLUGS) or 2 * any(segment.count("%") >= LONG_ESCAPED for segment in tail)
    points += 1 if numbered or _NUMBER.search("/".join(tail)) else 0
    points += 1 if any(_CODE.fullmatch(word) for segment in tail for word in re.split(r"[-_.]", segment)) else 0
    points += (2 if in_heading else 1) if title else -1 if other_words else 0
    points -= 1 if any(_word(segment) in _signs().doubtful for segment in segments[:-1]) else 0
    points -= 1 if len(segments) == 1 and slug < SLUGS[0] and not any(c.isdigit() for c in path) else 0
    return points >= ENOUGH


def _is_ruled_out(host_name: str, segments: list[str]) -> bool:
    signs = _signs()
    last = segments[-1] if segments else ""
    return (
        ("." in last and last.rpartition(".")[2] in signs.files)
        or host_name.partition(".")[0] in signs.hosts
        or any(segment in signs.never or _word(segment) in signs.never for segment in segments)
        or _word(last) in signs.last
        or _word(last) in signs.doubtful
        or _ONLY_NUMBERS.fullmatch("/" + "/".join(segments)) is not None  # the articles of a day, and of every other one from there
    )


def _word(segment: str) -> str:
    """A path's segment without a file's ending and without a number at its end."""
    return _END.sub("", segment)


def _is_numbered(query: str) -> bool:
    """Whether a query names an article by its number. A number that is a date turns a calendar's pages."""
    return any(not _DAY_NUMBER.fullmatch(number) for number in _NUMBER.findall(query))


def headline(text: str) -> str | None:
    """The text of a link as evidence of a title; None where it is as short as the name of a section or as "read more"."""
    words = " ".join(text.split())[:MAX_TITLE_CHARS].rstrip()
    long_enough = (len(words.split()) >= HEADLINE_WORDS and len(words) >= HEADLINE_CHARS) or len(_UNSPACED.findall(words)) >= HEADLINE_SIGNS
    return words if long_enough else None


def _parse(text: str) -> HtmlElement | None:
    tree = parse_html(text)
    if tree is not None:
        etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    return tree


def _anchors(tree: HtmlElement, base_url: str) -> Iterator[_Anchor]:
    """The links outside of menus and forms, in the order of the page."""
    base = next((absolute(b.get("href", ""), base_url) for b in islice(tree.iter("base"), 1)), base_url)
    furniture, headings = 0, 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        step = 1 if event == "start" else -1
        if tag in _FURNITURE or element.get("role", "").lower() in _FURNITURE_ROLES:
            furniture += step
        elif tag in _HEADINGS:
            headings += step
        elif tag == "a" and event == "start" and not furniture:
            href = (element.get("href") or "").strip()
            if href and not href.startswith("#"):
                yield _anchor(element, urldefrag(absolute(href, base)).url, in_heading=headings > 0)


def _anchor(element: HtmlElement, url: str, *, in_heading: bool) -> _Anchor:
    inner = next((child for child in islice(element.iterdescendants(), _MAX_TEXT_PIECES) if child.tag in _HEADINGS), None)
    shown = inner if inner is not None else element
    text = " ".join(islice(shown.itertext(), _MAX_TEXT_PIECES)).strip()
    title = None if _is_in_prose(element) else headline(text)
    return _Anchor(url=url, title=title, in_heading=in_heading or inner is not None, other_words=bool(text) and headline(text) is None)


def _is_in_prose(element: HtmlElement) -> bool:
    """Whether a link is a part of a sentence: its words are no headline then."""
    before = element.getprevious()
    parent = element.getparent()
    lead = before.tail if before is not None else parent.text if parent is not None else None
    return max(len((lead or "").split()), len((element.tail or "").split())) >= PROSE_WORDS


def _path(url: str) -> str:
    """Host and path: a page with another query is the same page, turned over."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
