"""From a fetched page to an article, or to the reason why it is none.

Belongs here: the order of the steps, and the choice among what a page says of its address. Does not belong here: decoding (``decode``),
reading markup (``structured``), bodies (``body``), headlines (``headline``), dates, authors, agencies (``wire``), language, access and
section.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from transforms import urls
from transforms.access import read_access
from transforms.agencies import agencies as known_agencies
from transforms.authors import find_byline
from transforms.body import body_text
from transforms.dates import date_page
from transforms.decode import decode_html
from transforms.headline import find_title, site_names
from transforms.kinds import why_no_article
from transforms.language import find_language
from transforms.marks import class_names
from transforms.records import Article, Evidence, FetchedPage, Reason, RejectedPage, Rejection
from transforms.section import find_section
from transforms.structured import Structured, parse_html, read_structured
from transforms.wire import find_agency

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from transforms.params import Outlet

STAGE = "extract"
NO_AGENCIES: Mapping[str, tuple[str, ...]] = MappingProxyType({})

_PAGE_TYPES = ("html", "application/xml", "text/xml", "text/plain", "octet-stream")
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|article|div|p|title|meta)[\s>]", re.IGNORECASE)
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"OggS", b"\x00\x00\x00")


def read_page(page: FetchedPage, outlet: Outlet | None, *, agencies: Mapping[str, tuple[str, ...]] = NO_AGENCIES) -> Article | RejectedPage:
    """The article on a page, or the page with the reason why it is none (see ``records.Reason``). Never raises.

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
    title, title_source = find_title(said, names, page.link.title if page.link else None)
    dating = date_page(said, tree, page.link, address, zone=outlet.zone if outlet else None, fetched_at=page.fetched_at)
    text = body_text(tree, said, title)
    known = known_agencies(agencies)
    classes = class_names(tree)
    byline, author_source = find_byline(said, tree, text, known, names, classes, page.link.authors if page.link else ())
    wire, wire_source = (byline.agency, "byline") if byline.agency else find_agency(said, tree, text, known, classes)
    language, language_source = find_language(text, title, said.html_lang)
    section, section_source = find_section(said, names, title, address)
    article = Article(
        url=page.url,
        canonical_url=_canonical_url(said, page, outlet),
        title=title,
        text=text,
        authors=byline.authors,
        byline_org=byline.organisation,
        wire_agency=wire,
        published_at=dating.published_at,
        published_on=dating.published_on,
        modified_at=dating.modified_at,
        date_source=dating.source,
        date_precision=dating.precision,
        language=language,
        access=read_access(said, tree, text),
        section=section,
        evidence=Evidence(
            title=title_source,
            authors=author_source if byline.authors else None,
            wire_agency=wire_source,
            language=language_source,
            section=section_source,
        ),
    )
    sign = why_no_article(said, tree, text, address, dated=dating.source not in {None, "text", "url"})
    if sign is not None:
        return _rejected(*sign, article)
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
