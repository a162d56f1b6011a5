"""What a home page says of its outlet: name, language, country, feeds. Bytes in, a description out.

Belongs here: gathering the statements of one page and its address, and weighing them against each other. Does not belong here: fetching,
what a feed holds (``discover``), country and time zone (``whereabouts``), the file that is proposed (``flows.proposal``).

No statement is believed for coming first: systems leave their vendor's name, ``en-US`` and the template's language behind. What nothing
supports is None; what little supports is marked as not sure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from anyascii import anyascii
from lxml import etree
from pydantic import TypeAdapter, ValidationError

from transforms import urls
from transforms.clean import clean_title
from transforms.decode import decode_html
from transforms.headline import key
from transforms.language import LANGUAGES, detect, normalise_tag
from transforms.params import Language
from transforms.structured import Structured, element_text, load_json, parse_html, read_structured, texts
from transforms.whereabouts import Finding, country_of, site_lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.html import HtmlElement

MAX_FEEDS = 60  # of a page; overviews of feeds list some forty
MAX_ANCHORS = 5_000
MAX_NODES, MAX_DEPTH = 300, 4  # of JSON-LD: who publishes the site is said near the top
MAX_NAME_CHARS = 80
MIN_LABEL_CHARS = 3  # a shorter part of a domain is found in any name
HEADLINE_LETTERS = 25  # shorter texts are labels, often in another language than the articles
SAMPLE_CHARS = 1_500  # as much as the detector of languages looks at

_LINKS = etree.XPath("//link[@rel and @href]")
_ANCHORS = etree.XPath("//a[@href]")
_SCRIPTS = etree.XPath("//script[contains(@type, 'ld+json')]")
_PROSE = etree.XPath("//h1 | //h2 | //h3 | //h4 | //p | //a")
_HTTP_LANGUAGE = etree.XPath("//meta[@content][translate(@http-equiv, 'CONTELAGU', 'contelagu') = 'content-language']/@content")
_SEPARATOR = re.compile(r"\s+[-–—:·•/]+\s+|\s*[|｜»›«‹]+\s*|:\s+")
_ENDING = re.compile(r"\.(?:xml|rss|rdf|atom|php|aspx?|json|html?|cms)$")
_FEED_ENDING = re.compile(r"\.(?:rss|rdf|atom)$")
_RSS_WORD = re.compile(r"(?:^|[-_.])d?m?rss\d*(?:$|[-_.]|feeds?)|feeds?\.(?:xml|json)$")  # "feed" alone is a word of headlines, too
# What each place weighs that may state a name, and whether it is made for that.
_NAME_WEIGHTS = {
    "og:site_name": 3.0, "JSON-LD": 3.0, "application-name": 2.0, "apple-mobile-web-app-title": 2.0, "publisher": 1.0, "title": 1.0,
    "og:title": 0.5,
}  # fmt: skip
_MADE_FOR_NAMES = frozenset({"og:site_name", "JSON-LD", "application-name", "apple-mobile-web-app-title"})
DOMAIN_BONUS = 2.0  # for a name that the domain echoes
_GEO = ("geo.region", "geo.country")
_LANGUAGE: TypeAdapter[str] = TypeAdapter(Language)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFeed:
    """An address that the page calls a feed, or that looks like one."""

    url: str  # absolute
    title: str | None
    stated: bool  # by a link element made for it; else an ordinary link whose address looks like a feed's


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDescription:
    """What one home page says; None where it says nothing that can be relied on."""

    name: Finding | None = None
    language: Finding | None = None  # ISO 639-1, nb and nn as no
    country: Finding | None = None  # ISO 3166 alpha-2
    feeds: tuple[NamedFeed, ...] = ()  # stated ones first, each group in the page's order; without those of comments
    sitemaps: tuple[str, ...] = ()  # named by the page itself
    locales: Mapping[str, str] = field(default_factory=dict)  # where the page declares a language or region → which


def describe(content: bytes, content_type: str | None, url: str) -> SiteDescription:
    """Read a home page. ``url`` is the address that answered. Never raises; a page without markup says only what its address does."""
    tree = parse_html(decode_html(content, content_type))
    if tree is None:
        return SiteDescription(country=country_of(url))
    said = read_structured(tree)
    locales = _locales(tree, said)
    nodes = list(_publishers(tree, url))
    base = (urls.canonicalise(said.base, url) if said.base else None) or url
    return SiteDescription(
        name=_name(said, nodes, url),
        language=language_of(locales, _sample(tree)),
        country=country_of(
            url,
            addresses=(node.get("address") for node in nodes),
            locales=locales,
            stated={place: value for place in _GEO for value in said.meta.get(place, ())[:1]},
        ),
        feeds=_feeds(tree, base, url),
        locales=locales,
        sitemaps=tuple(dict.fromkeys(found for rel, link in _link_elements(tree) if "sitemap" in rel and (found := _absolute(link, base)))),
    )


# ---- name


def _name(said: Structured, nodes: Iterable[dict[str, Any]], url: str) -> Finding | None:
    """The name that most places agree on. Each text is taken apart at its separators, since slogans stand beside names."""
    label = key(anyascii(_label(url)))
    support: dict[str, dict[str, float]] = defaultdict(dict)  # key of the name → place → weight
    spellings: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for place, text in _stated_names(said, nodes):
        for part in _SEPARATOR.split(clean_title(text)):
            mine = key(part)
            if mine and len(part) <= MAX_NAME_CHARS:
                weight = _NAME_WEIGHTS[place]
                support[mine][place] = weight
                spellings[mine].append((weight, part.strip()))
    if not support:
        return None

    def score(mine: str) -> float:
        total = sum(support[mine].values())
        near = [
            other
            for other in support
            if other != mine and min(len(other), len(mine)) >= MIN_LABEL_CHARS and (other in mine or mine in other)
        ]
        return (
            total + sum(max(support[other].values()) for other in near) / 2 + (DOMAIN_BONUS if _echoes(spellings[mine][0][1], label) else 0)
        )

    best = max(support, key=score)  # the first one where several are equal
    echoed = _echoes(spellings[best][0][1], label)
    places = tuple(support[best])
    formal = not _MADE_FOR_NAMES.isdisjoint(places)
    if not formal and not echoed:
        return None  # a title alone may say anything, "Welcome" for example
    spelling = max(spellings[best], key=lambda found: found[0])[1]
    return Finding(value=spelling, basis=", ".join(places), sure=formal and (echoed or len(places) > 1))


def _stated_names(said: Structured, nodes: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for place in ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher"):
        yield from ((place, value) for value in said.meta.get(place, ())[:1])
    for node in nodes:
        yield from (("JSON-LD", name) for name in texts(node.get("name"), limit=1))
    yield from (("title", title) for title in (said.title_tag,) if title)
    yield from (("og:title", value) for value in said.meta.get("og:title", ())[:1])


def _echoes(name: str, label: str) -> bool:
    """Whether the domain is made of the name, a part of it, or its initials; in Latin letters."""
    mine = key(anyascii(name))
    if not mine or not label:
        return False
    initials = "".join(word[0] for word in re.findall(r"\w+", anyascii(name))).casefold()
    contained = min(len(mine), len(label)) >= MIN_LABEL_CHARS and (mine in label or label in mine)
    return mine == label or contained or (len(label) >= MIN_LABEL_CHARS and initials == label)


def _label(url: str) -> str:
    """The registered part of the host's name, in its own script: ``dutchnews`` of www.dutchnews.nl."""
    label = urls.registrable_domain(urls.host(url)).partition(".")[0]
    try:
        return label.encode("ascii").decode("idna") if label.startswith("xn--") else label
    except UnicodeError:
        return label


# ---- language


def language_of(locales: Mapping[str, str], sample: str, what: str = "text of the page") -> Finding | None:
    """The language (ISO 639-1) that is declared (place → tag), checked against a text, or that of the text; None where neither says."""
    declared: dict[str, str] = {}  # language → where
    for place, tag in locales.items():
        code = _valid_language(normalise_tag(tag))
        if code is not None:
            declared[code] = f"{declared[code]}, {place}" if code in declared else place
    if not sample:
        return next((Finding(value=code, basis=f"{place}; too little text to check it") for code, place in declared.items()), None)
    for code, place in declared.items():
        if code not in LANGUAGES:
            return Finding(value=code, basis=f"{place}; a language that the detector does not know")
    for code, place in declared.items():
        if detect(sample, html_lang=code) == code:
            others = "".join(f"; {where}: {other}" for other, where in declared.items() if other != code)
            return Finding(value=code, basis=f"{place}, {what}{others}", sure=not others)
    found = _valid_language(detect(sample))
    contrary = "".join(f"; {where}: {other}" for other, where in declared.items())
    return Finding(value=found, basis=f"{what}{contrary}") if found is not None else None


def _locales(tree: HtmlElement, said: Structured) -> dict[str, str]:
    """Where the page declares a language or region → what."""
    lang = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    http = next((str(value) for value in cast("list[str]", _HTTP_LANGUAGE(tree))), None)
    found = {
        "html lang": lang,
        "og:locale": said.first("og:locale"),
        "content-language": http or said.first("content-language", "language"),
    }
    return {place: value.strip()[:40] for place, value in found.items() if value and value.strip()}


def _sample(tree: HtmlElement) -> str:
    """Headlines and paragraphs from all over the page; empty where there are none to speak of."""
    found: dict[str, None] = {}
    for element in cast("list[HtmlElement]", _PROSE(tree))[:MAX_ANCHORS]:
        words = element_text(element)
        if sum(1 for c in words if c.isalpha()) >= HEADLINE_LETTERS:
            found.setdefault(words[:300])
    pieces = list(found)
    step = max(1, sum(map(len, pieces)) // SAMPLE_CHARS)
    return "\n".join(pieces[::step])


# ---- feeds


def looks_like_feed(url: str) -> bool:
    """Whether an address is made like those of feeds: by its host, a segment of its path, or the ending of a file."""
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    if not segments:
        return False
    words = frozenset(site_lexicon()["feed_words"])
    last = segments[-1]
    if last.endswith((".html", ".htm")):  # a list of feeds at best
        return _ENDING.sub("", last) in words
    return bool(
        not words.isdisjoint(_ENDING.sub("", segment) for segment in segments)
        or (parts.hostname or "").partition(".")[0] in words
        or _FEED_ENDING.search(last)
        or _RSS_WORD.search(last)
    )


def speaks_of_comments(url: str, title: str | None) -> bool:
    """Whether an address or a title is that of a feed of readers' comments."""
    words = set(site_lexicon()["comment_words"])
    path = unquote(urlsplit(url).path + " " + urlsplit(url).query).lower()
    return not words.isdisjoint(re.findall(r"\w+", f"{path} {(title or '').lower()}"))


def front_rank(path: str) -> int:
    """0 for the path of a feed that speaks of the whole outlet (``/feed/``, ``/rss/news.xml``), more for each word about a part of it."""
    usual = {*site_lexicon()["feed_words"], *site_lexicon()["front_words"]}
    segments = [_ENDING.sub("", segment) for segment in unquote(path).lower().split("/") if segment]
    return sum(segment not in usual for segment in segments)


def named_news(url: str) -> bool:
    """Whether the address of a sitemap says that it is one of news."""
    return not set(site_lexicon()["news_sitemap_words"]).isdisjoint(re.findall(r"[^\W_]+", unquote(urlsplit(url).path).lower()))


def _feeds(tree: HtmlElement, base: str, url: str) -> tuple[NamedFeed, ...]:
    found: dict[str, NamedFeed] = {}
    types = frozenset(site_lexicon()["feed_types"])

    def note(href: str, title: str, *, stated: bool) -> None:
        address = _absolute(href, base)
        name = clean_title(title)[:200] or None
        if address is not None and len(found) < MAX_FEEDS and not speaks_of_comments(address, name):
            found.setdefault(address, NamedFeed(url=address, title=name, stated=stated))

    for rel, link in _link_elements(tree):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        address = _absolute(link, base) or ""
        json_feed = kind == "application/json" and looks_like_feed(address)
        xml_feed = kind in {"application/xml", "text/xml"} and looks_like_feed(address)
        if ("alternate" in rel and (kind in types or json_feed or xml_feed)) or ("feed" in rel and kind != "text/html"):
            note(link.get("href") or "", link.get("title") or "", stated=True)
    domain = urls.registrable_domain(urls.host(url))
    for anchor in cast("list[HtmlElement]", _ANCHORS(tree))[:MAX_ANCHORS]:
        target = _absolute(anchor, base)
        if target is not None and urls.registrable_domain(urls.host(target)) == domain and looks_like_feed(target):
            note(target, element_text(anchor), stated=False)
    return tuple(found.values())


def _link_elements(tree: HtmlElement) -> Iterator[tuple[list[str], HtmlElement]]:
    for link in cast("list[HtmlElement]", _LINKS(tree))[:MAX_ANCHORS]:
        yield (link.get("rel") or "").lower().split(), link


# ---- common


def _publishers(tree: HtmlElement, url: str) -> Iterator[dict[str, Any]]:
    """JSON-LD nodes that say who publishes the site; not those that speak of another site."""
    wanted = frozenset(site_lexicon()["publisher_types"])
    domain = urls.registrable_domain(urls.host(url))
    budget = [MAX_NODES]
    for script in cast("list[HtmlElement]", _SCRIPTS(tree))[:MAX_FEEDS]:
        for node in _top_nodes(load_json(script.text or ""), budget):
            kinds = node.get("@type")
            names = {str(kind).rpartition("/")[2].lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
            home = node.get("url")
            elsewhere = isinstance(home, str) and urls.host(home) and urls.registrable_domain(urls.host(home)) != domain
            if names & wanted and not elsewhere:
                yield node


def _top_nodes(data: Any, budget: list[int], depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > MAX_DEPTH or budget[0] <= 0:
        return
    if isinstance(data, list):
        for entry in data[:MAX_NODES]:
            yield from _top_nodes(entry, budget, depth + 1)
    elif isinstance(data, dict):
        budget[0] -= 1
        yield data
        for part in ("@graph", "publisher", "mainEntity"):
            yield from _top_nodes(data.get(part), budget, depth + 1)


def _absolute(link: HtmlElement | str, base: str) -> str | None:
    """An http or https address in its normal form, or None."""
    href = (link if isinstance(link, str) else link.get("href") or "").strip()
    return urls.canonicalise(href, base) if href else None


def _valid_language(code: str | None) -> str | None:
    """The code as the configuration takes it, or None where it would not."""
    try:
        return _LANGUAGE.validate_python(code or "")
    except ValidationError:
        return None
