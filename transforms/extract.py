"""From a fetched page to an article, or to the reason why it is none.

Belongs here: the order of the steps, and the choice among what a page says of its address, authors and access. Does not belong
here: decoding (``decode``), reading markup (``structured``), bodies (``body``), headlines (``headline``), dates, bylines, languages.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from transforms import urls
from transforms.body import body_text, word_count
from transforms.bylines import Agencies, Byline, read_byline
from transforms.bylines import agencies as known_agencies
from transforms.dates import date_page
from transforms.decode import decode_html
from transforms.headline import choose_title, site_names
from transforms.kinds import why_no_article
from transforms.language import detect
from transforms.records import Access, Article, FetchedPage, Reason, RejectedPage, Rejection
from transforms.structured import Structured, element_text, parse_html, read_structured, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement

    from transforms.params import Outlet

STAGE = "extract"
STUB_WORDS = 150  # a page that says it is not free and shows fewer words than this shows a stub
CREDIT_LINES = 3  # at either end of the text, where an agency is credited
CREDIT_LINE_CHARS = 160  # a source line is short; of a longer line only the beginning can be a dateline
BYLINE_CHARS = 150
NO_AGENCIES: Mapping[str, tuple[str, ...]] = MappingProxyType({})

_PAGE_TYPES = ("html", "application/xml", "text/xml", "text/plain", "octet-stream")
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|article|div|p|title|meta)[\s>]", re.IGNORECASE)
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"OggS", b"\x00\x00\x00")
_SOURCE_MARK = re.compile(r"(?:^|[\s_-])(?:agency|agence|agentur|agenzia|agencia|wire|source|quelle|fuente|fonte|bron)(?:$|[\s_-])")
_PICTURE_MARK = re.compile(r"photo|foto|image|picture|caption|media|gallery|video")
PICTURE_DEPTH = 5  # ancestors that are looked at
_BYLINE_MARK = re.compile(r"byline|author|(?:^|[\s_-])(?:autor|autoren|auteur|autore|writer|skribent|kirjoittaja)")
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|e|es|i|zy|y)?|auteurs?|forfatter|byline|redakteure?|journalists?|kirjoittaja|szerzo|profile?s?)/[^/?#]{3,}",
    re.IGNORECASE,
)
MAX_BYLINES = 6
MAX_MICRODATA_AUTHORS = 4  # more belong to the stories listed below
_AUTHOR_META = (
    "author", "article:author", "og:article:author", "og:author", "byl", "dc.creator", "dcterms.creator", "dc.contributor.author",
    "parsely-author",
    "sailthru.author", "cxenseparse:author", "citation_author", "rnews:author", "byline", "authors", "article.author", "twitter:data1",
)  # fmt: skip
_ORGANISATION_TYPES = re.compile(r"organi[sz]ation|corporation|brand|website", re.IGNORECASE)


def read_page(page: FetchedPage, outlet: Outlet | None, *, agencies: Mapping[str, tuple[str, ...]] = NO_AGENCIES) -> Article | RejectedPage:
    """The article on a page, or the page with the reason why it is none (NOT_HTML, NOT_ARTICLE, NO_TEXT, NO_TITLE). Never raises.

    ``outlet`` gives time zone, domains and name; without one the page speaks for itself. ``agencies`` (id → names) are known beside
    those of ``lexicons/agencies.toml``.
    """
    if not _is_html(page):
        return _rejected(Reason.NOT_HTML, f"content type {page.content_type or 'absent'}")
    tree = parse_html(decode_html(page.content, page.content_type))
    if tree is None:
        return _rejected(Reason.NO_TEXT, "the page holds no markup")
    said = read_structured(tree)
    address = page.final_url or page.url
    names = site_names(said, address, outlet.name if outlet else None)
    title = choose_title(said, names, page.link.title if page.link else None)
    byline = _byline(said, tree, known_agencies(agencies), names, page)
    dating = date_page(said, tree, page.link, address, zone=outlet.zone if outlet else None, fetched_at=page.fetched_at)
    text = body_text(tree, said, title)
    article = Article(
        url=page.url,
        canonical_url=_canonical_url(said, page, outlet),
        title=title,
        text=text,
        authors=byline.authors,
        byline_org=byline.organisation,
        wire_agency=byline.agency or _credited(text, said, known_agencies(agencies)) or _credit_line(tree, known_agencies(agencies)),
        published_at=dating.published_at,
        published_on=dating.published_on,
        modified_at=dating.modified_at,
        date_source=dating.source,
        date_precision=dating.precision,
        language=detect(text, title, said.html_lang),
        access=_access(said, text),
    )
    sign = why_no_article(said, tree, text, address, dated=dating.source not in {None, "text", "url"})
    if sign is not None:
        return _rejected(Reason.NOT_ARTICLE, sign, article)
    if not text:
        return _rejected(Reason.NO_TEXT, "no article text found", article)
    if not title:
        return _rejected(Reason.NO_TITLE, "no headline found", article)
    return article


def _rejected(reason: Reason, detail: str, fields: Article | None = None) -> RejectedPage:
    return RejectedPage(rejection=Rejection(stage=STAGE, reason=reason, detail=detail), fields=fields)


def _is_html(page: FetchedPage) -> bool:
    declared = (page.content_type or "").partition(";")[0].strip().lower()
    if declared and not any(known in declared for known in _PAGE_TYPES):
        return False
    head = page.content[:4096]
    if head.startswith(_BINARY):
        return False
    if "html" in declared:
        return True
    return _MARKUP.search(head) is not None or _MARKUP.search(head.replace(b"\x00", b"")) is not None


def _addresses(said: Structured) -> Iterator[str]:
    if said.canonical:
        yield said.canonical
    yield from said.meta.get("og:url", ())[:1]
    for node in said.articles[:1]:
        for key in ("mainEntityOfPage", "url"):
            value = node.get(key)
            if isinstance(value, dict):
                value = value.get("@id") or value.get("url")
            if isinstance(value, str):
                yield value


def _canonical_url(said: Structured, page: FetchedPage, outlet: Outlet | None) -> str:
    """The address under which the article is counted: what the page names, if that is on the outlet's own domains and is no front or
    section page; else the address that answered."""
    own = urls.canonicalise(page.final_url) or urls.canonicalise(page.url)
    for stated in _addresses(said):
        found = urls.canonicalise(stated, own)
        if found is None or urls.is_front_page(found) or (own is not None and _is_section_above(found, own)):
            continue
        if outlet is not None:
            accepted = urls.OutletDirectory((outlet,)).find(found) is not None
        else:
            accepted = own is None or urls.registrable_domain(urls.host(found)) == urls.registrable_domain(urls.host(own))
        if accepted:
            return found
    return own or page.final_url or page.url


def _is_section_above(stated: str, own: str) -> bool:
    """Whether a page names a section that it lies in as its own address, as some templates do."""
    above = [part for part in stated.partition("://")[2].partition("?")[0].split("/")[1:] if part]
    path = [part for part in own.partition("://")[2].partition("?")[0].split("/")[1:] if part]
    return "?" not in stated and len(above) <= 1 and len(path) >= len(above) + 2 and path[: len(above)] == above


def _author_names(said: Structured) -> Iterator[tuple[str, bool]]:
    """Authors as the article's own JSON-LD node names them, each with whether it is called an organisation."""
    for node in said.articles:
        found: list[tuple[str, bool]] = []
        for key in ("author", "creator"):
            value: Any = node.get(key)
            for entry in value[:30] if isinstance(value, list) else [value]:
                found.extend(_author(entry, said))
            if found:
                break
        if found:
            yield from found
            return


def _author(entry: Any, said: Structured) -> Iterator[tuple[str, bool]]:
    if isinstance(entry, dict):
        known = said.persons.get(str(entry.get("@id")), entry) if not entry.get("name") else entry
        organisation = bool(_ORGANISATION_TYPES.search(str(known.get("@type"))))
        names = texts(known.get("name"))
        if not names and known.get("familyName"):
            names = texts(" ".join(str(known.get(key) or "") for key in ("givenName", "familyName")))
        yield from ((name, organisation) for name in names)
    elif isinstance(entry, list):
        for inner in entry[:30]:
            yield from _author(inner, said)
    else:
        yield from ((name, False) for name in texts(entry))


def _byline(said: Structured, tree: HtmlElement, known: Agencies, names: tuple[str, ...], page: FetchedPage) -> Byline:
    """The first place that names persons, with the first organisation and agency named anywhere before it."""
    stated = list(_author_names(said))
    sources: list[tuple[list[str], list[str]]] = [
        ([name for name, organisation in stated if not organisation], [name for name, organisation in stated if organisation]),
        *(([value for value in said.meta[key] if value], []) for key in _AUTHOR_META if key in said.meta),
        (_few(said.itemprops.get("author", ())), []),
        (_few(said.rel_authors), []),
    ]
    organisation: str | None = None
    agency: str | None = None
    for values, organisations in _lazily(sources, tree, page):
        read = read_byline(values, known, names, organisations)
        organisation, agency = organisation or read.organisation, agency or read.agency
        if read.authors:
            return Byline(authors=read.authors, organisation=organisation, agency=agency)
    return Byline(organisation=organisation, agency=agency)


def _few(values: tuple[str, ...]) -> list[str]:
    different = list(dict.fromkeys(values))
    return different if len(different) <= MAX_MICRODATA_AUTHORS else different[:1]


def _lazily(sources: list[tuple[list[str], list[str]]], tree: HtmlElement, page: FetchedPage) -> Iterator[tuple[list[str], list[str]]]:
    yield from sources
    yield (_visible_bylines(tree), [])
    if page.link is not None:
        yield (list(page.link.authors), [])


def _visible_bylines(tree: HtmlElement) -> list[str]:
    """The first short text that a class calls a byline or that links to an author's page, with those beside it."""
    group: HtmlElement | None = None
    found: list[str] = []
    for element in tree.iter("a", "span", "div", "p", "address", "li"):
        if not (_BYLINE_MARK.search((element.get("class") or "").lower()) or _AUTHOR_PATH.search(element.get("href") or "")):
            continue
        words = element_text(element)
        if not 2 < len(words) <= BYLINE_CHARS:
            continue
        home = element.getparent()
        if group is not None and home is not group and (home is None or home.getparent() is not group.getparent()):
            break
        group = home
        found.append(words)
        if len(found) >= MAX_BYLINES:
            break
    return found


def _credited(text: str, said: Structured, known: Agencies) -> str | None:
    """The agency that the text or the structured data credits as the source."""
    for node in said.articles[:2]:
        for key in ("sourceOrganization", "creditText", "provider"):
            for name in texts(node.get(key), limit=2):
                if (agency := known.in_byline(name)) is not None:
                    return agency
    lines = text.split("\n")
    edges = [*lines[:CREDIT_LINES], *lines[-CREDIT_LINES:]] if len(lines) > 2 * CREDIT_LINES else lines
    for line in edges:
        for part in (line[:CREDIT_LINE_CHARS], line[-CREDIT_LINE_CHARS:]) if len(line) > CREDIT_LINE_CHARS else (line,):
            if (agency := known.credited(part)) is not None:
                return agency
    return None


def _credit_line(tree: HtmlElement, known: Agencies) -> str | None:
    """The agency in a short piece of the page whose class says that it names the source; pictures have sources of their own."""
    for element in tree.iter("span", "div", "p", "a", "footer", "address"):
        if _SOURCE_MARK.search((element.get("class") or "").lower()) is None:
            continue
        words = element_text(element)
        if not 2 < len(words) <= CREDIT_LINE_CHARS or _in_picture(element):
            continue
        if (agency := known.in_byline(words) or known.credited(words)) is not None:
            return agency
    return None


def _in_picture(element: HtmlElement) -> bool:
    around = [element, *element.iterancestors()][:PICTURE_DEPTH]
    return any(
        each.tag in {"figure", "figcaption", "picture", "aside"} or _PICTURE_MARK.search((each.get("class") or "").lower())
        for each in around
    )


def _access(said: Structured, text: str) -> Access:
    """Whether the text is all there: a page that calls itself not free shows a stub or counts its readers."""
    tier = (said.first("article:content_tier", "og:article:content_tier", "content_tier") or "").lower()
    free = [str(node["isAccessibleForFree"]).rsplit("/", 1)[-1].lower() for node in said.articles[:2] if "isAccessibleForFree" in node]
    if "false" in free or tier in {"locked", "metered", "paid", "premium"}:
        return "stub" if word_count(text) < STUB_WORDS else "metered"
    return "full"
