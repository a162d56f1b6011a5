"""What a page says of itself in its markup: JSON-LD, meta elements, microdata, links, headings. One parse, one walk.

Belongs here: reading these statements as they stand, with limits. Does not belong here: deciding which of them is true
(``dates``, ``extract``).
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_HTML_CHARS = 6_000_000  # of a page; real articles stay under 3 MB, scripts included
MAX_TAGS = 80_000  # in a page, end tags counted; of 1,019 real pages the largest had 20,032, and time grows faster than their number
MAX_SCRIPT_CHARS = 1_000_000  # of one JSON-LD block
MAX_NODES = 2_000  # of JSON-LD in one page
MAX_DEPTH = 40  # of JSON-LD; deeper nesting is an attack
MAX_MICRODATA = 2_000  # elements with an itemprop
MAX_CRUMBS = 10
MAX_LISTED = 60  # times, headings, bylines: what is beyond belongs to lists of other stories

_ARTICLE_TYPES = frozenset({
    "article", "newsarticle", "blogposting", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "backgroundnewsarticle",
    "askpublicnewsarticle", "reviewnewsarticle", "advertisercontentarticle", "satiricalarticle", "scholarlyarticle", "techarticle",
    "liveblogposting", "report", "socialmediaposting",
})  # fmt: skip
# Types of the page itself, which say when it was published where no article node does.
_PAGE_TYPES = frozenset({"webpage", "itempage", "medicalwebpage", "creativework", "recipe", "podcastepisode", "radioepisode"})
# Keys whose values describe other pages than this one.
_OTHER_PAGES = frozenset({
    "itemlistelement", "haspart", "ispartof", "isbasedon", "relatedlink", "citation", "mentions", "publisher", "video", "image", "comment",
    "review", "about", "subjectof", "breadcrumb", "liveblogupdate", "isrelatedto", "author", "creator", "thumbnail", "associatedmedia",
    "potentialaction", "contentlocation", "sourceorganization", "blogpost", "hasofferscatalog", "offers",
})  # fmt: skip
_UNSAFE = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_JSON_WRAPPER = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)"
    r"|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
# XPath filters before an element becomes a Python object, which is most of the cost of a walk.
_WALK = etree.XPath(
    "//script[contains(@type, 'json')] | //meta[@content] | //link[@rel] | //base | //title | //h1 | //time | //a[contains(@rel, 'author')]"
)
_MICRODATA = etree.XPath("//*[@itemprop]")
_ITEMTYPES = etree.XPath("//@itemtype")
_HIDDEN_MARK = re.compile(r"visually-?hidden|sr-only|screen-?reader|offscreen|a11y-only", re.IGNORECASE)
# How the markup of a headline names the words above it, in the languages of the press.
_KICKER_MARK = re.compile(
    r"kicker|dachzeile|overline|topline|roofline|eyebrow|super-?title|sur-?titre|antetitulo|ante-?titulo|occhiello|spitzmarke|over-?title|"
    r"pre-?title|pre-?headline|title-?header|vignett",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """The statements of one page, unjudged. Texts have their white space folded; keys are in lower case."""

    articles: tuple[Node, ...] = ()  # JSON-LD nodes of an article type that speak of this page
    dated: tuple[Node, ...] = ()  # JSON-LD nodes of the page itself (WebPage and the like) that say when it was published
    types: frozenset[str] = frozenset()  # lower-case @type of every top JSON-LD node
    persons: Mapping[str, Node] = field(default_factory=dict)  # JSON-LD nodes with a name, by @id
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name, property or itemprop → contents
    canonical: str | None = None
    base: str | None = None
    html_lang: str | None = None
    title_tag: str | None = None
    headings: tuple[str, ...] = ()  # h1, in order
    kickers: frozenset[str] = frozenset()  # parts of headings that their class sets apart as kickers
    breadcrumbs: tuple[str, ...] = ()  # names in the first JSON-LD BreadcrumbList, in order
    times: tuple[tuple[str, str], ...] = ()  # (datetime attribute, marks of the element and its parents) in order
    itemprops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # microdata: name → values
    rel_authors: tuple[str, ...] = ()  # texts of rel=author links
    itemtypes: frozenset[str] = frozenset()  # microdata: last part of every itemtype, in lower case

    def first(self, *names: str) -> str | None:
        """The first content of the first of these meta names that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None


def parse_html(text: str) -> HtmlElement | None:
    """The element tree of a page; None where there is no markup at all. Never raises on bad markup; scripts are kept."""
    safe = text[:MAX_HTML_CHARS]
    if safe.count("<") > MAX_TAGS:
        safe = "<".join(safe.split("<", MAX_TAGS)[:MAX_TAGS])
    content = safe.encode("utf-8", "ignore").translate(None, _UNSAFE)  # without lone surrogates and controls, quicker in bytes
    for noncharacter in _NONCHARACTERS:
        content = content.replace(noncharacter, b"")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        tree = document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    if 'id="S:' in safe:
        _put_streamed_in_place(tree)
    return tree


def _put_streamed_in_place(tree: HtmlElement) -> None:
    """What React streams behind the page, ``<div hidden id="S:1">``, goes to its ``<template id="B:1">``, as in a browser."""
    places = {str(template.get("id"))[2:]: template for template in tree.iter("template") if (template.get("id") or "").startswith("B:")}
    for segment in list(tree.iter("div")):
        name = segment.get("id") or ""
        place = places.pop(name[2:], None) if name.startswith("S:") and segment.get("hidden") is not None else None
        parent = place.getparent() if place is not None else None
        if place is None or parent is None or segment in place.iterancestors():
            continue
        segment.attrib.pop("hidden")
        behind = place.tail
        parent.replace(place, segment)
        segment.tail = behind


def fold(text: str | None) -> str:
    """White space folded to single blanks."""
    return _SPACE.sub(" ", text).strip() if text else ""


def element_text(element: HtmlElement) -> str:
    """The visible words of an element, with a blank between blocks."""
    return fold(" ".join(piece for piece in element.itertext() if isinstance(piece, str)))


def short_text(element: HtmlElement, limit: int) -> str:
    """The visible words of an element; an empty string where they are more than ``limit`` characters, since long ones are not read on."""
    pieces: list[str] = []
    room = limit * 4  # white space between elements is folded later
    for piece in element.itertext():
        pieces.append(str(piece))
        room -= len(pieces[-1])
        if room < 0:
            break
    words = fold(" ".join(pieces))
    return words if len(words) <= limit else ""


def _joined(element: HtmlElement) -> str:
    """The words of an element where inline markup does not separate words, but breaks and blocks do.

    Readings above characters (ruby) and words for screen readers alone are left out.
    """
    pieces: list[str] = []
    for node in element.iter():
        if node.tag in {"script", "style", "svg", "rt", "rp"} or (node is not element and _HIDDEN_MARK.search(node.get("class") or "")):
            pieces.append((node.tail or "") if node is not element else "")
            continue
        if node is not element and node.tag in {"br", "div", "p", "span", "h2", "small", "strong"}:
            pieces.append(" " if node.tag != "strong" else "")
        pieces.append(node.text or "")
        if node is not element:
            pieces.append(
                (" " if node.tag in {"div", "p", "span", "h2", "small"} and (node.text or "").strip() else "") + (node.tail or "")
            )
    return fold("".join(pieces))


def load_json(text: str) -> Any:
    """JSON-LD as sites write it: control characters, comment wrappers, trailing commas and escaped entities are forgiven. Else None."""
    if not text or len(text) > MAX_SCRIPT_CHARS:
        return None
    bare = _JSON_WRAPPER.sub("", text).strip().rstrip(";")
    for attempt in (bare, _TRAILING_COMMA.sub(r"\1", bare), html.unescape(bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types_of(node: Node) -> frozenset[str]:
    found = node.get("@type")
    names = found if isinstance(found, list) else [found]
    return frozenset(str(name).rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str))


def _crumbs(entries: Any) -> tuple[str, ...]:
    """The names in a list of breadcrumbs, in the order in which they stand."""
    names: list[str] = []
    for entry in entries[:MAX_CRUMBS] if isinstance(entries, list) else ():
        item = entry.get("item") if isinstance(entry, dict) else None
        names.extend(texts((entry.get("name") if isinstance(entry, dict) else None) or item, limit=1))
    return tuple(names)


def is_article_node(node: Node) -> bool:
    """Whether a JSON-LD node has one of schema.org's article types."""
    return not _types_of(node).isdisjoint(_ARTICLE_TYPES)


def _nodes(data: Any, budget: list[int], own: bool = True, depth: int = 0) -> Iterator[tuple[Node, bool, int]]:
    """Every object in the data, with whether it speaks of this page (and is no part of a list of others)."""
    if depth > MAX_DEPTH or budget[0] <= 0:
        return
    if isinstance(data, list):
        for entry in data:
            yield from _nodes(entry, budget, own, depth)
    elif isinstance(data, dict):
        budget[0] -= 1
        yield data, own, depth
        for key, value in data.items():
            if isinstance(value, dict | list):
                yield from _nodes(value, budget, own and key.lower() not in _OTHER_PAGES, depth + 1)


class _Collector:
    """Gathers what :func:`read_structured` returns while the tree is walked once."""

    def __init__(self) -> None:
        self.articles: list[Node] = []
        self.dated: list[Node] = []
        self.types: set[str] = set()
        self.persons: dict[str, Node] = {}
        self.meta: dict[str, list[str]] = {}
        self.itemprops: dict[str, list[str]] = {}
        self.times: list[tuple[str, str]] = []
        self.headings: list[str] = []
        self.kickers: set[str] = set()
        self.breadcrumbs: tuple[str, ...] = ()
        self.rel_authors: list[str] = []
        self.links: dict[str, str] = {}
        self.title_tag: str | None = None
        self.budget = [MAX_NODES]

    def script(self, element: HtmlElement) -> None:
        if "ld+json" not in (element.get("type") or "").lower():
            return
        for node, own, depth in _nodes(load_json(element.text or ""), self.budget):
            if isinstance(node.get("@id"), str) and isinstance(node.get("name"), str):
                self.persons.setdefault(node["@id"], node)
            if "breadcrumblist" in _types_of(node) and not self.breadcrumbs:
                self.breadcrumbs = _crumbs(node.get("itemListElement"))
            if not own:
                continue
            if depth <= 1:
                self.types |= _types_of(node)
            if is_article_node(node) and len(self.articles) < MAX_LISTED:
                self.articles.append(node)
            elif node.get("datePublished") and len(self.dated) < MAX_LISTED and not _types_of(node).isdisjoint(_PAGE_TYPES):
                self.dated.append(node)

    def meta_element(self, element: HtmlElement) -> None:
        content = element.get("content")
        if content is None or len(content) > 5_000:
            return
        value = fold(content)
        for attribute in ("property", "name", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key:
                self.meta.setdefault(key, []).append(value)

    def heading(self, element: HtmlElement) -> None:
        words = _joined(element)
        if words and len(self.headings) < MAX_LISTED:
            self.headings.append(words)
            parts = (part for part in element.iterdescendants() if _KICKER_MARK.search(part.get("class") or ""))
            self.kickers.update(kicker for part in parts if (kicker := element_text(part)) and kicker != words)

    def time(self, element: HtmlElement) -> None:
        stamp = element.get("datetime") or element.get("content") or ""
        if stamp and len(self.times) < MAX_LISTED:
            self.times.append((fold(stamp), _marks(element)))

    def microdata(self, element: HtmlElement) -> None:
        for name in (element.get("itemprop") or "").lower().split()[:4]:
            values = self.itemprops.setdefault(name, [])
            if len(values) < MAX_LISTED and name in {"datepublished", "datecreated", "author", "headline", "name"}:
                # the abbr pattern of microformats keeps the date in the title and shows the time alone
                stated = element.get("content") or element.get("datetime") or (element.get("title") if name.startswith("date") else None)
                values.append(fold(stated or element_text(element))[:300])

    def link(self, element: HtmlElement) -> None:
        for rel in (element.get("rel") or "").lower().split():
            self.links.setdefault(rel, (element.get("href") or "").strip())


def _marks(element: HtmlElement) -> str:
    """Classes, ids and itemprops of an element and its nearest parents, to tell a date of publication from another."""
    marks: list[str] = []
    current: HtmlElement | None = element
    for _ in range(3):
        if current is None:
            break
        marks.extend(current.get(name, "") for name in ("class", "id", "itemprop"))
        if current.get("pubdate") is not None:
            marks.append("pubdate")
        current = current.getparent()
    return " ".join(filter(None, marks)).lower()[:300]


def read_structured(tree: HtmlElement) -> Structured:
    """All statements of a page. Pure reading: nothing is trusted or dropped here, only limited."""
    found = _Collector()
    base: str | None = None
    for element in cast("list[HtmlElement]", _WALK(tree)):
        tag = element.tag
        if tag == "script":
            found.script(element)
        elif tag == "meta":
            found.meta_element(element)
        elif tag == "link":
            found.link(element)
        elif tag == "base":
            base = base or element.get("href")
        elif tag == "title":
            parent = element.getparent()
            if found.title_tag is None and (parent is None or parent.tag in {"head", "html", "body"}):
                found.title_tag = fold(element.text_content())
        elif tag == "h1":
            found.heading(element)
        elif tag == "time":
            found.time(element)
        elif "author" in (element.get("rel") or "").lower().split() and len(found.rel_authors) < MAX_LISTED:
            found.rel_authors.append(element_text(element)[:300])
    for element in cast("list[HtmlElement]", _MICRODATA(tree))[:MAX_MICRODATA]:
        if element.tag != "meta" or element.get("content"):
            found.microdata(element)
    return Structured(
        articles=tuple(found.articles),
        dated=tuple(found.dated),
        types=frozenset(found.types),
        persons=found.persons,
        meta={key: tuple(values) for key, values in found.meta.items()},
        canonical=found.links.get("canonical") or None,
        base=base,
        html_lang=_html_lang(tree, found),
        title_tag=found.title_tag or None,
        headings=tuple(found.headings),
        kickers=frozenset(found.kickers),
        breadcrumbs=found.breadcrumbs,
        times=tuple(found.times),
        itemtypes=frozenset(
            kind.rsplit("/", 1)[-1].lower() for value in cast("list[str]", _ITEMTYPES(tree))[:MAX_MICRODATA] for kind in value.split()[:4]
        ),
        itemprops={key: tuple(values) for key, values in found.itemprops.items()},
        rel_authors=tuple(found.rel_authors),
    )


def _html_lang(tree: HtmlElement, found: _Collector) -> str | None:
    declared = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    return declared or next(iter(found.meta.get("content-language", []) or found.meta.get("og:locale", [])), None)


def texts(value: Any, limit: int = 50) -> tuple[str, ...]:
    """The strings in a JSON-LD value: a string, a list of strings, or objects with a name."""
    entries = value if isinstance(value, list) else [value]
    out: list[str] = []
    for entry in entries[:limit]:
        words = (entry.get("@value") or entry.get("name")) if isinstance(entry, dict) else entry
        if isinstance(words, str) and words.strip():
            out.append(fold(html.unescape(words)))
    return tuple(out)
