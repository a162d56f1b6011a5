"""Where a page names those who wrote the article.

Belongs here: the places in markup and text, in the order in which they are believed, and which of them won. Does not belong here: taking
a byline apart (``bylines``), agencies credited elsewhere (``wire``).

Statements for machines go first: their authors are fields of the newsroom's system. The first place that names persons is taken whole, so
that names of two places never mix; desks and agencies named before it are kept beside them.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from transforms.bylines import Agencies, Byline, begins_with_label, is_label, read_byline
from transforms.marks import fitting, marked
from transforms.personal_names import MAX_SIGNATURE_WORDS, is_full, is_signature
from transforms.structured import Structured, short_text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

BYLINE_CHARS = 150
SIGNATURE_CHARS = 60
MAX_LABEL_CHARS = 30
MAX_BYLINES = 6
MAX_MICRODATA_AUTHORS = 4  # more belong to the stories listed below
MAX_LISTED = 30
NEAR_HEADLINE = 80  # elements behind the headline in which a byline may stand
TEXT_LINES = 2  # at either end of the text, in which a signature may stand
MARK_DEPTH = 8  # ancestors that are looked at
AUTHOR_META = (
    "author", "article:author", "og:article:author", "og:author", "byl", "dc.creator", "dcterms.creator", "dc.contributor.author",
    "parsely-author", "sailthru.author", "cxenseparse:author", "citation_author", "rnews:author", "byline", "authors", "article.author",
    "twitter:data1",
)  # fmt: skip
_ORGANISATION_TYPES = re.compile(r"organi[sz]ation|corporation|brand|website", re.IGNORECASE)
_BYLINE_WORDS = ("byline", "author", "autor", "auteur", "writer", "skribent", "kirjoittaja", "forfatter", "szerzo", "reporter")
_BYLINE_MARK = re.compile(
    r"byline|author|(?:^|[\s_-])(?:autor|autoren|auteur|autore|writer|skribent|kirjoittaja|forfatter|szerzo|reporter)"
)
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|e|es|i|zy|y)?|auteurs?|forfatter|byline|redakteure?|journalists?|kirjoittaja|szerzo|profile?s?|contributors?|"
    r"reporters?|writers?|columnists?|avtor|avtory)/[^/?#]{3,}",
    re.IGNORECASE,
)
_LINKS = etree.XPath(
    "//a["
    + " or ".join(
        f"contains(@href, '/{word}')"
        for word in ("author", "autor", "auteur", "forfatter", "byline", "redakteur", "journalist", "kirjoittaja", "szerzo", "profil",
                     "contributor", "reporter", "writer", "columnist", "avtor")
    )
    + "]"
)  # fmt: skip
_LABEL_TAGS = ("b", "strong", "dt", "th", "label", "h5", "h6", "span")
_SIGNED = etree.XPath("//p[@align='right' or contains(@style, 'text-align:right') or contains(@style, 'text-align: right')]")
_OTHER_MATTER = re.compile(r"comment|kommentar|related|sidebar|recommend|teaser|most-?read|newsletter|reply|respond")
_OTHER_TAGS = frozenset({"aside", "nav", "footer", "form"})

Stated = tuple[list[str], list[str], list[str]]  # names, and what the page calls persons and organisations


def find_byline(
    said: Structured,
    tree: HtmlElement,
    text: str,
    known: Agencies,
    names: tuple[str, ...],
    classes: frozenset[str],
    feed: Iterable[str] = (),
) -> tuple[Byline, str | None]:
    """The first place that names persons, with the first organisation and agency named anywhere before it; and what place it was.

    ``names`` are the publication's, ``classes`` those of the page (``marks.class_names``), ``feed`` the authors that the feed gives.
    """
    organisation: str | None = None
    agency: str | None = None
    short: tuple[tuple[str, ...], str | None] = ((), None)  # names of one word: taken only if no place has a full one
    for source, (values, persons, organisations) in _places(said, tree, text, classes, feed):
        read = read_byline(values, known, names, organisations, persons)
        organisation, agency = organisation or read.organisation, agency or read.agency
        if any(is_full(name) for name in read.authors):
            return Byline(authors=read.authors, organisation=organisation, agency=agency), source
        short = short if short[0] else (read.authors, source)
    return Byline(authors=short[0], organisation=organisation, agency=agency), short[1] if short[0] else None


def _places(said: Structured, tree: HtmlElement, text: str, classes: frozenset[str], feed: Iterable[str]) -> Iterator[tuple[str, Stated]]:
    yield "jsonld", _stated(said)
    for key in AUTHOR_META:
        if key in said.meta:
            yield "meta", ([value for value in said.meta[key] if value], [], [])
    yield "microdata", ([], _few(said.itemprops.get("author", ())), [])
    yield "link", ([], _few(said.rel_authors), [])
    yield "byline", (_visible(tree, classes), [], [])
    yield "byline", (_behind_headline(tree), [], [])
    yield "feed", (list(feed), [], [])
    yield "byline", (_labelled(tree), [], [])
    yield "text", (_signatures(text) or _signed(tree), [], [])


def _stated(said: Structured) -> Stated:
    """Authors as the article's own JSON-LD node names them."""
    for node in said.articles:
        found: list[tuple[str, str]] = []
        for key in ("author", "creator"):
            value: Any = node.get(key)
            for entry in value[:MAX_LISTED] if isinstance(value, list) else [value]:
                found.extend(_author(entry, said))
            if found:
                unnamed, persons, organisations = (
                    [name for name, kind in found if kind == wanted] for wanted in ("", "person", "organisation")
                )
                return unnamed, persons, organisations
    return [], [], []


def _author(entry: Any, said: Structured) -> Iterator[tuple[str, str]]:
    if isinstance(entry, dict):
        known = said.persons.get(str(entry.get("@id")), entry) if not entry.get("name") else entry
        types = str(known.get("@type"))
        kind = "organisation" if _ORGANISATION_TYPES.search(types) else "person" if "person" in types.lower() else ""
        names = texts(known.get("name"))
        if not names and known.get("familyName"):
            names = texts(" ".join(str(known.get(key) or "") for key in ("givenName", "familyName")))
        yield from ((name, kind) for name in names)
    elif isinstance(entry, list):
        for inner in entry[:MAX_LISTED]:
            yield from _author(inner, said)
    else:
        yield from ((name, "") for name in texts(entry))


def _few(values: tuple[str, ...]) -> list[str]:
    different = [value for value in dict.fromkeys(values) if value and len(value) <= BYLINE_CHARS]  # longer ones are biographies
    return different if len(different) <= MAX_MICRODATA_AUTHORS else different[:1]


def _visible(tree: HtmlElement, classes: frozenset[str]) -> list[str]:
    """The first short text that a class calls a byline or that links to an author's page, with those beside it."""
    group: HtmlElement | None = None
    found: list[str] = []
    around = _around_headline(tree)
    links = {link for link in cast("list[HtmlElement]", _LINKS(tree)) if _AUTHOR_PATH.search(link.get("href") or "")}
    for element in marked(tree, fitting(classes, _BYLINE_WORDS, _BYLINE_MARK), links):
        words = short_text(element, BYLINE_CHARS)
        if len(words) <= 2 or _in_other_matter(element, around):
            continue
        home = element.getparent()
        if group is not None and home is not group and (home is None or home.getparent() is not group.getparent()):
            break
        group = home
        found.append(words)
        if len(found) >= MAX_BYLINES:
            break
    return found


def _around_headline(tree: HtmlElement) -> frozenset[HtmlElement]:
    """The elements that the headline lies in: they hold the article, whatever their classes say (``has-sidebar``)."""
    headline = next(tree.iter("h1"), None)
    return frozenset(headline.iterancestors()) if headline is not None else frozenset()


def _in_other_matter(element: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether an element lies in what surrounds an article: comments, lists of other stories."""
    return any(
        each.tag in _OTHER_TAGS or _OTHER_MATTER.search(f"{each.get('class') or ''} {each.get('id') or ''}".lower())
        for each in islice((element, *element.iterancestors()), MARK_DEPTH)
        if each not in around and each.tag not in {"body", "html"}
    )


def _behind_headline(tree: HtmlElement) -> list[str]:
    """The first short text behind the headline that begins as a byline does ("By …", "Von …", "Autor: …")."""
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return []
    around = _around_headline(tree)
    for element in islice(_following(headline), NEAR_HEADLINE):
        if element.tag in {"p", "span", "div", "li", "address", "em", "strong", "time"}:
            words = short_text(element, BYLINE_CHARS) if len(element) <= MAX_BYLINES else ""
            if len(words) > 2 and begins_with_label(words) and not _in_other_matter(element, around):
                return [words]
    return []


def _following(element: HtmlElement) -> Iterator[HtmlElement]:
    current: HtmlElement | None = element
    while current is not None:
        for sibling in current.itersiblings():
            yield from sibling.iter()
        current = current.getparent()


def _labelled(tree: HtmlElement) -> list[str]:
    """What stands behind an element that is nothing but a label ("Autor:")."""
    around = _around_headline(tree)
    for element in tree.iter(*_LABEL_TAGS):
        label = (element.text or "").strip()
        if not 2 < len(label) <= MAX_LABEL_CHARS or len(element) or not is_label(label) or _in_other_matter(element, around):
            continue
        words = (element.tail or "").strip() or " ".join(short_text(sibling, BYLINE_CHARS) for sibling in islice(element.itersiblings(), 1))
        if 2 < len(words) <= BYLINE_CHARS:
            return [words]
    return []


def _signatures(text: str) -> list[str]:
    """Lines at the ends of the text that name who wrote it: ``Von Eva Müller``, or at its end the name alone."""
    lines = text.split("\n")
    ends = [*lines[:TEXT_LINES], *reversed(lines[-TEXT_LINES:])] if len(lines) > TEXT_LINES else []
    for line in ends:
        if len(line) <= SIGNATURE_CHARS and begins_with_label(line):
            return [line]
    return [lines[-1]] if ends and len(lines[-1]) <= SIGNATURE_CHARS and is_signature(lines[-1]) else []


def _signed(tree: HtmlElement) -> list[str]:
    """A paragraph set to the right, as signatures are in print, that has the shape of one name."""
    for element in cast("list[HtmlElement]", _SIGNED(tree))[-TEXT_LINES:]:
        words = short_text(element, SIGNATURE_CHARS)
        if 1 < len(words.split()) <= MAX_SIGNATURE_WORDS:
            return [words]
    return []
