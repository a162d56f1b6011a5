"""Sitemaps: the sitemaps.org protocol 0.9 with Google's news extension, bytes in and links out.

Belongs here: XML and text sitemaps, plain or gzip, and sitemap indexes. Does not belong here: feeds (``feeds``), fetching, which of the
children are worth reading.

``lastmod`` says when a page changed last. It is kept as ``modified_at`` and is never a date of publication.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from lxml import etree

from transforms.feeds import read_feed
from transforms.listing import (
    FEED_ROOT,
    HTML_ROOT,
    MAX_DATE_CHARS,
    MAX_URL_CHARS,
    ChildSitemap,
    Listing,
    absolute,
    begins,
    head,
    is_web,
    iso_instant,
    language_code,
    listing,
    plain,
    rejected,
    title_text,
)
from transforms.records import ArticleLink, Reason, Rejection

MAX_SITEMAP_LINKS = 50_000  # the protocol's own limit
MAX_SITEMAP_BYTES = 50 * 1024 * 1024  # the protocol's own limit, after decompression
OLDEST_CHANGE = 1990  # there was no page before; zero dates of data bases say that nothing is known
_DAY_CHARS = len("2024-07-01")
_NEVER = datetime.min.replace(tzinfo=UTC)
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(urlset|sitemapindex)\b", re.IGNORECASE)


def read_sitemap(content: bytes, content_type: str | None, base_url: str) -> Listing | Rejection:
    """Read a sitemap (XML or text, plain or gzip), a sitemap index, or a feed used as a sitemap (all sitemaps.org protocol 0.9).

    Of dates only the news extension's ``publication_date`` counts as one of publication; ``lastmod`` becomes ``modified_at``.
    Reasons: NOT_A_FEED, EMPTY_FEED, TOO_LARGE, BAD_ENCODING, CUT_SHORT.
    """
    body = plain(content, MAX_SITEMAP_BYTES)
    if isinstance(body, Rejection):
        return body
    start = head(body)
    root = _ROOT.search(start)
    page = HTML_ROOT.search(start)
    if root is None and page is None and FEED_ROOT.search(start):
        return read_feed(body, content_type, base_url)
    if root is None and not start.lstrip().startswith("<"):
        return _read_text(body)
    if root is None or (page is not None and page.start() < root.start()):
        return rejected(Reason.NOT_A_FEED, begins(start))
    try:
        return _read_xml(body, base_url)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        return rejected(Reason.NOT_A_FEED, f"{type(error).__name__}: {error}")


def _read_xml(body: bytes, base_url: str) -> Listing | Rejection:
    links: list[ArticleLink] = []
    children: dict[str, ChildSitemap] = {}
    truncated, is_news = False, False
    events = etree.iterparse(
        io.BytesIO(body), events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for _, element in events:
        kind = _local(element.tag)
        if kind not in {"url", "sitemap"}:
            continue
        found = _fields(element)
        if len(links) + len(children) >= MAX_SITEMAP_LINKS:
            truncated = True
            break
        if found.get("loc"):
            url = absolute(found["loc"], base_url)
            if kind == "url":
                links.append(_link(url, found))
                is_news = is_news or any(name.startswith("news:") for name in found)
            else:
                children.setdefault(url, ChildSitemap(url=url, modified_at=_changed(found.get("lastmod"))))
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:  # keeps memory flat
            del parent[0]
    newest = sorted(children.values(), key=lambda c: c.modified_at or _NEVER, reverse=True)  # stable: the order of the file stays
    return listing(links, truncated=truncated, children=tuple(newest), is_news=is_news)


def _fields(element: etree._Element) -> dict[str, str]:
    """What a ``url`` or ``sitemap`` element says itself; image and video extensions have a ``loc`` and titles of their own."""
    found: dict[str, str] = {}
    for child in element.iterchildren(tag=etree.Element):
        name = _local(child.tag)
        if name in {"loc", "lastmod"} and _namespace(child.tag) == _namespace(element.tag):
            found.setdefault(name, (child.text or "").strip())
        elif name == "news":
            for leaf in child.iterdescendants(tag=etree.Element):
                found.setdefault(f"news:{_local(leaf.tag)}", (leaf.text or "").strip())
    if "loc" not in found and is_web((element.text or "").strip()):
        found["loc"] = (element.text or "").strip()  # seen in the wild: the address without its element
    return found


def _link(url: str, found: Mapping[str, str]) -> ArticleLink:
    raw = found.get("news:publication_date") or None
    return ArticleLink(
        url=url,
        title=title_text(found.get("news:title")),
        published_at=iso_instant(raw),
        published_raw=raw[:MAX_DATE_CHARS] if raw else None,
        language=language_code(found.get("news:language")),
        modified_at=_changed(found.get("lastmod")),
    )


def _changed(raw: str | None) -> datetime | None:
    """A W3C date and time as an instant; None for one without a day.

    A day alone is taken as its start in UTC, and a time without a zone as UTC: a lower bound, good to a day either way.
    """
    text = (raw or "").strip()[:MAX_DATE_CHARS]
    found = iso_instant(text)
    if found is None:
        try:
            if len(text) <= _DAY_CHARS:
                found = datetime.combine(date.fromisoformat(text), time(), UTC)
            else:
                local = datetime.fromisoformat(text)
                found = local.replace(tzinfo=UTC) if local.tzinfo is None else local.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return found if found.year >= OLDEST_CHANGE else None


def _read_text(body: bytes) -> Listing | Rejection:
    lines = [line.strip() for line in body.decode("utf-8-sig", errors="replace").splitlines()]
    lines = [line for line in lines if line]
    wrong = next((line for line in lines if not is_web(line)), None)
    if wrong is not None:
        return rejected(Reason.NOT_A_FEED, f"holds the line {wrong[:60]!r}")
    found = (ArticleLink(url=line[: MAX_URL_CHARS + 1]) for line in lines[:MAX_SITEMAP_LINKS])
    return listing(found, truncated=len(lines) > MAX_SITEMAP_LINKS)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _namespace(tag: object) -> str:
    return tag.rpartition("}")[0] if isinstance(tag, str) else ""
